package dev.reeve.shell;

/** {@code $'...'}: the escapes of C. Those that shells read differently are refused. */
final class AnsiQuotes {
    private AnsiQuotes() {}

    /** After the opening quote. */
    static void read(Cursor in, WordReader words, StringBuilder text) throws ShellRefusedException {
        while (in.peek() != '\'') {
            char c = words.quotedCharacter();
            if (c == '\\') {
                escape(in, words.quotedCharacter(), text);
            } else {
                text.append(c);
            }
        }
        in.skip(1);
    }

    private static void escape(Cursor in, char c, StringBuilder text) throws ShellRefusedException {
        switch (c) {
            case 'n' -> text.append('\n');
            case 't' -> text.append('\t');
            case 'r' -> text.append('\r');
            case 'a' -> text.append('\u0007');
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'v' -> text.append('\u000b');
            case 'e', 'E' -> text.append('\u001b');
            case '\\', '\'', '"', '?' -> text.append(c);
            case 'x' -> number(in, "", 2, 16, text);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> number(in, String.valueOf(c), 2, 8, text);
            default -> throw new ShellRefusedException("`$'` holds an escape that is not read");
        }
    }

    private static void number(Cursor in, String first, int most, int radix, StringBuilder text)
            throws ShellRefusedException {
        StringBuilder digits = new StringBuilder(first);
        for (int i = 0; i < most && Character.digit(in.peek(), radix) >= 0 && in.peek() < 128; i++) {
            digits.append(in.next());
        }
        int value = digits.isEmpty() ? 0 : Integer.parseInt(digits.toString(), radix);
        if (value == 0 || value > 127) {
            throw new ShellRefusedException("`$'` holds a byte that is not ASCII");
        }
        text.append((char) value);
    }
}
