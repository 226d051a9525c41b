package dev.reeve.ledger;

import dev.reeve.json.PlainObject;
import java.util.Arrays;
import java.util.Optional;

/** An entry where it stands among others, and what one pass over its bytes found. One object for many entries, one after the other. */
public final class Leaf {
    private final PlainObject members = new PlainObject();
    private byte[] bytes = new byte[0];
    private long index;
    private int offset;
    private int length;
    private boolean plain;

    Leaf() {}

    void set(long newIndex, byte[] in, int at, int bytesOfIt) {
        index = newIndex;
        bytes = in;
        offset = at;
        length = bytesOfIt;
        plain = members.read(in, at, at + bytesOfIt);
    }

    public long index() {
        return index;
    }

    /** Its bytes, to keep. */
    public byte[] copy() {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    /** Its members, if it is written as we write nearly all; the others need a strict reader. */
    public Optional<PlainObject> plain() {
        return plain ? Optional.of(members) : Optional.empty();
    }

    byte[] hash(Sha256 sha) {
        return sha.leaf(bytes, offset, length);
    }
}
