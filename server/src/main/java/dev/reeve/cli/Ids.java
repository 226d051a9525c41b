package dev.reeve.cli;

import java.security.SecureRandom;
import java.util.function.Supplier;

/** Unguessable ids of 128 bits, in letters and digits. */
final class Ids {
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int CHARACTERS = 26;
    private static final int BITS = 5;
    private static final int BYTES = (CHARACTERS * BITS + Byte.SIZE - 1) / Byte.SIZE;

    private final SecureRandom random;

    Ids(SecureRandom random) {
        this.random = random;
    }

    String next(String prefix) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        StringBuilder id = new StringBuilder(prefix.length() + CHARACTERS).append(prefix);
        for (int i = 0; i < CHARACTERS; i++) {
            id.append(ALPHABET.charAt(bits(bytes, BITS * i)));
        }
        return id.toString();
    }

    /** Each of them used for one character only: randomness is what an id costs. */
    private static int bits(byte[] bytes, int from) {
        int at = from / Byte.SIZE;
        int two = (bytes[at] & 0xff) << Byte.SIZE | (at + 1 < bytes.length ? bytes[at + 1] & 0xff : 0);
        return two >>> (2 * Byte.SIZE - BITS - from % Byte.SIZE) & ((1 << BITS) - 1);
    }

    /** For records of actions: the ticket that agents are given. */
    Supplier<String> tickets() {
        return () -> next("rv_");
    }
}
