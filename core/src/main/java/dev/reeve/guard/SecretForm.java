package dev.reeve.guard;

/**
 * How one kind of secret is written: a beginning, and a body of certain characters, length and structure.
 *
 * @param least characters of the body
 * @param most characters of the body; one that is longer is none
 */
record SecretForm(String id, String about, String prefix, CharSet body, int least, int most, Test test) {
    /** What else must hold of it. */
    interface Test {
        boolean holds(String prefix, String body);
    }

    static final Test RANDOM = (prefix, body) -> Guesses.isRandom(body);
    /** The last six characters are the CRC-32 of those before. */
    static final Test CRC = (prefix, body) -> body.endsWith(Checksums.crc62(body.substring(0, body.length() - 6)));
    /** As {@link #CRC}, with the prefix. */
    static final Test CRC_OF_ALL =
            (prefix, body) -> body.endsWith(Checksums.crc62(prefix + body.substring(0, body.length() - 6)));

    /** Parts of these lengths with this character between them, and random as a whole. */
    static Test parts(char between, int... lengths) {
        return (prefix, body) -> {
            int at = 0;
            for (int i = 0; i < lengths.length; i++) {
                at += lengths[i];
                boolean last = i == lengths.length - 1;
                if (last ? at != body.length() : at >= body.length() || body.charAt(at++) != between) {
                    return false;
                }
            }
            return Guesses.isRandom(body);
        };
    }

    static Test contains(String part) {
        return (prefix, body) -> body.contains(part) && Guesses.isRandom(body);
    }

    /** At the place of its prefix: reports it if all of it is there. */
    void at(Window window, int start, Sink sink, Kind kind) {
        char first = prefix.charAt(0);
        if (!window.has(start, prefix) || (CharSet.WORD.has(first) && window.isWord(start - 1))) {
            return;
        }
        int from = start + prefix.length();
        int end = window.run(body, from, most + 1);
        while (end > from && window.at(end - 1) == '.') {
            end--;
        }
        int length = end - from;
        if (length >= least && length <= most && test.holds(prefix, window.text(from, end))) {
            sink.found(kind, start, end);
        }
    }
}
