// A log that is not ours, which asks a witness for cosignatures, with other people's code: golang.org/x/mod/sumdb note and tlog for its
// tree and notes, filippo.io/torchwood for cosignatures. Prints one line and ends with 0 only if the witness did what
// c2sp.org/tlog-witness says.
//
//	client key DIR                 makes a log's key in DIR and prints its verifier key
//	client ask DIR URL VKEY FROM TO  grows the log and asks for cosignatures from size FROM to TO, one size after the other
//	client hammer DIR URL VKEY       grows the log and asks until the witness is gone; prints each size that was cosigned
//	client state DIR URL             prints the size that the witness knows
//	client read URL LOGKEY TOKEN    reads every entry of a log over HTTP, sixty-four tiles at a time
//	client verify NOTE LOGKEY K VKEY...  whether at least K of these witnesses have cosigned the checkpoint in the file NOTE
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"filippo.io/torchwood"
	cosignatures "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const origin = "example.com/a-log-of-others"

func main() {
	switch {
	case len(os.Args) == 3 && os.Args[1] == "key":
		skey, vkey, err := note.GenerateKey(rand.Reader, origin)
		check(err)
		check(os.WriteFile(filepath.Join(os.Args[2], "log.key"), []byte(skey), 0o600))
		fmt.Println(vkey)
	case len(os.Args) == 7 && os.Args[1] == "ask":
		ask(os.Args[2], os.Args[3], os.Args[4], number(os.Args[5]), number(os.Args[6]))
	case len(os.Args) == 5 && os.Args[1] == "hammer":
		hammer(os.Args[2], os.Args[3], os.Args[4])
	case len(os.Args) == 4 && os.Args[1] == "state":
		fmt.Println(known(newLog(os.Args[2]), os.Args[3]))
	case len(os.Args) == 5 && os.Args[1] == "read":
		readAll(os.Args[2], os.Args[3], os.Args[4])
	case len(os.Args) >= 6 && os.Args[1] == "verify":
		verify(os.Args[2], os.Args[3], number(os.Args[4]), os.Args[5:])
	default:
		fail("usage: client key DIR | ask DIR URL VKEY FROM TO | hammer DIR URL VKEY | state DIR URL | read URL LOGKEY TOKEN | verify NOTE LOGKEY K VKEY...")
	}
}

// log is a tree in memory, kept by sumdb's code.
type log struct {
	hashes []tlog.Hash
	size   int64
	signer note.Signer
}

func (l *log) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, index := range indexes {
		found = append(found, l.hashes[index])
	}
	return found, nil
}

func (l *log) growTo(size int64, salt string) {
	for ; l.size < size; l.size++ {
		more, err := tlog.StoredHashes(l.size, []byte(fmt.Sprintf("%s entry %d", salt, l.size)), l)
		check(err)
		l.hashes = append(l.hashes, more...)
	}
}

func (l *log) checkpoint() []byte {
	root, err := tlog.TreeHash(l.size, l)
	check(err)
	text := torchwood.Checkpoint{Origin: origin, Tree: tlog.Tree{N: l.size, Hash: root}}.String()
	signed, err := note.Sign(&note.Note{Text: text}, l.signer)
	check(err)
	return signed
}

func (l *log) request(from int64) []byte {
	var body bytes.Buffer
	fmt.Fprintf(&body, "old %d\n", from)
	if from > 0 && from < l.size {
		proof, err := tlog.ProveTree(l.size, from, l)
		check(err)
		for _, hash := range proof {
			fmt.Fprintf(&body, "%s\n", hash)
		}
	}
	body.WriteString("\n")
	body.Write(l.checkpoint())
	return body.Bytes()
}

func newLog(folder string) *log {
	skey, err := os.ReadFile(filepath.Join(folder, "log.key"))
	check(err)
	signer, err := note.NewSigner(string(skey))
	check(err)
	return &log{signer: signer}
}

// known asks with a size that no log of ours reaches, so that the witness answers with its own.
func known(l *log, url string) int64 {
	l.growTo(1, "first")
	status, body, err := try(url, append([]byte("old 1\n\n"), l.checkpoint()...))
	check(err)
	if status == 200 {
		return 1
	}
	if status != 409 {
		fail(fmt.Sprintf("%d %s", status, body))
	}
	return number(strings.TrimSpace(body))
}

func hammer(folder, url, vkey string) {
	witness, err := cosignatures.NewVerifierForCosignatureV1(vkey)
	check(err)
	ours := newLog(folder)
	old := known(ours, url)
	ours.growTo(old, "first")
	for {
		ours.growTo(old+1, "first")
		status, body, err := try(url, ours.request(old))
		if err != nil {
			break
		}
		if status != 200 {
			fail(fmt.Sprintf("size %d from %d: %d %s", old+1, old, status, body))
		}
		_, err = note.Open(append(ours.checkpoint(), body...), note.VerifierList(witness))
		check(err)
		old++
		fmt.Println(old)
	}
}

