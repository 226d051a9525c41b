package dev.reeve.ledger;

import dev.reeve.json.PlainObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Whether the hidden values beside entries are exactly those that these commit to, group by group, entry by entry. Nearly all are looked at
 * where they stand; what does not fit so, or is written otherwise, is for {@link Commitments} to judge. For one thread.
 */
final class HiddenValues {
    private static final byte[] HIDDEN = "hidden".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OUT_OF_LINE = "out_of_line".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RECORD = "record".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BEFORE_NAME = {'"', ',', '"'};
    private static final byte[] BEHIND_NAME = {'"', ','};
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    /** Characters of a SHA-256. */
    private static final int COMMITMENT = 43;
    /** {@code ["SALT","NAME",VALUE]} without name and value: salts have 22 characters. */
    private static final int AROUND = 30;
    /** Entries with more commitments are rare enough. */
    private static final int MOST_OPEN = Long.SIZE;

    private final Scratch scratch;
    /** The member that is the commitment of a record which lies beside its entry. */
    private int beside;

    private final DisclosureWalk left;
    private int erased;

    /** What is used again for each value. One for one thread. */
    static final class Scratch {
        private final Sha256 sha;
        private final byte[] hash = new byte[Sha256.BYTES];
        private final byte[] salt = new byte[Disclosure.SALT_BYTES];
        private final byte[] commitment = new byte[COMMITMENT];
        private byte[] encoded = new byte[1 << 10];
        /** The members that are commitments and have no value yet; {@link PlainObject#NONE} where one was found. */
        private final int[] open = new int[MOST_OPEN];

        Scratch(Sha256 sha) {
            this.sha = sha;
        }

        private byte[] encoded(int bytes) {
            int needed = (bytes + 2) / 3 * 4;
            if (encoded.length < needed) {
                encoded = new byte[needed];
            }
            return encoded;
        }
    }

    /** @param frame without a problem */
    HiddenValues(Frame frame, Scratch scratch) {
        this.left = new DisclosureWalk(frame);
        this.scratch = scratch;
    }

    /** How many of the group were erased, as far as it was looked at. */
    int erased() {
        return erased;
    }

    /** What is wrong with the values beside the next entry of the group. */
    Optional<String> problem(Leaf leaf) {
        left.nextEntry();
        int before = erased;
        Optional<PlainObject> plain = leaf.plain();
        if (plain.isPresent() && hold(plain.get())) {
            return Optional.empty();
        }
        erased = before;
        return judged(leaf);
    }

    private Optional<String> judged(Leaf leaf) {
        left.sameEntry();
        List<Disclosure> live = new ArrayList<>();
        int gone = 0;
        while (left.next()) {
            if (left.isErased()) {
                gone++;
            } else {
                live.add(left.disclosure());
            }
        }
        erased += gone;
        return Commitments.problem(leaf.copy(), live, gone, scratch.sha);
    }

    /** True if each commitment has its value or an erased one, and there are no others. */
    private boolean hold(PlainObject members) {
        int commitments = open(members);
        if (commitments > MOST_OPEN) {
            return false;
        }
        int gone = 0;
        int found = 0;
        while (left.next()) {
            if (left.isErased()) {
                gone++;
            } else if (take(members, commitments)) {
                found++;
            } else {
                return false;
            }
        }
        erased += gone;
        return commitments == found + gone;
    }

    /** How many commitments there are. */
    private int open(PlainObject members) {
        int count = 0;
        int hidden = members.find(HIDDEN, 0);
        if (hidden != PlainObject.NONE && members.kind(hidden) == '{') {
            for (int one = members.inner(hidden); one < members.next(hidden); one = members.next(one)) {
                count = open(one, count);
            }
        }
        beside = members.find(OUT_OF_LINE, 0);
        return beside != PlainObject.NONE && members.isText(beside) ? open(beside, count) : count;
    }

    private int open(int member, int count) {
        if (count < MOST_OPEN) {
            scratch.open[count] = member;
        }
        return count + 1;
    }

    /** Takes the commitment of the present value from those that are open. */
    private boolean take(PlainObject members, int commitments) {
        for (int i = 0; i < commitments; i++) {
            int one = scratch.open[i];
            if (one != PlainObject.NONE && isNameOf(members, one)) {
                scratch.open[i] = PlainObject.NONE;
                return isCommitment(members, one);
            }
        }
        return false;
    }

    /** A name that a plain entry holds is the same in JSON. */
    private boolean isNameOf(PlainObject members, int one) {
        return one == beside
                ? Arrays.equals(left.bytes(), left.name(), left.value(), RECORD, 0, RECORD.length)
                : members.isNamed(one, left.bytes(), left.name(), left.value());
    }

    private boolean isCommitment(PlainObject members, int one) {
        byte[] array = array();
        byte[] encoded = scratch.encoded(array.length);
        scratch.sha.plain(encoded, BASE64URL.encode(array, encoded), scratch.hash);
        int length = BASE64URL.encode(scratch.hash, scratch.commitment);
        return members.isText(one, scratch.commitment, 0, length);
    }

    /** {@code ["SALT","NAME",VALUE]} */
    private byte[] array() {
        byte[] from = left.bytes();
        int name = left.value() - left.name();
        int value = left.end() - left.value();
        byte[] array = new byte[AROUND + name + value];
        System.arraycopy(from, left.salt(), scratch.salt, 0, scratch.salt.length);
        // The encoder writes to the beginning only.
        int saltEnd = 2 + BASE64URL.encode(scratch.salt, array);
        System.arraycopy(array, 0, array, 2, saltEnd - 2);
        array[0] = '[';
        array[1] = '"';
        int at = put(array, saltEnd, BEFORE_NAME);
        System.arraycopy(from, left.name(), array, at, name);
        at = put(array, at + name, BEHIND_NAME);
        System.arraycopy(from, left.value(), array, at, value);
        array[at + value] = ']';
        return array;
    }

    private static int put(byte[] into, int at, byte[] bytes) {
        System.arraycopy(bytes, 0, into, at, bytes.length);
        return at + bytes.length;
    }
}
