package dev.reeve.guard;

/** A set of ASCII characters. */
record CharSet(long low, long high) {
    static final CharSet DIGITS = of("0-9");
    static final CharSet HEX = of("0-9a-f");
    static final CharSet ALNUM = of("0-9A-Za-z");
    static final CharSet UPPER_DIGITS = of("0-9A-Z");
    static final CharSet LETTERS = of("A-Za-z");
    static final CharSet BASE64 = of("0-9A-Za-z+/");
    static final CharSet URL64 = of("0-9A-Za-z_-");
    static final CharSet WORD = of("0-9A-Za-z_");
    static final CharSet DOTTED = of("0-9A-Za-z_.-");
    /** Anything of base64 in both alphabets, with its padding. */
    static final CharSet PACKED = of("0-9A-Za-z+/=_-");

    /** @param text single characters, and ranges as {@code a-z}; a hyphen itself stands last */
    static CharSet of(String text) {
        long low = 0;
        long high = 0;
        for (int i = 0; i < text.length(); i++) {
            boolean range = i + 2 < text.length() && text.charAt(i + 1) == '-';
            char last = range ? text.charAt(i + 2) : text.charAt(i);
            for (char c = text.charAt(i); c <= last; c++) {
                low |= c < 64 ? 1L << c : 0;
                high |= c >= 64 ? 1L << (c - 64) : 0;
            }
            i += range ? 2 : 0;
        }
        return new CharSet(low, high);
    }

    boolean has(char c) {
        return c < 64 ? ((low >>> c) & 1) != 0 : c < 128 && ((high >>> (c - 64)) & 1) != 0;
    }
}
