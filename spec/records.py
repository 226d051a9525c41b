"""Records: RFC 8785, counters, intents and outcomes, commitments."""
import base64, hashlib, json, re
from decimal import Decimal

from notes import Bad, number

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
        self.counters, self.open, self.disclosures, self.shown, self.unseen = {}, {}, disclosures, 0, 0

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
        open = commitments(record)
        for disclosure in self.disclosures.pop(index, ()):
            digest = base64.urlsafe_b64encode(hashlib.sha256(disclosure.encode()).digest()).decode().rstrip("=")
            if (name_of(disclosure), digest) not in open:
                raise Bad(index, "a hidden value is not the one that the entry commits to", where)
            open.remove((name_of(disclosure), digest))
            self.shown += 1
        self.unseen += len(open)


def commitments(record):
    """Where they stand: each member of `hidden`, and `out_of_line`. The same text elsewhere in an entry is none."""
    hidden = record.get("hidden")
    found = list(hidden.items()) if isinstance(hidden, dict) else []
    return found + ([("record", record["out_of_line"])] if "out_of_line" in record else [])


def name_of(disclosure):
    try:
        opened = json.loads(base64.urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)))
    except (ValueError, RecursionError):
        return None
    return opened[1] if isinstance(opened, list) and len(opened) == 3 else None


def read_disclosures(file):
    """One a line: the entry's index, then base64url(["salt","name",value])."""
    found = {}
    for line in open(file, encoding="ascii"):
        index, _, disclosure = line.rstrip("\n").partition(" ")
        if not number(index) or not re.fullmatch("[A-Za-z0-9_-]+", disclosure):
            raise ValueError("a line of the disclosures is out of shape")
        found.setdefault(int(index), []).append(disclosure)
    return found
