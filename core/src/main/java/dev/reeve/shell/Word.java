package dev.reeve.shell;

/**
 * One word of a command.
 *
 * @param text for {@link Kind#LITERAL} what the program is given; for the others the word as it is written
 */
record Word(String text, Kind kind) {
    /** How much is known of a word. */
    enum Kind {
        /** Written out: it is exactly the text. */
        LITERAL,
        /** A pattern of file names. */
        PATTERN,
        /** A process substitution alone: a pipe of the shell's own, no file. */
        STREAM,
        /** It becomes what it becomes when it runs: a variable, a substitution, braces. Perhaps no word, perhaps many. */
        UNKNOWN
    }

    boolean isLiteral() {
        return kind == Kind.LITERAL;
    }

    /** Whether it may turn out to be an option, or several words with one among them. */
    boolean mayBecomeOption() {
        return kind == Kind.UNKNOWN || (kind == Kind.PATTERN && "*?[-".indexOf(text.charAt(0)) >= 0);
    }

    boolean is(String wanted) {
        return isLiteral() && text.equals(wanted);
    }

    static Word unknown(String written) {
        return new Word(written, Kind.UNKNOWN);
    }
}
