package dev.reeve.shell;

import java.util.ArrayList;
import java.util.List;

/** Here-documents that were announced on a line, and begin after it. */
final class HereDocuments {
    private record Waiting(String delimiter, boolean quoted, boolean stripTabs) {}

    private final Reading reading;
    private final List<Waiting> waiting = new ArrayList<>();

    HereDocuments(Reading reading) {
        this.reading = reading;
    }

    int size() {
        return waiting.size();
    }

    /** After {@code <<} or {@code <<-}. */
    void announce(Cursor in, boolean stripTabs) throws ShellRefusedException {
        StringBuilder delimiter = new StringBuilder();
        boolean quoted = false;
        while (!Cursor.isMeta(in.peek())) {
            char c = in.next();
            if (c == '\'' || c == '"') {
                quoted = true;
                while (in.peek() != c) {
                    delimiter.append(plain(in));
                }
                in.skip(1);
            } else if (c == '\\' || c == '$' || c == '`') {
                throw new ShellRefusedException("the end of a here-document is not plainly written");
            } else {
                delimiter.append(c);
            }
        }
        if (delimiter.isEmpty()) {
            throw new ShellRefusedException("a here-document has no end");
        }
        waiting.add(new Waiting(delimiter.toString(), quoted, stripTabs));
    }

    private static char plain(Cursor in) throws ShellRefusedException {
        char c = in.peek();
        if (c == Cursor.END || c == '\n' || c == '\\' || c == '$' || c == '`') {
            throw new ShellRefusedException("the end of a here-document is not plainly written");
        }
        return in.next();
    }

    /** The bodies that begin here. What is expanded in them is read as commands are. */
    void read(Cursor in) throws ShellRefusedException {
        for (Waiting one : waiting) {
            String body = body(in, one);
            if (!one.quoted()) {
                new ShellParser(new Cursor(body), reading).hereDocument();
            }
        }
        waiting.clear();
    }

    private static String body(Cursor in, Waiting one) throws ShellRefusedException {
        StringBuilder body = new StringBuilder();
        while (!in.atEnd()) {
            String line = in.line();
            String bare = one.stripTabs() ? line.replaceFirst("^\t+", "") : line;
            if (bare.equals(one.delimiter())) {
                return body.toString();
            }
            // The shell joins such lines before it looks for the end.
            if (!one.quoted() && line.endsWith("\\")) {
                throw new ShellRefusedException("a line of a here-document ends in a backslash");
            }
            body.append(line).append('\n');
        }
        throw new ShellRefusedException("a here-document does not end");
    }
}
