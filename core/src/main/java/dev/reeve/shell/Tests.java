package dev.reeve.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code [[ ... ]]}: runs nothing by itself, but comparing as numbers and looking at a variable evaluate what they are given. */
final class Tests {
    private static final Set<String> NUMERIC = Set.of("-eq", "-ne", "-lt", "-le", "-gt", "-ge");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,18}|\\$[?#]|\"\\$[?#]\"|\\$\\{#[A-Za-z0-9_]*\\}");

    private final Cursor in;
    private final WordReader words;

    interface Lines {
        void pass() throws ShellRefusedException;
    }

    Tests(Cursor in, WordReader words) {
        this.in = in;
        this.words = words;
    }

    void read(Lines lines) throws ShellRefusedException {
        in.skip(2);
        List<Word> found = new ArrayList<>();
        for (lines.pass(); !isEnd(); lines.pass()) {
            if (in.atEnd() || in.peek() == ';' || (in.peek() == '&' && in.peek(1) != '&')) {
                throw new ShellRefusedException("a `[[` does not end");
            }
            if (!operator()) {
                found.add(words.word());
            }
        }
        in.skip(2);
        check(found);
    }

    private boolean isEnd() {
        return in.looksAt("]]") && Cursor.isMeta(in.peek(2)) && Cursor.isMeta(in.before());
    }

    private boolean operator() {
        if (in.looksAt("<(") || in.looksAt(">(")) {
            return false;
        }
        return in.take("&&") || in.take("|") || in.take("(") || in.take(")") || in.take("<") || in.take(">");
    }

    private static void check(List<Word> found) throws ShellRefusedException {
        for (int i = 0; i < found.size(); i++) {
            Word word = found.get(i);
            if (word.is("-v") || word.is("-R")) {
                throw new ShellRefusedException("a `[[` looks at a variable by name");
            }
            if (word.isLiteral()
                    && NUMERIC.contains(word.text())
                    && !(isNumber(found, i - 1) && isNumber(found, i + 1))) {
                throw new ShellRefusedException("a `[[` calculates with something else than numbers");
            }
        }
    }

    private static boolean isNumber(List<Word> found, int index) {
        return index >= 0
                && index < found.size()
                && NUMBER.matcher(found.get(index).text()).matches();
    }
}
