package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class IdsTest {
    /** Each character is one of 32 wherever it stands: none of the bits is used twice or left out. */
    @Test
    void everyPlaceTakesEveryCharacter() {
        Ids ids = new Ids(new SecureRandom());
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 5_000; i++) {
            String id = ids.next("rv_");
            assertTrue(id.matches("rv_[0-9a-hjkmnp-tv-z]{26}"), id);
            for (int at = 3; at < id.length(); at++) {
                seen.add(at << 8 | id.charAt(at));
            }
        }
        assertEquals(26 * 32, seen.size());
    }

    /** The random bytes in the base of 32, from the left: two places never come from the same bits. */
    @Test
    void eachBitIsUsedOnce() {
        Random random = new Random(20261127);
        byte[][] last = new byte[1][];
        Ids ids = new Ids(new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public void nextBytes(byte[] bytes) {
                random.nextBytes(bytes);
                last[0] = bytes.clone();
            }
        });
        String letters = "0123456789abcdefghjkmnpqrstvwxyz";
        for (int i = 0; i < 1_000; i++) {
            String id = ids.next("");
            BigInteger bits = new BigInteger(1, last[0]).shiftRight(last[0].length * 8 - 26 * 5);
            for (int at = 25; at >= 0; at--) {
                assertEquals(letters.charAt(bits.intValue() & 31), id.charAt(at), id + " at " + at);
                bits = bits.shiftRight(5);
            }
        }
    }
}
