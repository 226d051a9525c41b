package dev.reeve.shell;

/** What begins with a dollar sign or a backtick. Forms that can run code or set variables by other ways than a command are refused. */
final class Expansions {
    private static final String ARITHMETIC = "0123456789 +-*/%()<>=!&|^~?:,\t";
    private static final String SPECIAL = "?#@*$!-";

    private final Cursor in;
    private final Reading reading;
    private final ShellParser parser;
    private final WordReader words;

    Expansions(Cursor in, Reading reading, ShellParser parser, WordReader words) {
        this.in = in;
        this.reading = reading;
        this.parser = parser;
        this.words = words;
    }

    /** After the dollar sign. @return whether something is expanded; otherwise the text that it stands for was added */
    boolean dollar(StringBuilder text, boolean quoted) throws ShellRefusedException {
        char c = in.peek();
        if (c == '(') {
            parenthesis();
            return true;
        }
        if (c == '{') {
            in.skip(1);
            parameter(quoted);
            return true;
        }
        if (c == '[') {
            throw new ShellRefusedException("it calculates with `$[`");
        }
        if (c == '\\' && in.peek(1) == '\n') {
            throw new ShellRefusedException("a line is continued within an expansion");
        }
        int name = in.nameLength();
        if (name > 0 || Character.isDigit(c) || (c != Cursor.END && SPECIAL.indexOf(c) >= 0)) {
            in.skip(Math.max(1, name));
            return true;
        }
        return !quoted && quotation(text);
    }

    private boolean quotation(StringBuilder text) throws ShellRefusedException {
        if (in.take("'")) {
            AnsiQuotes.read(in, words, text);
            return false;
        }
        if (in.take("\"")) {
            return words.doubleQuoted(text, '"');
        }
        text.append('$');
        return false;
    }

    private void parenthesis() throws ShellRefusedException {
        in.skip(1);
        if (in.peek() == '\\' && in.peek(1) == '\n') {
            throw new ShellRefusedException("a line is continued within an expansion");
        }
        if (!in.take("(")) {
            parser.substitution();
            return;
        }
        // Names are calculated by evaluating what they hold, which may itself run commands.
        int open = 2;
        while (open > 0) {
            char c = in.peek();
            if (c == Cursor.END || ARITHMETIC.indexOf(c) < 0) {
                throw new ShellRefusedException("it calculates with something else than numbers");
            }
            open += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (open == 1 && in.peek(1) != ')') {
                throw new ShellRefusedException("parentheses of a calculation do not match");
            }
            in.skip(1);
        }
    }

    private void parameter(boolean quoted) throws ShellRefusedException {
        reading.enter();
        parameterWithin(quoted);
        reading.leave();
    }

    private void parameterWithin(boolean quoted) throws ShellRefusedException {
        if (in.peek() == '#' && in.peek(1) != '}') {
            in.skip(1);
        }
        int name = in.nameLength();
        if (name == 0 && !Character.isDigit(in.peek()) && "?#@*".indexOf(in.peek()) < 0) {
            throw new ShellRefusedException("it expands `${` in a form that is not read");
        }
        in.skip(Math.max(1, name));
        if (!in.take("[@]")) {
            in.take("[*]");
        }
        if (in.take("}")) {
            return;
        }
        operator();
        while (!in.take("}")) {
            operand(quoted);
        }
    }

    /** Defaults, cutting, replacing and letters only: not what sets, calculates, or follows names. */
    private void operator() throws ShellRefusedException {
        boolean known = in.take(":-")
                || in.take(":+")
                || in.take(":?")
                || in.take("-")
                || in.take("+")
                || in.take("?")
                || in.take("##")
                || in.take("#")
                || in.take("%%")
                || in.take("%")
                || in.take("//")
                || in.take("/")
                || in.take("^^")
                || in.take("^")
                || in.take(",,")
                || in.take(",");
        if (!known) {
            throw new ShellRefusedException("it expands `${` in a form that is not read");
        }
    }

    private void operand(boolean quoted) throws ShellRefusedException {
        StringBuilder ignored = new StringBuilder();
        char c = words.quotedCharacter();
        switch (c) {
            case '$' -> dollar(ignored, true);
            case '`' -> backticks(quoted);
            case '\\' -> {
                if (words.quotedCharacter() == '\n') {
                    throw new ShellRefusedException("a line is continued within an expansion");
                }
            }
            case '\'', '"' -> {
                if (quoted) {
                    throw new ShellRefusedException("it quotes within `${` within quotes");
                }
                if (c == '"') {
                    words.doubleQuoted(ignored, '"');
                } else {
                    words.singleQuoted(ignored);
                }
            }
            case '{', '(', '<', '>' -> throw new ShellRefusedException("it expands `${` in a form that is not read");
            default -> {}
        }
    }

    /** After the first backtick: the text up to the next, with one layer of backslashes taken off, is a script of its own. */
    void backticks(boolean quoted) throws ShellRefusedException {
        StringBuilder script = new StringBuilder();
        while (in.peek() != '`') {
            char c = words.quotedCharacter();
            char after = in.peek();
            if (c == '\\' && (after == '`' || after == '\\' || after == '$' || (quoted && after == '"'))) {
                script.append(in.next());
            } else {
                script.append(c);
            }
        }
        in.skip(1);
        new ShellParser(new Cursor(script.toString()), reading).script();
    }
}
