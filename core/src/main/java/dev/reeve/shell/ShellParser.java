package dev.reeve.shell;

import dev.reeve.shell.SimpleCommand.Redirection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The grammar. What commands are joined by makes no difference to what may happen, so it keeps none of it: every simple command, wherever
 * it stands, is added to the {@link Reading} in the order in which it is written.
 */
final class ShellParser {
    private static final Set<String> ENDS = Set.of("then", "else", "elif", "fi", "do", "done", "esac", "}", "in");
    private static final String TEXT = "";

    private final Cursor in;
    private final Reading reading;
    private final WordReader words;
    private final HereDocuments hereDocuments;
    private final Redirections redirections;
    /** Here-documents that waited where the innermost substitution began. */
    private int outside;

    ShellParser(Cursor in, Reading reading) {
        this.in = in;
        this.reading = reading;
        this.words = new WordReader(in, reading, this);
        this.hereDocuments = new HereDocuments(reading);
        this.redirections = new Redirections(in, words, hereDocuments);
    }

    /** The whole text. */
    void script() throws ShellRefusedException {
        list(Set.of(TEXT));
        noHereDocumentWaits();
    }

    /** The whole text is a here-document in which expansions are read. */
    void hereDocument() throws ShellRefusedException {
        reading.enter();
        words.doubleQuoted(new StringBuilder(), Cursor.END);
        reading.leave();
    }

    /** After an opening parenthesis, up to its end. */
    void substitution() throws ShellRefusedException {
        int before = outside;
        outside = hereDocuments.size();
        list(Set.of(")"));
        if (hereDocuments.size() != outside) {
            throw new ShellRefusedException("a here-document begins in a substitution and ends outside");
        }
        outside = before;
    }

    void noHereDocumentWaits() throws ShellRefusedException {
        if (hereDocuments.size() > 0) {
            throw new ShellRefusedException("a here-document waits where a quotation or a substitution goes on");
        }
    }

    /** Commands up to one of these ends, which is taken and returned. */
    private String list(Set<String> ends) throws ShellRefusedException {
        reading.enter();
        while (true) {
            blankLines();
            String end = end(ends);
            if (end != null) {
                reading.leave();
                return end;
            }
            command();
            separator();
        }
    }

    private @org.jspecify.annotations.Nullable String end(Set<String> ends) throws ShellRefusedException {
        if (in.atEnd()) {
            return needed(ends, TEXT, 0);
        }
        if (in.peek() == ')') {
            return needed(ends, ")", 1);
        }
        if (in.looksAt(";;") || in.looksAt(";&")) {
            return needed(ends, ";;", in.looksAt(";;&") ? 3 : 2);
        }
        String word = reserved();
        return ENDS.contains(word) ? needed(ends, word, word.length()) : null;
    }

    private String needed(Set<String> ends, String end, int length) throws ShellRefusedException {
        if (!ends.contains(end)) {
            throw new ShellRefusedException(
                    end.isEmpty() ? "it ends too early" : "`" + end + "` stands where nothing ends with it");
        }
        in.skip(length);
        return end;
    }

