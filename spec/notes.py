"""What is signed: texts that have one spelling, keys, checkpoints with their cosignatures, and proofs of one record."""
import base64, hashlib, re

from ed25519 import point, verifies_ed25519
from tree import leaf_hash, root_of_path

UNWITNESSED = "no witness has signed: that this is the only history under these keys, and the latest, is not proven"

class Bad(Exception):
    def __init__(self, index, what, where=""):
        super().__init__((f"record {index}: " if index is not None else "") + what + (f" ({where})" if where else ""))

def unbase64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text else None


def note_text(data):
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Bad(None, "it is not UTF-8")
    if any(c < " " and c != "\n" for c in text):
        raise Bad(None, "it holds control characters")
    return text


# Kinds of keys, and how long they are.
LOG, WITNESS = {1: 33, 6: 1313}, {4: 33}


class Key:
    """Of a log, or of a witness (C2SP tlog-cosignature)."""

    def __init__(self, vkey, kinds=LOG):
        parts = vkey.strip().split("+", 2)
        data = unbase64(parts[2]) if len(parts) == 3 else None
        if not data or kinds.get(data[0]) != len(data) or (data[0] != 6 and point(data[1:]) is None):
            raise ValueError("a public key looks like name+1a2b3c4d+base64, and is "
                             + ("a witness's of the kind 4" if kinds is WITNESS else "Ed25519 or ML-DSA-44"))
        self.name, self.type, self.raw = parts[0], data[0], data[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + data).digest()[:4]
        if self.id.hex() != parts[1]:
            raise ValueError(f"the key `{self.name}` does not fit its own hash: a typing error?")

    def __str__(self):
        return ("Ed25519 " if self.type == 1 else "ML-DSA-44 ") + self.id.hex()

    def verifies(self, body, size, root, signature):
        if self.type == 1:
            return verifies_ed25519(self.raw, body.encode(), signature)
        # C2SP tlog-cosignature, "ML-DSA-44 signed message"; the log signs as a cosigner of its own name.
        time, name = signature[:8], self.name.encode()
        sized = bytes([len(name)]) + name
        message = b"subtree/v1\n\0" + sized + time + sized + bytes(8) + size.to_bytes(8, "big") + root
        from mldsa import verifies_ml_dsa

        return len(time) == 8 and time[0] < 128 and verifies_ml_dsa(self.raw, message, signature[8:])


class Keys:
    """One or two keys of one log, each of another algorithm; each must have signed."""

    def __init__(self, vkeys):
        self.all = [Key(vkey) for vkey in vkeys]
        if not self.all or len({key.name for key in self.all}) > 1 or len({key.type for key in self.all}) < len(self.all):
            raise ValueError("give one key, or an Ed25519 and an ML-DSA-44 key of one log")
        self.name = self.all[0].name

    def __str__(self):
        return ", ".join(map(str, self.all))

    def open(self, note):
        return Checkpoint(note, self)

class Checkpoint:
    """C2SP tlog-checkpoint in a C2SP signed-note."""

    def __init__(self, note, keys):
        body, blank, signatures = note.rpartition("\n\n")
        lines = body.split("\n")
        root = unbase64(lines[2]) if len(lines) > 2 else None
        if not blank or not note.endswith("\n") or "" in lines or root is None or len(root) != 32 or not number(lines[1]):
            raise Bad(None, "it is no checkpoint", "checkpoint")
        if lines[0] != keys.name:
            raise Bad(None, f"the checkpoint is not of the log `{keys.name}`", "checkpoint")
        self.size, self.root, signed = int(lines[1]), root, set()
        for line in signatures[:-1].split("\n"):
            match = re.fullmatch("\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)", line)
            data = unbase64(match.group(2)) if match else None
            if data is None or len(data) < 5:
                raise Bad(None, "a signature line of the checkpoint is out of shape", "checkpoint")
            for key in keys.all:
                if match.group(1) == key.name and data[:4] == key.id:
                    if not key.verifies(body + "\n", self.size, root, data[4:]):
                        raise Bad(None, f"the signature of the checkpoint is wrong: {key}", "checkpoint")
                    signed.add(key)
        for key in keys.all:
            if key not in signed:
                raise Bad(None, f"the checkpoint is not signed by the key {key} of `{keys.name}`", "checkpoint")
        self.body, self.signatures = body + "\n", signatures[:-1].split("\n")

    def cosigned_at(self, witness):
        """The latest time at which this witness says that it signed; None if it did not."""
        times = []
        for line in self.signatures:
            _, name, data = line.split(" ")
            data = unbase64(data)
            seconds = int.from_bytes(data[4:12], "big")
            message = f"cosignature/v1\ntime {seconds}\n{self.body}".encode()
            if (name == witness.name and data[:4] == witness.id and len(data) == 76 and seconds < 1 << 63
                    and verifies_ed25519(witness.raw, message, data[12:])):
                times.append(seconds)
        return max(times, default=None)


def proven(signed, witnesses, quorum):
    """What witnesses prove, in a line; and whether it is as much as was asked for."""
    if not witnesses:
        return UNWITNESSED, True
    found = [(w.name, at) for w in witnesses for at in [signed and signed.cosigned_at(w)] if at is not None]
    counted = f"{len(found)} of {len(witnesses)} witnesses" + "".join(f", {name} at {at}" for name, at in found)
    if len(found) < quorum:
        return (f"only {counted} have cosigned, and {quorum} must: that this is the only history under these keys, and"
                " the latest, is not proven", False)
    return (f"{counted} have cosigned the first {signed.size} entries: they saw no other history of them, and none"
            " longer then; that this is the latest is not proven", True)


def number(text):
    return re.fullmatch("0|[1-9][0-9]{0,17}", text)

def parse_proof(data, known=None):
    """Index and entry of a proof, and a function that checks it with keys and gives its checkpoint."""
    head, blank, note = note_text(data).partition("\n\n")
    lines = head.split("\n")
    if not blank or lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Bad(None, "it is no proof")
    entry = unbase64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else known
    index = lines.pop(0) if lines else ""
    path = [unbase64(line) for line in lines]
    if not index.startswith("index ") or not number(index[6:]) or any(h is None or len(h) != 32 for h in path):
        raise Bad(None, "its lines are out of shape")
    if entry is None or (known is not None and entry != known):
        raise Bad(None, "the proof does not carry this entry: is --entry the right one?")
    index = int(index[6:])

    def check(keys):
        signed = keys.open(note)
        if index >= signed.size or root_of_path(leaf_hash(entry), index, signed.size, path) != signed.root:
            raise Bad(index, "it does not lead to the signed root: the entry, its index or a hash was altered")
        return signed

    return index, entry, check


def read(file, most=-1):
    with open(file, "rb") as opened:
        return opened.read(most)
