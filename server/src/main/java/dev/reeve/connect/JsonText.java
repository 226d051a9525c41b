package dev.reeve.connect;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * JSON with the place of every part, so that a file can be edited without touching the rest of it. Reads RFC 8259 and, where the client
 * does, comments and trailing commas (JSONC).
 *
 * <p>Limits: {@value #MOST_CHARACTERS} characters, {@value #DEEPEST} levels. A name that comes twice is refused: clients disagree on which one counts.
 */
final class JsonText {
    static final int MOST_CHARACTERS = 16 << 20;
    static final int DEEPEST = 100;

    private final String text;
    private final boolean comments;
    private int at;

    /** Part of a text: characters {@code start} to {@code end}, the last one excluded. */
    sealed interface Node {
        int start();

        int end();
    }

    record Obj(int start, int end, List<Member> members) implements Node {
        Obj {
            members = List.copyOf(members);
        }

        Optional<Node> get(String name) {
            return members.stream()
                    .filter(member -> member.name().equals(name))
                    .map(Member::value)
                    .findFirst();
        }

        Optional<Obj> object(String name) {
            return get(name).flatMap(node -> node instanceof Obj object ? Optional.of(object) : Optional.empty());
        }

        Optional<String> string(String name) {
            return get(name)
                    .flatMap(node -> node instanceof Str string ? Optional.of(string.value()) : Optional.empty());
        }
    }

    record Arr(int start, int end, List<Node> items) implements Node {
        Arr {
            items = List.copyOf(items);
        }
    }

    record Str(int start, int end, String value) implements Node {}

    /** A number, {@code true}, {@code false} or {@code null}, as it is written. */
    record Plain(int start, int end, String text) implements Node {}

    /**
     * @param start where the name's quote stands
     * @param comma where the comma after the value stands; -1 if there is none
     */
    record Member(int start, String name, Node value, int comma) {}

    private JsonText(String text, boolean comments) {
        this.text = text;
        this.comments = comments;
    }

    /** @throws RefusedException with line and column, if it is not JSON */
    static Node read(String text, boolean comments) throws RefusedException {
        if (text.length() > MOST_CHARACTERS) {
            throw new RefusedException("it has more than " + MOST_CHARACTERS + " characters");
        }
        JsonText reader = new JsonText(text, comments);
        if (text.startsWith("\uFEFF")) {
            reader.at = 1;
        }
        Node value = reader.value(0);
        reader.space();
        if (reader.at < text.length()) {
            throw reader.refused("something follows the end of the value");
        }
        return value;
    }

    private Node value(int depth) throws RefusedException {
        if (depth > DEEPEST) {
            throw refused("it is nested deeper than " + DEEPEST);
        }
        space();
        return switch (peek()) {
            case '{' -> object(depth + 1);
            case '[' -> array(depth + 1);
            case '"' -> string();
            default -> plain();
        };
    }

    private Obj object(int depth) throws RefusedException {
        int start = at++;
        List<Member> members = new ArrayList<>();
        Set<String> names = new HashSet<>();
        space();
        while (peek() != '}') {
            if (peek() != '"') {
                throw refused("a name in quotes or `}` is expected");
            }
            Str name = string();
            if (!names.add(name.value())) {
                throw refused("the name before comes twice in this object");
            }
            space();
            expect(':');
            Node value = value(depth);
            int comma = separator('}');
            members.add(new Member(name.start(), name.value(), value, comma));
        }
        at++;
        return new Obj(start, at, members);
    }

    private Arr array(int depth) throws RefusedException {
        int start = at++;
        List<Node> items = new ArrayList<>();
        space();
        while (peek() != ']') {
            items.add(value(depth));
            separator(']');
        }
        at++;
        return new Arr(start, at, items);
    }

    /** Goes to the next part. The place of the comma, or -1 if {@code close} is next without one. */
    private int separator(char close) throws RefusedException {
        space();
        if (peek() == close) {
            return -1;
        }
        int comma = at;
        expect(',');
        space();
        if (peek() == close && !comments) {
            throw refused("a comma before `" + close + "` is not JSON");
        }
        return comma;
    }

    private Str string() throws RefusedException {
        int start = at++;
        StringBuilder value = new StringBuilder();
        while (true) {
            char c = peek();
            if (c == '"') {
                at++;
                return new Str(start, at, value.toString());
            }
            if (c < 0x20) {
                throw refused("a string is not closed on its line");
            }
            at++;
            value.append(c == '\\' ? escape() : c);
        }
    }

    private char escape() throws RefusedException {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> {
                at--;
                throw refused("no such escape");
            }
        };
    }

    private char unicode() throws RefusedException {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw refused("four hexadecimal digits are expected");
            }
            code = code * 16 + digit;
            at++;
        }
        return (char) code;
    }

    private Plain plain() throws RefusedException {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "+-.".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        String word = text.substring(start, at);
        boolean known = word.equals("true") || word.equals("false") || word.equals("null");
        if (!known && !word.matches("-?(0|[1-9][0-9]{0,300})(\\.[0-9]{1,300})?([eE][+-]?[0-9]{1,4})?")) {
            at = start;
            throw refused("a value is expected");
        }
        return new Plain(start, at, word);
    }

    private void space() throws RefusedException {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                at++;
            } else if (c == '/') {
                comment();
            } else {
                return;
            }
        }
    }

    private void comment() throws RefusedException {
        if (!comments) {
            throw refused("a comment is not JSON, and this client does not read it either");
        }
        int end;
        if (text.startsWith("//", at)) {
            end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
        } else if (text.startsWith("/*", at)) {
            end = text.indexOf("*/", at + 2) + 2;
            if (end < 2) {
                throw refused("a comment is not closed");
            }
        } else {
            throw refused("a value is expected");
        }
        at = end;
    }

    private char peek() throws RefusedException {
        if (at >= text.length()) {
            throw refused("the file ends too early");
        }
        return text.charAt(at);
    }

    private void expect(char wanted) throws RefusedException {
        if (peek() != wanted) {
            throw refused("`" + wanted + "` is expected");
        }
        at++;
    }

    private RefusedException refused(String problem) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < Math.min(at, text.length()); i++) {
            if (text.charAt(i) == '\n') {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return new RefusedException("line " + line + ", column " + column + ": " + problem);
    }
}
