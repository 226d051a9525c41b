module reeve.example/verifier

go 1.24

require (
	github.com/transparency-dev/merkle v0.0.2
	golang.org/x/mod v0.27.0
)

require (
	github.com/cloudflare/circl v1.6.1
	golang.org/x/sys v0.10.0 // indirect
)
