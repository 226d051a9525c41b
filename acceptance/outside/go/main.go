// Verifies an exported ledger and proofs from it with other people's code: golang.org/x/mod/sumdb note and tlog, and
// github.com/transparency-dev/merkle; the signatures of ML-DSA-44 with github.com/cloudflare/circl. Prints one line and ends with 0 only if all of it holds.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/cloudflare/circl/sign/mldsa/mldsa44"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

func main() {
	if len(os.Args) < 3 {
		fail("usage: verifier KEYFILE LOG-FOLDER [PROOF...]")
	}
	vkeys, err := os.ReadFile(os.Args[1])
	check(err)
	lines := strings.Split(strings.TrimSpace(string(vkeys)), "\n")
	if len(lines) != 2 {
		fail("the key file has not two lines")
	}
	ed25519, err := note.NewVerifier(lines[0])
	check(err)
	verifiers := []note.Verifier{ed25519, newCosigner(lines[1])}
	tree := checkpoint(verifiers, read(os.Args[2], "checkpoint"))
	entries := bundles(os.Args[2], tree)
	everyEntry(os.Args[2], tree, entries)
	for _, file := range os.Args[3:] {
		bytes, err := os.ReadFile(file)
		check(err)
		tlogProof(verifiers, string(bytes), entries)
	}
	fmt.Printf("holds: %d entries, %d proofs, root %s\n", tree.N, len(os.Args)-3, tree.Hash)
}

// cosigner verifies C2SP tlog-cosignature's ML-DSA-44 signatures of the log itself.
type cosigner struct {
	name string
	hash uint32
	key  mldsa44.PublicKey
}

func newCosigner(vkey string) *cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	typed, err := base64.StdEncoding.DecodeString(parts[2])
	check(err)
	if typed[0] != 6 {
		fail("the second key is not of type 6")
	}
	digest := sha256.Sum256(append([]byte(parts[0]+"\n"), typed...))
	if hex.EncodeToString(digest[:4]) != parts[1] {
		fail("the second key does not fit its hash")
	}
	c := &cosigner{name: parts[0], hash: binary.BigEndian.Uint32(digest[:4])}
	check(c.key.UnmarshalBinary(typed[1:]))
	return c
}

func (c *cosigner) Name() string { return c.name }

func (c *cosigner) KeyHash() uint32 { return c.hash }

func (c *cosigner) Verify(text, signature []byte) bool {
	lines := strings.Split(string(text), "\n")
	size, err := strconv.ParseUint(lines[1], 10, 63)
	check(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	check(err)
	message := append([]byte("subtree/v1\n\x00"), byte(len(c.name)))
	message = append(message, c.name...)
	message = append(message, signature[:8]...)
	message = append(message, byte(len(lines[0])))
	message = append(message, lines[0]...)
	message = binary.BigEndian.AppendUint64(message, 0)
	message = binary.BigEndian.AppendUint64(message, size)
	message = append(message, root...)
	return mldsa44.Verify(&c.key, message, nil, signature[8:])
}

// checkpoint opens the note with sumdb's code, for which each of the keys must have signed, and reads the three lines of a
// tlog-checkpoint.
func checkpoint(verifiers []note.Verifier, text []byte) tlog.Tree {
	opened, err := note.Open(text, note.VerifierList(verifiers...))
	check(err)
	if len(opened.Sigs) != len(verifiers) {
		fail(fmt.Sprintf("%d of %d keys have signed", len(opened.Sigs), len(verifiers)))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifiers[0].Name() {
		fail("the checkpoint is of " + lines[0])
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return tlog.Tree{N: size, Hash: root}
}

// reader gives sumdb's tlog the tiles of the folder; it checks each against the root before it is used.
type reader struct{ folder string }

func (r reader) Height() int { return height }

func (r reader) SaveTiles([]tlog.Tile, [][]byte) {}

func (r reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		// sumdb writes tile/8/L/N, the specification tile/L/N.
		bytes, err := os.ReadFile(filepath.Join(r.folder, strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		all = append(all, bytes)
	}
	return all, nil
}

// bundles reads every entry.
func bundles(folder string, tree tlog.Tree) [][]byte {
	var entries [][]byte
	for n := int64(0); n*256 < tree.N; n++ {
		tile := tlog.Tile{H: height, L: 0, N: n, W: int(min(256, tree.N-n*256))}
		data := read(folder, strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1))
		for len(data) > 0 {
			length := int(binary.BigEndian.Uint16(data))
			entries = append(entries, data[2:2+length])
			data = data[2+length:]
		}
	}
	if int64(len(entries)) != tree.N {
		fail(fmt.Sprintf("there are %d entries, not %d", len(entries), tree.N))
	}
	return entries
}

// everyEntry proves each entry twice: by sumdb's tlog from the tiles, and by transparency-dev's merkle from that proof.
func everyEntry(folder string, tree tlog.Tree, entries [][]byte) {
	hashes := tlog.TileHashReader(tree, reader{folder})
	for i, entry := range entries {
		hash := tlog.RecordHash(entry)
		path, err := tlog.ProveRecord(tree.N, int64(i), hashes)
		check(err)
		check(tlog.CheckRecord(path, tree.N, tree.Hash, int64(i), hash))
		var nodes [][]byte
		for _, node := range path {
			nodes = append(nodes, append([]byte(nil), node[:]...))
		}
		leaf := rfc6962.DefaultHasher.HashLeaf(entry)
		check(proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(i), uint64(tree.N), leaf, nodes, tree.Hash[:]))
	}
}

// tlogProof verifies one C2SP tlog-proof.
func tlogProof(verifiers []note.Verifier, text string, entries [][]byte) {
	head, checkpointText, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		fail("no proof")
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	check(err)
	index, err := strconv.ParseUint(strings.TrimPrefix(lines[2], "index "), 10, 63)
	check(err)
	var path [][]byte
	for _, line := range lines[3:] {
		hash, err := base64.StdEncoding.DecodeString(line)
		check(err)
		path = append(path, hash)
	}
	tree := checkpoint(verifiers, []byte(checkpointText))
	leaf := rfc6962.DefaultHasher.HashLeaf(entry)
	check(proof.VerifyInclusion(rfc6962.DefaultHasher, index, uint64(tree.N), leaf, path, tree.Hash[:]))
	if !bytes.Equal(entry, entries[index]) {
		fail("the proof is about another entry than the folder has")
	}
}

func read(folder, name string) []byte {
	bytes, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
	check(err)
	return bytes
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
