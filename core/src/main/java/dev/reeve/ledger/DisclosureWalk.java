package dev.reeve.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Walks over the hidden values of a group where they stand, entry by entry. For frames without a problem, which it does not check again. */
final class DisclosureWalk {
    private final byte[] bytes;
    private final int end;
    private int entry = -1;
    private int first;
    private int behind;
    private int here;

    DisclosureWalk(Frame frame) {
        this.bytes = frame.bytes();
        this.behind = frame.disclosuresAt();
        this.first = behind;
        this.end = behind + frame.header().disclosuresBytes();
    }

    /** Goes to those of the next entry, before the first of them. */
    void nextEntry() {
        while (next()) {
            // What nobody looked at.
        }
        entry++;
        first = behind;
    }

    /** Goes back before the first one of this entry. */
    void sameEntry() {
        behind = first;
    }

    /** False if this entry has no more. */
    boolean next() {
        if (behind >= end || short16(behind + 2) != entry) {
            return false;
        }
        here = behind;
        behind = value() + (short16(here + 8) << 16 | short16(here + 10));
        return true;
    }

    boolean isErased() {
        return bytes[here] == FrameEncoder.ERASED;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where the salt begins; it ends where the name begins, that where the value begins, and that at {@link #end}. */
    int salt() {
        return here + FrameEncoder.DISCLOSURE_PREFIX;
    }

    int name() {
        return salt() + Disclosure.SALT_BYTES;
    }

    int value() {
        return name() + short16(here + 4);
    }

    int end() {
        return behind;
    }

    Disclosure disclosure() {
        return new Disclosure(
                Arrays.copyOfRange(bytes, salt(), name()),
                new String(bytes, name(), value() - name(), StandardCharsets.UTF_8),
                Arrays.copyOfRange(bytes, value(), end()));
    }

    private int short16(int at) {
        return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    }
}
