// Verifies an exported ledger and proofs from it with other people's code: golang.org/x/mod/sumdb note and tlog, and
// github.com/transparency-dev/merkle. Prints one line and ends with 0 only if all of it holds.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

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
	vkey, err := os.ReadFile(os.Args[1])
	check(err)
	verifier, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	check(err)
	tree := checkpoint(verifier, read(os.Args[2], "checkpoint"))
	entries := bundles(os.Args[2], tree)
	everyEntry(os.Args[2], tree, entries)
	for _, file := range os.Args[3:] {
		bytes, err := os.ReadFile(file)
		check(err)
		tlogProof(verifier, string(bytes), entries)
	}
	fmt.Printf("holds: %d entries, %d proofs, root %s\n", tree.N, len(os.Args)-3, tree.Hash)
}

// checkpoint opens the note with sumdb's code and reads the three lines of a tlog-checkpoint.
func checkpoint(verifier note.Verifier, text []byte) tlog.Tree {
	opened, err := note.Open(text, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
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
func tlogProof(verifier note.Verifier, text string, entries [][]byte) {
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
	tree := checkpoint(verifier, []byte(checkpointText))
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
