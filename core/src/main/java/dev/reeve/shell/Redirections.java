package dev.reeve.shell;

import dev.reeve.shell.SimpleCommand.Redirection;
import java.util.List;
import java.util.regex.Pattern;

/** Files that the shell opens for a command. */
final class Redirections {
    private static final Pattern DESCRIPTOR = Pattern.compile("[0-9]*-?");

    private final Cursor in;
    private final WordReader words;
    private final HereDocuments hereDocuments;

    Redirections(Cursor in, WordReader words, HereDocuments hereDocuments) {
        this.in = in;
        this.words = words;
        this.hereDocuments = hereDocuments;
    }

    /** Whether one begins here, its number included. */
    boolean begins() {
        int digits = digits();
        char c = in.peek(digits);
        return c == '<' || c == '>' || (digits == 0 && in.looksAt("&>"));
    }

    private int digits() {
        int count = 0;
        while (in.peek(count) >= '0' && in.peek(count) <= '9') {
            count++;
        }
        return count;
    }

    void read(List<Redirection> found) throws ShellRefusedException {
        in.skip(digits());
        if (in.take("<<<")) {
            target();
        } else if (in.take("<<-")) {
            hereDocument(true);
        } else if (in.take("<<")) {
            hereDocument(false);
        } else if (in.take("<&")) {
            descriptor(found, true);
        } else if (in.take(">&")) {
            descriptor(found, false);
        } else if (in.take("<>")) {
            found.add(new Redirection(true, true, target()));
        } else if (in.take("&>>") || in.take("&>") || in.take(">>") || in.take(">|") || in.take(">")) {
            found.add(new Redirection(false, true, target()));
        } else {
            in.skip(1);
            found.add(new Redirection(true, false, target()));
        }
    }

    private void hereDocument(boolean stripTabs) throws ShellRefusedException {
        blanks();
        hereDocuments.announce(in, stripTabs);
    }

    /** {@code >&2} copies a descriptor, {@code >&file} opens a file. */
    private void descriptor(List<Redirection> found, boolean reads) throws ShellRefusedException {
        Word target = target();
        if (!target.isLiteral() || !DESCRIPTOR.matcher(target.text()).matches()) {
            found.add(new Redirection(reads, !reads, target));
        }
    }

    private Word target() throws ShellRefusedException {
        blanks();
        return words.word();
    }

    private void blanks() {
        while (Cursor.isBlank(in.peek())) {
            in.skip(1);
        }
    }
}
