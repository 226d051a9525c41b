package dev.reeve.shell;

/** A place in a text. Never goes back, so that reading takes time in proportion to the text (R8). */
final class Cursor {
    static final char END = '\0';

    private final String text;
    private int at;

    Cursor(String text) {
        this.text = text;
    }

    int at() {
        return at;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    /** {@link #END} behind the end; a text that holds NUL is refused before. */
    char peek() {
        return peek(0);
    }

    char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : END;
    }

    char next() {
        return text.charAt(at++);
    }

    void skip(int count) {
        at += count;
    }

    boolean looksAt(String wanted) {
        return text.startsWith(wanted, at);
    }

    boolean take(String wanted) {
        if (looksAt(wanted)) {
            at += wanted.length();
            return true;
        }
        return false;
    }

    char before() {
        return at == 0 ? END : text.charAt(at - 1);
    }

    String since(int start) {
        return text.substring(start, at);
    }

    /** The rest of the line without its end, which is passed over. */
    String line() {
        int end = text.indexOf('\n', at);
        String line = text.substring(at, end < 0 ? text.length() : end);
        at = end < 0 ? text.length() : end + 1;
        return line;
    }

    static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** What ends a word where nothing is quoted. */
    static boolean isMeta(char c) {
        return switch (c) {
            case ' ', '\t', '\n', ';', '&', '|', '<', '>', '(', ')', END -> true;
            default -> false;
        };
    }

    static boolean isNameStart(char c) {
        return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isName(char c) {
        return isNameStart(c) || (c >= '0' && c <= '9');
    }

    /** The length of the variable's name that begins here; 0 if none does. */
    int nameLength() {
        int length = 0;
        while (length == 0 ? isNameStart(peek()) : isName(peek(length))) {
            length++;
        }
        return length;
    }
}
