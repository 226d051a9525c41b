#!/usr/bin/env python3
"""Verifies Reeve's record without Reeve: an exported folder (C2SP tlog-tiles) or a proof of one record (C2SP tlog-proof).

    verify.py folder DIR --key KEY [--key KEY] [--kept CHECKPOINT] [--disclosures FILE] [--witness WKEY ... --quorum K]
    verify.py proof FILE --key KEY [--key KEY] [--entry FILE] [--successions DIR|FILE] [--witness WKEY ... --quorum K]

KEY is name+hash+base64 (Ed25519 or ML-DSA-44), or a file with one or two of them, one a line: each must have signed. WKEY, a
witness's, is the same with its own kind (Ed25519); K of the witnesses, or all, must have cosigned.
Exit code 0: all of it holds; 1: it does not; 2: it cannot be checked.
Python's standard library only; README.md beside this file describes the formats.
"""
import argparse, base64, hashlib, json, os, re, sys
from decimal import Decimal

UNWITNESSED = "no witness has signed: that this is the only history under these keys, and the latest, is not proven"


class Bad(Exception):
    def __init__(self, index, what, where=""):
        super().__init__((f"record {index}: " if index is not None else "") + what + (f" ({where})" if where else ""))


# Ed25519 (RFC 8032, section 5.1): nothing here is secret, so nothing needs constant time.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def point(data):
    y, sign = int.from_bytes(data, "little") & ((1 << 255) - 1), data[31] >> 7
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - x2) % P or (x == 0 and sign):
        return None
    return (P - x if x & 1 != sign else x, y, 1, (P - x if x & 1 != sign else x) * y % P)


