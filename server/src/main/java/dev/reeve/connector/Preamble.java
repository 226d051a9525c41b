package dev.reeve.connector;

import java.nio.charset.StandardCharsets;

/**
 * The first line of a connector: {@code reeve-connector/1 SECRET UPSTREAM INSTANCE}. The server answers {@code ok}, or {@code refused CODE TEXT}
 * and closes. Everything after is MCP, a message a line. Both ends are of one release, but a connector may be older than the server it finds.
 */
record Preamble(String secret, String upstream, String instance) {
    static final int LONGEST = 1_024;
    static final String VERSION = "reeve-connector/1";
    static final String OK = "ok";
    static final String REFUSED = "refused ";

    byte[] line() {
        return VERSION.concat(" ")
                .concat(secret)
                .concat(" ")
                .concat(upstream)
                .concat(" ")
                .concat(instance)
                .concat("\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** @throws IllegalArgumentException with a text for the other end, if it is none */
    static Preamble parse(byte[] line) {
        String[] words = new String(line, StandardCharsets.US_ASCII).split(" ", -1);
        if (!words[0].equals(VERSION)) {
            throw new IllegalArgumentException("this server speaks " + VERSION
                    + " only; the connector is of another release: restart `reeve serve`, then the client");
        }
        if (words.length != 4 || !isWord(words[1]) || !isWord(words[2]) || !isWord(words[3])) {
            throw new IllegalArgumentException("the first line is not a connector's");
        }
        return new Preamble(words[1], words[2], words[3]);
    }

    static boolean isWord(String text) {
        if (text.isEmpty() || text.length() > 256) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean fits = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '_'
                    || c == '-'
                    || c == '.';
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "Preamble[upstream=".concat(upstream).concat(", secret=***]");
    }
}
