package dev.reeve.gate;

/**
 * How an action is written down. Its intent is always durable before it runs, and its verdict, rules, counts and digests always stand in
 * the record; this is about the rest.
 *
 * @param lazy the outcome may ride behind the answer, for at most 5 ms (R2)
 */
public record Recording(Detail detail, boolean lazy) {
    /** Arguments, and of results what can be counted and a digest; the outcome before the answer. */
    public static final Recording USUAL = new Recording(Detail.USUAL, false);

    /** What of arguments and results is kept as hidden values. */
    public enum Detail {
        /** Neither: digests only. */
        LESS,
        /** Arguments. */
        USUAL,
        /** Arguments, and the result as it was released. */
        FULL
    }
}
