package dev.reeve.strict;

/**
 * What a JSON text may cost, checked while it is read (R8).
 *
 * @param bytes of the whole text
 * @param depth of nested objects and arrays
 * @param tokens in all
 * @param exactNumbers refuse numbers that do not survive a double (I-JSON): on for everything that is decided on (R4)
 */
public record JsonLimits(int bytes, int depth, int tokens, boolean exactNumbers) {
    /** For requests of agents. */
    public static final JsonLimits REQUEST = new JsonLimits(4 << 20, 64, 200_000, true);

    /** For answers of upstreams: 10 MB results work. */
    public static final JsonLimits ANSWER = new JsonLimits(16 << 20, 128, 2_000_000, false);
}