    /** The unquoted word that begins here, as far as it can be a reserved one; else empty. */
    private String reserved() throws ShellRefusedException {
        int length = 0;
        while (!Cursor.isMeta(in.peek(length))) {
            if ("\\'\"$`".indexOf(in.peek(length)) >= 0 || length > 10) {
                return "";
            }
            length++;
        }
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append(in.peek(i));
        }
        return word.toString();
    }

    private void blanks() throws ShellRefusedException {
        while (true) {
            if (Cursor.isBlank(in.peek())) {
                in.skip(1);
            } else if (in.looksAt("\\\n")) {
                continuation();
            } else {
                return;
            }
        }
    }

    /** Between words only: within one it could make an operator of two halves. */
    private void continuation() throws ShellRefusedException {
        if (in.at() > 0 && !Cursor.isBlank(in.before()) && in.before() != '\n') {
            throw new ShellRefusedException("a line is continued within a word");
        }
        noHereDocumentWaits();
        in.skip(2);
    }

    private void blankLines() throws ShellRefusedException {
        while (true) {
            blanks();
            if (in.peek() == '#') {
                comment();
            } else if (in.peek() == '\n') {
                newline();
            } else {
                return;
            }
        }
    }

    private void comment() {
        while (!in.atEnd() && in.peek() != '\n') {
            in.skip(1);
        }
    }

    private void newline() throws ShellRefusedException {
        in.skip(1);
        if (outside > 0) {
            noHereDocumentWaits();
        }
        hereDocuments.read(in);
    }

    private void separator() throws ShellRefusedException {
        blanks();
        if (in.peek() == '#') {
            comment();
        }
        if (in.atEnd() || in.peek() == '\n' || in.peek() == ')' || in.looksAt(";;") || in.looksAt(";&")) {
            return;
        }
        if (in.take("&&") || in.take("||") || in.take("|&") || in.take("|") || in.take(";") || in.take("&")) {
            return;
        }
        if (!ENDS.contains(reserved())) {
            throw new ShellRefusedException("something follows a command that is no separator");
        }
    }

    private void command() throws ShellRefusedException {
        if (in.peek() == '(') {
            subshell();
            return;
        }
        String word = reserved();
        switch (word) {
            case "{" -> group(word, "}");
            case "!", "time" -> prefix(word);
            case "if" -> conditional();
            case "while", "until" -> loop(word);
            case "for" -> forLoop();
            case "case" -> cases();
            case "[[" -> new Tests(in, words).read(this::lines);
            case "function" -> function();
            case "select", "coproc" -> throw new ShellRefusedException("it uses `" + word + "`");
            default -> simple();
        }
    }

    private void lines() throws ShellRefusedException {
        blankLines();
    }

    private void subshell() throws ShellRefusedException {
        in.skip(1);
        if (in.peek() == '(') {
            throw new ShellRefusedException("it calculates with `((`");
        }
        list(Set.of(")"));
        trailing();
    }

    private void group(String opening, String closing) throws ShellRefusedException {
        in.skip(opening.length());
        list(Set.of(closing));
        trailing();
    }

    private void prefix(String word) throws ShellRefusedException {
        in.skip(word.length());
        blanks();
        if (word.equals("time") && in.looksAt("-p ")) {
            in.skip(3);
            blanks();
        }
        if (!in.atEnd() && in.peek() != '\n' && in.peek() != ';') {
            reading.enter();
            command();
            reading.leave();
        }
    }

    private void conditional() throws ShellRefusedException {
        in.skip("if".length());
        list(Set.of("then"));
        String end = list(Set.of("elif", "else", "fi"));
        while (end.equals("elif")) {
            list(Set.of("then"));
            end = list(Set.of("elif", "else", "fi"));
        }
        if (end.equals("else")) {
            list(Set.of("fi"));
        }
        trailing();
    }

    private void loop(String word) throws ShellRefusedException {
        in.skip(word.length());
        reading.repeat(1);
        list(Set.of("do"));
        list(Set.of("done"));
        reading.repeat(-1);
        trailing();
    }

    private void forLoop() throws ShellRefusedException {
        in.skip("for".length());
        blanks();
        int length = in.nameLength();
        int start = in.at();
        in.skip(length);
        if (length == 0 || !Cursor.isMeta(in.peek())) {
            throw new ShellRefusedException("a `for` loop has no plain variable");
        }
        // Each round sets the variable.
        reading.add(new SimpleCommand(List.of(), List.of(in.since(start)), List.of(), true));
        blankLines();
        if (reserved().equals("in")) {
            in.skip(2);
            for (blanks(); !Cursor.isMeta(in.peek()) || isStream(); blanks()) {
                words.word();
            }
        }
        blanks();
        in.take(";");
        blankLines();
        if (!reserved().equals("do")) {
            throw new ShellRefusedException("a `for` loop has no `do`");
        }
        in.skip(2);
        reading.repeat(1);
        list(Set.of("done"));
        reading.repeat(-1);
        trailing();
    }

    private void cases() throws ShellRefusedException {
        in.skip("case".length());
        blanks();
        words.word();
        blankLines();
        if (!reserved().equals("in")) {
            throw new ShellRefusedException("a `case` has no `in`");
        }
        in.skip(2);
        String end = ";;";
        while (end.equals(";;")) {
            blankLines();
            if (reserved().equals("esac")) {
                in.skip("esac".length());
                break;
            }
            patterns();
            end = list(Set.of(";;", "esac"));
        }
        trailing();
    }

    private void patterns() throws ShellRefusedException {
        in.take("(");
        do {
            blanks();
            words.word();
            blanks();
        } while (in.take("|"));
        if (!in.take(")")) {
            throw new ShellRefusedException("a pattern of a `case` does not end");
        }
    }

    private void function() throws ShellRefusedException {
        in.skip("function".length());
        blanks();
        words.word();
        blanks();
        if (in.take("(") && !in.take(")")) {
            throw new ShellRefusedException("a function is not plainly defined");
        }
        body();
    }

    private void body() throws ShellRefusedException {
        blankLines();
        if (in.peek() != '(' && !reserved().equals("{")) {
            throw new ShellRefusedException("the body of a function is no group");
        }
        reading.repeat(1);
        command();
        reading.repeat(-1);
    }

    /** Redirections of a group, a loop, ... */
    private void trailing() throws ShellRefusedException {
        List<Redirection> found = new ArrayList<>();
        blanks();
        while (redirections.begins()) {
            redirections.read(found);
            blanks();
        }
        if (!found.isEmpty()) {
            reading.add(new SimpleCommand(List.of(), List.of(), found, reading.repeating()));
        }
    }

    private boolean isStream() {
        return in.looksAt("<(") || in.looksAt(">(");
    }

    private void simple() throws ShellRefusedException {
        List<Word> found = new ArrayList<>();
        List<String> sets = new ArrayList<>();
        List<Redirection> files = new ArrayList<>();
        int start = in.at();
        for (blanks(); !ends(); blanks()) {
            if (in.peek() == '(' && found.size() == 1 && found.getFirst().isLiteral() && in.looksAt("()")) {
                in.skip(2);
                body();
                return;
            }
            if (!isStream() && redirections.begins()) {
                redirections.read(files);
            } else if (found.isEmpty() && isAssignment()) {
                sets.add(assignment());
            } else {
                found.add(words.word());
            }
        }
        if (in.at() == start) {
            throw new ShellRefusedException("a command is missing");
        }
        reading.add(new SimpleCommand(found, sets, files, reading.repeating()));
    }

    private boolean ends() {
        char c = in.peek();
        return c == Cursor.END
                || c == '\n'
                || c == ';'
                || c == '|'
                || c == ')'
                || c == '#'
                || (c == '&' && in.peek(1) != '>');
    }

    private boolean isAssignment() throws ShellRefusedException {
        int length = in.nameLength();
        if (length == 0) {
            return false;
        }
        if (in.peek(length) == '[') {
            throw new ShellRefusedException("it sets a member of an array");
        }
        return in.peek(length) == '=' || (in.peek(length) == '+' && in.peek(length + 1) == '=');
    }

    private String assignment() throws ShellRefusedException {
        int start = in.at();
        in.skip(in.nameLength());
        String name = in.since(start);
        in.take("+");
        in.skip(1);
        if (in.take("(")) {
            for (blankLines(); !in.take(")"); blankLines()) {
                // What stands in brackets is calculated, quoted or not.
                if (in.peek() == '[') {
                    throw new ShellRefusedException("it sets a member of an array");
                }
                words.word();
            }
        } else if (!Cursor.isMeta(in.peek()) || isStream()) {
            words.word();
        }
        return name;
    }
}
