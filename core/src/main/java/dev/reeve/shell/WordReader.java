package dev.reeve.shell;

/** Reads one word at a time, and everything that is expanded in it. */
final class WordReader {
    private final Cursor in;
    private final Reading reading;
    private final ShellParser parser;
    private final Expansions expansions;

    WordReader(Cursor in, Reading reading, ShellParser parser) {
        this.in = in;
        this.reading = reading;
        this.parser = parser;
        this.expansions = new Expansions(in, reading, parser, this);
    }

    /** Collects one word. */
    private static final class Building {
        private final StringBuilder text = new StringBuilder();
        private boolean unknown;
        private boolean pattern;
        private boolean plain;
        private int streams;

        Word word(String written) {
            if (streams == 1 && !unknown && !plain && !pattern && text.isEmpty()) {
                return new Word(written, Word.Kind.STREAM);
            }
            if (unknown || streams > 0) {
                return Word.unknown(written);
            }
            return pattern && !text.toString().equals("[")
                    ? new Word(text.toString(), Word.Kind.PATTERN)
                    : new Word(text.toString(), Word.Kind.LITERAL);
        }
    }

    /** The word that begins here. */
    Word word() throws ShellRefusedException {
        reading.word();
        int start = in.at();
        Building word = new Building();
        tilde(word);
        while (!Cursor.isMeta(in.peek()) || in.looksAt("<(") || in.looksAt(">(")) {
            piece(word);
        }
        if (in.at() == start) {
            throw new ShellRefusedException("a word is missing");
        }
        return word.word(in.since(start));
    }

    private void tilde(Building word) {
        if (in.peek() == '~') {
            char after = in.peek(1);
            if (after == '/' || Cursor.isMeta(after)) {
                word.text.append(reading.home());
            } else {
                word.unknown = true;
            }
            in.skip(1);
        }
    }

    private void piece(Building word) throws ShellRefusedException {
        char c = in.next();
        switch (c) {
            case '\\' -> word.text.append(escaped());
            case '\'' -> {
                word.plain = true;
                singleQuoted(word.text);
            }
            case '"' -> {
                word.plain = true;
                word.unknown |= doubleQuoted(word.text, '"');
            }
            case '$' -> word.unknown |= expansions.dollar(word.text, false);
            case '`' -> {
                expansions.backticks(false);
                word.unknown = true;
            }
            case '<', '>' -> {
                in.skip(1);
                parser.substitution();
                word.streams++;
            }
            case '*', '?', '[' -> {
                word.pattern = true;
                word.text.append(c);
            }
            case '{' -> brace(word);
            default -> word.text.append(c);
        }
    }

    private char escaped() throws ShellRefusedException {
        if (in.atEnd() || in.peek() == '\n') {
            throw new ShellRefusedException("a line is continued within a word");
        }
        return in.next();
    }

    /** {@code {}} is itself; anything else with a brace may become several words. */
    private void brace(Building word) {
        word.text.append('{');
        word.unknown = word.unknown || !isEmptyBraces();
    }

    private boolean isEmptyBraces() {
        if (in.peek() != '}') {
            return false;
        }
        for (int i = 1; !Cursor.isMeta(in.peek(i)); i++) {
            if ("{},".indexOf(in.peek(i)) >= 0) {
                return false;
            }
        }
        return true;
    }

    void singleQuoted(StringBuilder text) throws ShellRefusedException {
        while (in.peek() != '\'') {
            text.append(quotedCharacter());
        }
        in.skip(1);
    }

    /**
     * @param closing the quote; {@link Cursor#END} for a here-document, where quotes are letters
     * @return whether something in it is expanded
     */
    boolean doubleQuoted(StringBuilder text, char closing) throws ShellRefusedException {
        boolean unknown = false;
        while (closing == Cursor.END ? !in.atEnd() : in.peek() != closing) {
            char c = quotedCharacter();
            switch (c) {
                case '$' -> unknown |= expansions.dollar(text, true);
                case '`' -> {
                    expansions.backticks(closing == '"');
                    unknown = true;
                }
                case '\\' -> backslash(text, closing);
                default -> text.append(c);
            }
        }
        if (closing != Cursor.END) {
            in.skip(1);
        }
        return unknown;
    }

    private void backslash(StringBuilder text, char closing) throws ShellRefusedException {
        char c = in.peek();
        if (c == '\n') {
            // Joined lines could make `$(` of two halves.
            if (closing == Cursor.END || text.toString().endsWith("$")) {
                throw new ShellRefusedException("a line is continued within an expansion");
            }
            in.skip(1);
        } else if (c == '$' || c == '`' || c == '\\' || (c == '"' && closing == '"')) {
            text.append(in.next());
        } else {
            text.append('\\');
        }
    }

    /** A line end within quotes while a here-document waits is read differently by different shells. */
    char quotedCharacter() throws ShellRefusedException {
        if (in.atEnd()) {
            throw new ShellRefusedException("a quotation does not end");
        }
        char c = in.next();
        if (c == '\n') {
            parser.noHereDocumentWaits();
        }
        return c;
    }
}
