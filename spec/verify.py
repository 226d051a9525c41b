#!/usr/bin/env python3
"""Verifies Reeve's record without Reeve: an exported folder (C2SP tlog-tiles) or a proof of one record (C2SP tlog-proof).

    verify.py folder DIR --key KEY [--key KEY] [--kept CHECKPOINT] [--disclosures FILE] [--witness WKEY ... --quorum K]
    verify.py proof FILE --key KEY [--key KEY] [--entry FILE] [--successions DIR|FILE] [--witness WKEY ... --quorum K]

KEY is name+hash+base64 (Ed25519 or ML-DSA-44), or a file with one or two of them, one a line: each must have signed. WKEY, a
witness's, is the same with its own kind (Ed25519); K of the witnesses, or all, must have cosigned.
Exit code 0: all of it holds; 1: it does not; 2: it cannot be checked.
Python's standard library and the files beside this one only; README.md describes the formats.
"""
import argparse, base64, json, os, sys

from notes import WITNESS, Bad, Key, Keys, note_text, parse_proof, proven, read
from records import Records, read_disclosures
from successions import Ring, ring_of
from tree import Tree, leaf_hash


class Folder:
    def __init__(self, path, size):
        self.path, self.size, self.last = path, size, {}

    def name(self, level, index):
        width = self.width(level, index)
        digits = [f"{index % 1000:03d}"]
        while index >= 1000:
            index //= 1000
            digits.insert(0, f"x{index % 1000:03d}")
        return f"tile/{level}/" + "/".join(digits) + (f".p/{width}" if width < 256 else "")

    def width(self, level, index):
        hashes = self.size >> (0 if level == "entries" else 8 * level)
        return max(0, min(256, hashes - 256 * index))

    def read(self, level, index, first=None):
        name = self.name(level, index)
        try:
            with open(os.path.join(self.path, name), "rb") as file:
                return file.read(256 * 65537 + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise Bad(first, "the file is missing", name)

    def tile(self, level, index):
        if self.last.get(level, (None,))[0] != index:
            data = self.read(level, index)
            if len(data) != 32 * self.width(level, index):
                raise Bad(None, f"the tile does not have {self.width(level, index)} hashes", self.name(level, index))
            self.last[level] = (index, data)
        return self.last[level][1]

    def stored(self, level, index):
        at = index % 256 * 32
        return self.tile(level, index // 256)[at : at + 32]

    def entries(self, index):
        name, data, at = self.name("entries", index), self.read("entries", index, 256 * index), 0
        for i in range(256 * index, 256 * index + self.width("entries", index)):
            length = int.from_bytes(data[at : at + 2], "big")
            if at + 2 + length > len(data):
                raise Bad(i, "the bundle ends within this entry, or before it", name)
            yield i, data[at + 2 : at + 2 + length], f"{name} at byte {at}"
            at += 2 + length
        if at < len(data):
            raise Bad(256 * index + self.width("entries", index), "something stands behind the last entry", name)


def opened_folder(path, given):
    """Its checkpoint, and the keys that were followed to it."""
    keys = Ring(given)
    try:
        with open(os.path.join(path, "checkpoint"), "rb") as file:
            note = note_text(file.read(1 << 16))
        keys.follow(path)
    except (FileNotFoundError, NotADirectoryError):
        raise Bad(None, "the checkpoint is missing", "checkpoint")
    return keys.open(note), keys


def verify_folder(path, given, kept, records):
    signed, keys = opened_folder(path, given)
    known = [(keys.open_kept(kept), "the kept checkpoint")] if kept else []
    newer = [crossed for crossed in keys.crossed if crossed.size > signed.size]
    known += [(crossed, "the checkpoint where the keys changed") for crossed in keys.crossed if crossed not in newer]
    for state, what in known:
        if state.size > signed.size:
            raise Bad(signed.size, f"{what} has {state.size} entries: this is an older state, or was cut off")
    folder, ours, theirs = Folder(path, signed.size), Tree(), Tree()
    differs = above = senseless = None
    try:
        for bundle in range((signed.size + 255) // 256):
            for index, entry, where in folder.entries(bundle):
                compare(known, ours)
                hash = leaf_hash(entry)
                if not differs and folder.stored(0, index) != hash:
                    differs = (index, where)
                theirs.add(folder.stored(0, index))
                for level, at, node in ours.add(hash):
                    if not above and folder.stored(level, at) != node:
                        above = (at << 8 * level, folder.name(level, at // 256))
                try:
                    if not senseless:
                        records.check(index, entry, where)
                except Bad as e:
                    senseless = e  # Told only if the tree holds: else it follows from what was altered.
    except Bad:
        if differs:
            raise Bad(differs[0], "the entry was altered", differs[1])
        raise
    compare(known, ours)
    holds = ours.root() == signed.root
    if differs:
        raise Bad(differs[0], "the stored hash of this entry was altered; the entry is as signed" if holds else
                  "the entry was altered" if theirs.root() == signed.root else
                  "the entry was altered, or its stored hash, and it is not all that was", differs[1])
    if above:
        raise Bad(above[0], "a stored hash over the entries from here was altered; they are as signed" if holds else
                  "one of the entries from here was altered, and its stored hash with it", above[1])
    if not holds:
        raise Bad(None, "the entries do not give the signed root; the stored hashes were altered with them")
    if senseless:
        raise senseless
    if records.disclosures:
        raise Bad(min(records.disclosures), "there is no such entry, but a disclosure for it")
    print(f"holds: {signed.size} records, root {base64.b64encode(signed.root).decode()}")
    print(f"signatures checked: {keys.signers(signed)}")
    if records.shown:
        print(f"{records.shown} hidden values are those that the entries commit to")
    if records.unseen:
        print(f"{records.unseen} hidden values were not shown: erased, or left out")
    if newer:
        print("warning: the keys changed after this state: an export was not finished, or an older checkpoint was put back")
    if records.open:
        print(f"warning: {len(records.open)} intents have no outcome: they ran when this was signed, or were cut off")


def compare(known, tree):
    for state, what in known:
        if state.size == tree.size and state.root != tree.root():
            raise Bad(None, f"the first {state.size} entries are not those of {what}")


def verify_proof(data, keys, known, steps):
    ring = ring_of(keys, steps)
    index, entry, check = parse_proof(data, known)
    signed = check(ring)
    print(f"holds: record {index} of {signed.size} in the log `{keys.name}`")
    print(f"signatures checked: {ring.signers(signed)}")
    print("record: " + json.dumps(entry.decode("utf-8", "replace")))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["folder", "proof"])
    parser.add_argument("path")
    parser.add_argument("--key", required=True, action="append")
    for name in ("--kept", "--disclosures", "--entry", "--successions"):
        parser.add_argument(name)
    parser.add_argument("--witness", action="append", default=[])
    parser.add_argument("--quorum", type=int)
    return parser.parse_args()


def text_of(key):
    return read(key).decode() if os.path.exists(key) else key


def checked_quorum(given):
    witnesses = [Key(text_of(witness), WITNESS) for witness in given.witness]
    quorum = len(witnesses) if given.quorum is None else given.quorum
    if given.quorum is not None and not 1 <= quorum <= len(witnesses):
        raise ValueError(f"a quorum of {quorum} cannot be had of {len(witnesses)} witnesses")
    if len({witness.raw for witness in witnesses}) < len(witnesses):
        raise ValueError("two witnesses have the same key: it counts once")
    return witnesses, quorum


def signed_state(given, keys, proof):
    """The checkpoint, if it can be read: what is wrong with it is said later."""
    try:
        if not proof:
            return opened_folder(given.path, keys)[0]
        return ring_of(keys, given.successions).open(note_text(proof).partition("\n\n")[2])
    except (Bad, OSError):
        return None


def main():
    given = arguments()
    try:
        keys = Keys([line for key in given.key for line in text_of(key).splitlines() if line.strip()])
        witnesses, quorum = checked_quorum(given)
        kept = note_text(read(given.kept)) if given.kept else None
        records = Records(read_disclosures(given.disclosures) if given.disclosures else {})
        known = read(given.entry) if given.entry else None
        proof = read(given.path) if given.what == "proof" else None
        if given.successions and not os.path.exists(given.successions):
            raise ValueError(f"there is no {given.successions}")
    except (OSError, ValueError, Bad) as e:
        print(f"cannot be checked: {e}", file=sys.stderr)
        return 2
    line, enough = proven(signed_state(given, keys, proof), witnesses, quorum)
    print(line)
    try:
        if given.what == "proof":
            verify_proof(proof, keys, known, given.successions)
        else:
            verify_folder(given.path, keys, kept, records)
        if not enough:
            raise Bad(None, line, "checkpoint")
        return 0
    except Bad as e:
        print("DOES NOT HOLD: " + json.dumps(str(e), ensure_ascii=True)[1:-1])
        return 1


if __name__ == "__main__":
    sys.exit(main())
