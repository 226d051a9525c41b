"""Keys that were followed by others."""
import json, os, re

from notes import Bad, Checkpoint, Keys, parse_proof, read
from records import members

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
        first = None
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

def ring_of(keys, steps):
    ring = Ring(keys)
    if steps:
        ring.follow(steps)
        if len(ring.sets) == 1 and not ring.earlier:
            raise Bad(None, "it is no succession, and no folder that has one", steps)
    return ring