def plus(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = plus(result, p)
        p, n = plus(p, p), n >> 1
    return result


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def verifies_ed25519(key, text, signature):
    if len(signature) != 64:
        return False
    a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    left, right = times(s, BASE), plus(r, times(k, a))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


# ML-DSA-44 (FIPS 204, algorithms 3 and 8): polynomials of 256 coefficients modulo Q.
Q, GAMMA1, GAMMA2, BETA, OMEGA = 8380417, 1 << 17, 95232, 78, 80
ZETAS = [pow(1753, int(f"{i:08b}"[::-1], 2), Q) for i in range(256)]


def ntt(w):
    w, m, length = w[:], 0, 128
    while length:
        for start in range(0, 256, 2 * length):
            m += 1
            for j in range(start, start + length):
                t = ZETAS[m] * w[j + length] % Q
                w[j], w[j + length] = (w[j] + t) % Q, (w[j] - t) % Q
        length //= 2
    return w


def inverse_ntt(w):
    w, m, length = w[:], 256, 1
    while length < 256:
        for start in range(0, 256, 2 * length):
            m -= 1
            for j in range(start, start + length):
                t, w[j] = w[j], (w[j] + w[j + length]) % Q
                w[j + length] = -ZETAS[m] * (t - w[j + length]) % Q
        length *= 2
    return [x * 8347681 % Q for x in w]


def unpack(data, bits):
    number = int.from_bytes(data, "little")
    return [number >> (bits * i) & (1 << bits) - 1 for i in range(256)]


def uniform(seed):
    """RejNTTPoly. So many bytes give 256 coefficients but once in 2^128 or so."""
    data = hashlib.shake_128(seed).digest(3 * 512)
    found = [data[i] | data[i + 1] << 8 | (data[i + 2] & 127) << 16 for i in range(0, len(data), 3)]
    return [x for x in found if x < Q][:256]


def in_ball(seed):
    """39 coefficients of 1 or -1."""
    data, c, at = hashlib.shake_256(seed).digest(1024), [0] * 256, 8
    signs = int.from_bytes(data[:8], "little")
    for i in range(217, 256):
        while data[at] > i:
            at += 1
        c[i], c[data[at]] = c[data[at]], 1 - 2 * (signs & 1)
        at, signs = at + 1, signs >> 1
    return c


def hints(data):
    """The set of places for each of four polynomials; None if it is not in its one spelling."""
    found, at = [], 0
    for i in range(4):
        end = data[OMEGA + i]
        places = list(data[at:end])
        if end < at or end > OMEGA or places != sorted(set(places)):
            return None
        found.append(set(places))
        at = end
    return None if any(data[at:OMEGA]) else found


def use_hint(hinted, r):
    low = r % (2 * GAMMA2)
    low -= 2 * GAMMA2 if low > GAMMA2 else 0
    high, low = (0, low - 1) if r - low == Q - 1 else ((r - low) // (2 * GAMMA2), low)
    return (high + (1 if low > 0 else -1)) % 44 if hinted else high


def verifies_ml_dsa(key, message, signature):
    if len(signature) != 2420:
        return False
    z = [[GAMMA1 - x for x in unpack(signature[32 + 576 * i : 608 + 576 * i], 18)] for i in range(4)]
    h = hints(signature[2336:])
    if h is None or any(abs(x) >= GAMMA1 - BETA for poly in z for x in poly):
        return False
    mu = hashlib.shake_256(hashlib.shake_256(key).digest(64) + b"\0\0" + message).digest(64)
    c, z, w1 = ntt(in_ball(signature[:32])), [ntt([x % Q for x in poly]) for poly in z], b""
    for row in range(4):
        w = [-x * y % Q for x, y in zip(c, ntt([t << 13 for t in unpack(key[32 + 320 * row : 352 + 320 * row], 10)]))]
        for column in range(4):
            w = [(x + a * y) % Q for x, a, y in zip(w, uniform(key[:32] + bytes([column, row])), z[column])]
        high = [use_hint(i in h[row], r) for i, r in enumerate(inverse_ntt(w))]
        w1 += sum(x << 6 * i for i, x in enumerate(high)).to_bytes(192, "little")
    return hashlib.shake_256(mu + w1).digest(32) == signature[:32]


# Texts: each has one spelling.
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


class Ring:
    """The keys that were given, and those that followed them: each counts for the sizes at which it was in force."""

    def __init__(self, given):
        self.name, self.sets, self.crossed, self.story, self.earlier = given.name, [(given, 0, None)], [], [], []

    def follow(self, path):
        """Takes the steps of a folder; or the one of a file."""
        if not os.path.isdir(path):
            return self.step(path, path, False, False)
        names = sorted(name for name in os.listdir(path) if re.fullmatch("succession-[0-9]{6}", name))
        if len(names) > 1000:
            raise Bad(None, "there are too many successions")
        begun = False
        for at, name in enumerate(names):
            if name != f"succession-{at + 1:06d}":
                raise Bad(None, "a succession is missing", f"succession-{at + 1:06d}")
            # A crash can leave the last one unfinished; the keys before it sign then.
            begun = self.step(os.path.join(path, name), name, begun, at + 1 == len(names))

    def step(self, file, name, begun, may_be_unfinished):
        try:
            before, after, index, entry, proof = succession(read(file, 1 << 18))
        except (Bad, ValueError, TypeError, KeyError, AttributeError):
            if may_be_unfinished:
                return begun
            raise Bad(None, "a succession is damaged", name)
        keys, since, _ = self.sets[-1]
        if not begun and not {key.id for key in keys.all} <= {key.id for key in before.all}:
            self.earlier.append(before)
            return False
        try:
            if not {str(key) + key.raw.hex() for key in keys.all} <= {str(key) + key.raw.hex() for key in before.all}:
                raise Bad(None, "it is about other keys")
            signed = proof(keys)
            if signed.size < since or after.name != self.name:
                raise Bad(None, "it is of another log, or older than the one before it")
        except Bad:
            raise Bad(index, f"the keys that are to follow {keys} were not named under their signature", name)
        self.sets[-1:] = [(keys, since, signed.size), (after, signed.size, None)]
        self.crossed.append(signed)
        self.story.append(f"named in record {index} under {before}")
        return True

    def open(self, note):
        for at, (keys, since, until) in reversed(list(enumerate(self.sets))):
            try:
                signed = Checkpoint(note, keys)
                signed.by = at
                if signed.size >= since and (until is None or signed.size <= until):
                    return signed
            except Bad as e:
                first = e if keys is self.sets[-1][0] else first
        raise first if len(self.sets) == 1 else Bad(None, f"the checkpoint is not signed by the keys {self.sets[-1][0]}", "checkpoint")

    def open_kept(self, note):
        """For a comparison: what keys of before the given ones signed will do too."""
        for keys in self.earlier:
            try:
                return Checkpoint(note, keys)
            except Bad:
                pass
        return self.open(note)

    def signers(self, signed):
        return ", ".join([str(self.sets[signed.by][0])] + self.story[:signed.by])


def succession(data):
    """The keys of before and after that a proof's entry names, and a function that checks the proof with keys."""
    index, entry, check = parse_proof(data)
    record = json.loads(entry.decode("utf-8"), object_pairs_hook=members)
    names = ["act", "counter", "id", "kind", "new_keys", "node", "old_keys", "person", "subject", "time", "v"]
    if list(record) != names or record["act"] != "ledger_keys" or record["kind"] != "control":
        raise ValueError("it is no succession")
    return Keys(record["old_keys"]), Keys(record["new_keys"]), index, entry, check


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


# The tree of RFC 6962.
def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """Its right edge: enough to add leaves and to know the root."""

    def __init__(self):
        self.size, self.edge = 0, {}

    def add(self, leaf):
        """Adds a leaf hash; gives the (level, index, hash) of the tiles above the leaves that it completes."""
        height, hash, made = 0, leaf, []
        while self.size >> height & 1:
            hash, height = node_hash(self.edge[height], hash), height + 1
            if height % 8 == 0:
                made.append((height // 8, self.size >> height, hash))
        self.edge[height], self.size = hash, self.size + 1
        return made

    def root(self):
        hash = None
        for height in range(64):
            if self.size >> height & 1:
                hash = self.edge[height] if hash is None else node_hash(self.edge[height], hash)
        return hash if hash is not None else hashlib.sha256(b"").digest()


def root_of_path(leaf, index, size, path):
    """RFC 9162, section 2.1.3.2; None if the path does not fit."""
    node, last, hash = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            hash = node_hash(sibling, hash)
            while not node & 1:
                node, last = node >> 1, last >> 1
        else:
            hash = node_hash(hash, sibling)
        node, last = node >> 1, last >> 1
    return hash if last == 0 else None


# Records: RFC 8785, counters, intents and outcomes, commitments.
def canonical(value):
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return value.text if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)


class Number:
    """As ECMAScript writes it; one that no double holds keeps its own text."""

    def __init__(self, text):
        value = Decimal(repr(float(text)))
        self.text = laid_out(value) if value.is_finite() and Decimal(text) == value else text


def laid_out(value):
    sign, digits, exponent = value.normalize().as_tuple()
    digits, point_at = "".join(map(str, digits)), exponent + len(digits)
    if not value:
        return "0"
    if len(digits) <= point_at <= 21:
        text = digits + "0" * (point_at - len(digits))
    elif 0 < point_at <= 21:
        text = digits[:point_at] + "." + digits[point_at:]
    elif -6 < point_at <= 0:
        text = "0." + "0" * -point_at + digits
    else:
        text = digits[0] + "." * (len(digits) > 1) + digits[1:] + f"e{point_at - 1:+d}"
    return "-" * sign + text


def members(pairs):
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def constant(text):
    raise ValueError(text + " is no JSON")


class Records:
    """What the tree cannot say: whether the records make sense."""

    def __init__(self, disclosures):
        self.counters, self.open, self.disclosures, self.shown = {}, {}, disclosures, 0

    def check(self, index, entry, where):
        try:
            record = json.loads(entry.decode("utf-8"), object_pairs_hook=members, parse_int=Number, parse_float=Number,
                                parse_constant=constant)
            form = canonical(record).encode("utf-8")
        except (ValueError, RecursionError) as e:
            raise Bad(index, f"it is not JSON: {e}", where)
        if form != entry or not isinstance(record, dict):
            raise Bad(index, "it is not canonical JSON (RFC 8785)", where)
        node, counter = record.get("node"), getattr(record.get("counter"), "text", "")
        if not isinstance(node, str) or not node or not number(counter):
            raise Bad(index, "it has no node and counter", where)
        before, self.counters[node] = self.counters.get(node), int(counter)
        if before is not None and int(counter) != before + 1:
            raise Bad(index, f"the counter of node `{node}` goes from {before} to {counter}", where)
        kind, id = record.get("kind"), canonical(record.get("id"))
        if kind == "intent":
            self.open[id] = index
        elif kind == "outcome" and self.open.pop(id, None) is None:
            raise Bad(index, "an outcome without an intent before it", where)
        for disclosure in self.disclosures.pop(index, ()):
            digest = base64.urlsafe_b64encode(hashlib.sha256(disclosure.encode()).digest()).decode().rstrip("=")
            if f'"{digest}"'.encode() not in entry:
                raise Bad(index, "a hidden value is not the one that the entry commits to", where)
            self.shown += 1


def read_disclosures(file):
    """One a line: the entry's index, then base64url(["salt","name",value])."""
    found = {}
    for line in open(file, encoding="ascii"):
        index, _, disclosure = line.rstrip("\n").partition(" ")
        if not number(index) or not re.fullmatch("[A-Za-z0-9_-]+", disclosure):
            raise ValueError("a line of the disclosures is out of shape")
        found.setdefault(int(index), []).append(disclosure)
    return found


# A folder of tlog-tiles.
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
    if newer:
        print("warning: the keys changed after this state: an export was not finished, or an older checkpoint was put back")
    if records.open:
        print(f"warning: {len(records.open)} intents have no outcome: they ran when this was signed, or were cut off")


def compare(known, tree):
    for state, what in known:
        if state.size == tree.size and state.root != tree.root():
            raise Bad(None, f"the first {state.size} entries are not those of {what}")


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


def ring_of(keys, steps):
    ring = Ring(keys)
    if steps:
        ring.follow(steps)
        if len(ring.sets) == 1 and not ring.earlier:
            raise Bad(None, "it is no succession, and no folder that has one", steps)
    return ring


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


def read(file, most=-1):
    with open(file, "rb") as opened:
        return opened.read(most)


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
