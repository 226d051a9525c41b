"""The tree of RFC 6962."""
import hashlib

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
