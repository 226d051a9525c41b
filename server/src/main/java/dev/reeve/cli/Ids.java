package dev.reeve.cli;

import java.security.SecureRandom;
import java.util.function.Supplier;

/** Unguessable ids of 128 bits, in letters and digits. */
final class Ids {
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int CHARACTERS = 26;

    private final SecureRandom random;

    Ids(SecureRandom random) {
        this.random = random;
    }

    String next(String prefix) {
        byte[] bytes = new byte[CHARACTERS];
        random.nextBytes(bytes);
        StringBuilder id = new StringBuilder(prefix.length() + CHARACTERS).append(prefix);
        for (byte one : bytes) {
            id.append(ALPHABET.charAt(one & 31));
        }
        return id.toString();
    }

    /** For records of actions: the ticket that agents are given. */
    Supplier<String> tickets() {
        return () -> next("rv_");
    }
}