func ask(folder, url, vkey string, from, to int64) {
	witness, err := cosignatures.NewVerifierForCosignatureV1(vkey)
	check(err)
	ours, fork := newLog(folder), newLog(folder)
	cosigned, old := 0, from
	for size := max(1, from); size <= to; size++ {
		ours.growTo(size, "first")
		status, body := post(url, ours.request(old))
		if status != 200 {
			fail(fmt.Sprintf("size %d from %d: %d %s", size, old, status, body))
		}
		signed := append(ours.checkpoint(), body...)
		opened, err := note.Open(signed, note.VerifierList(witness))
		check(err)
		when, err := cosignatures.CoSigV1Timestamp(opened.Sigs[0])
		check(err)
		if age := time.Now().Unix() - when.Unix(); age < -60 || age > 60 {
			fail(fmt.Sprintf("signed %d seconds ago", age))
		}
		cosigned, old = cosigned+1, size
	}
	// What no witness may take: an older state, another history, and a size that it does not know.
	if status, body := post(url, ours.request(to-1)); status != 409 || body != fmt.Sprintf("%d\n", to) {
		fail(fmt.Sprintf("an old size of before: %d %q", status, body))
	}
	fork.growTo(to+5, "second")
	if status, body := post(url, fork.request(to)); status != 422 {
		fail(fmt.Sprintf("another history: %d %q", status, body))
	}
	fmt.Printf("cosigned: %d checkpoints, the last of %d entries\n", cosigned, to)
}

func post(url string, body []byte) (int, string) {
	status, text, err := try(url, body)
	check(err)
	return status, text
}

var client = http.Client{Timeout: 20 * time.Second}

func try(url string, body []byte) (int, string, error) {
	answer, err := client.Post(url+"/add-checkpoint", "text/plain", bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
	return answer.StatusCode, string(text), err
}

func verify(file, logKey string, quorum int64, vkeys []string) {
	text, err := os.ReadFile(file)
	check(err)
	ofLog, err := note.NewVerifier(strings.TrimSpace(logKey))
	check(err)
	_, err = note.Open(text, note.VerifierList(ofLog))
	check(err)
	found := int64(0)
	for _, vkey := range vkeys {
		witness, err := cosignatures.NewVerifierForCosignatureV1(vkey)
		check(err)
		if _, err := note.Open(text, note.VerifierList(witness)); err == nil {
			found++
		}
	}
	if found < quorum {
		fail(fmt.Sprintf("%d of %d cosignatures", found, quorum))
	}
	fmt.Printf("holds: %d cosignatures\n", found)
}

// token is sent with every request.
type token string

func (t token) RoundTrip(request *http.Request) (*http.Response, error) {
	if t != "" {
		request.Header.Set("Authorization", "Bearer "+string(t))
	}
	return http.DefaultTransport.RoundTrip(request)
}

// readAll lets torchwood's client fetch the tiles and entries; it checks each entry against the signed root.
func readAll(url, logKey, bearer string) {
	ofLog, err := note.NewVerifier(strings.TrimSpace(logKey))
	check(err)
	fetcher, err := torchwood.NewTileFetcher(url, torchwood.WithConcurrencyLimit(64),
		torchwood.WithHTTPClient(&http.Client{Transport: token(bearer), Timeout: 30 * time.Second}))
	check(err)
	text, err := fetcher.ReadEndpoint(context.Background(), "checkpoint")
	check(err)
	opened, err := note.Open(text, note.VerifierList(ofLog))
	check(err)
	signed, err := torchwood.ParseCheckpoint(opened.Text)
	check(err)
	client, err := torchwood.NewClient(fetcher)
	check(err)
	read := int64(0)
	for range client.Entries(context.Background(), signed.Tree, 0) {
		read++
	}
	check(client.Err())
	if read < signed.N/256*256 {
		fail(fmt.Sprintf("%d of %d entries", read, signed.N))
	}
	// The client leaves the last, partial bundle for later: its entries are read one by one.
	for ; read < signed.N; read++ {
		_, _, err := client.Entry(context.Background(), signed.Tree, read)
		check(err)
	}
	fmt.Printf("read: %d entries\n", read)
}

func number(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	check(err)
	return n
}

func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(why string) {
	fmt.Fprintln(os.Stderr, "DOES NOT HOLD: "+why)
	os.Exit(1)
}
