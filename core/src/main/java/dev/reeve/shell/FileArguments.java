package dev.reeve.shell;

import dev.reeve.shell.ShellUse.Way;
import dev.reeve.shell.ShellUse.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Programs whose arguments are files. Every argument that could be one is taken for one: a number or a mode too, which then names a file
 * that is not there. That can only make a rule stricter.
 *
 * @param skipsFirst the first argument is a pattern, unless an option gave it
 * @param dangers options that run a program, write a file, or name files elsewhere
 * @param readsHere without an argument it reads the folder that it runs in
 */
record FileArguments(Use use, boolean skipsFirst, boolean readsHere, Pattern dangers) {
    private enum Use {
        READS,
        WRITES,
        DELETES,
        /** Reads all but the last, which it writes. */
        COPIES,
        /** Takes all but the last away, and writes the last. */
        MOVES
    }

    /** Options that name files in another file. */
    private static final Pattern NONE = Pattern.compile("--files0.*");

    private static final Pattern TARGETED = Pattern.compile("-[a-zA-Z]*t.*|--t.*");
    private static final Map<String, FileArguments> KNOWN = known();

    private static Map<String, FileArguments> known() {
        Map<String, FileArguments> known = new java.util.HashMap<>();
        for (String name : List.of(
                "cat",
                "head",
                "tail",
                "wc",
                "stat",
                "file",
                "diff",
                "cmp",
                "cut",
                "nl",
                "od",
                "strings",
                "md5sum",
                "sha1sum",
                "sha256sum",
                "cksum",
                "tac",
                "comm",
                "paste",
                "fold",
                "column",
                "readlink",
                "realpath",
                "hexdump")) {
            known.put(name, new FileArguments(Use.READS, false, false, NONE));
        }
        for (String name : List.of("ls", "du", "tree")) {
            known.put(
                    name,
                    new FileArguments(
                            Use.READS,
                            false,
                            true,
                            name.equals("tree") ? Pattern.compile("-[a-zA-Z]*o.*|--from.*") : NONE));
        }
        for (String name : List.of("grep", "egrep", "fgrep", "rg")) {
            known.put(
                    name,
                    new FileArguments(
                            Use.READS,
                            true,
                            true,
                            name.equals("rg")
                                    ? Pattern.compile("--pre.*|--hostname.*|--search-zip|-[a-zA-Z]*z.*")
                                    : NONE));
        }
        known.put(
                "sort",
                new FileArguments(
                        Use.READS, false, false, Pattern.compile("-[a-zA-Z]*[oT].*|--o.*|--c.*|--t.*|--files0.*")));
        known.put("jq", new FileArguments(Use.READS, true, false, NONE));
        writers(known);
        return Map.copyOf(known);
    }

    private static void writers(Map<String, FileArguments> known) {
        for (String name : List.of("mkdir", "touch", "tee", "truncate", "chmod", "chown", "chgrp", "uniq", "xxd")) {
            known.put(name, new FileArguments(Use.WRITES, false, false, NONE));
        }
        for (String name : List.of("rm", "rmdir", "unlink", "shred")) {
            known.put(name, new FileArguments(Use.DELETES, false, false, NONE));
        }
        // `install` and `ln` make whatever they are given, or the last of it: all is taken for written.
        for (String name : List.of("ln", "install")) {
            known.put(name, new FileArguments(Use.WRITES, false, false, NONE));
        }
        known.put("cp", new FileArguments(Use.COPIES, false, false, TARGETED));
        known.put("mv", new FileArguments(Use.MOVES, false, false, TARGETED));
    }

    static Optional<FileArguments> of(String program) {
        return Optional.ofNullable(KNOWN.get(program));
    }

    void read(List<Word> arguments, Uses uses) {
        List<Word> operands = new ArrayList<>();
        boolean options = true;
        boolean given = false;
        for (Word word : arguments) {
            if (options && word.is("--")) {
                options = false;
            } else if (options
                    && word.isLiteral()
                    && word.text().startsWith("-")
                    && word.text().length() > 1) {
                given |= word.text().matches("-[a-zA-Z]*[ef].*|--regexp.*|--file.*|--from-file.*");
                option(word.text(), uses);
            } else {
                if (dangers != NONE && word.mayBecomeOption()) {
                    uses.opaque(What.PROGRAM, "an argument may become an option that runs a program or writes a file");
                }
                operands.add(word);
            }
        }
        if (skipsFirst && !given && !operands.isEmpty() && options) {
            operands.removeFirst();
        }
        if (operands.isEmpty() && readsHere) {
            operands.add(new Word(".", Word.Kind.LITERAL));
        }
        operands(operands, uses);
    }

    /** A value may be part of an option: {@code -f/etc/passwd}, {@code --file=list}. */
    private void option(String text, Uses uses) {
        if (dangers.matcher(text).matches()) {
            uses.opaque(What.PROGRAM, "an option runs a program or writes a file");
        }
        int equals = text.startsWith("--") ? text.indexOf('=') : -1;
        int slash = text.indexOf('/');
        if (equals > 0) {
            valued(text.substring(equals + 1), uses);
        } else if (slash > 0) {
            valued(text.substring(slash), uses);
        }
    }

    private void valued(String value, Uses uses) {
        uses.path(value, Way.READ, false);
        if (use != Use.READS) {
            uses.path(value, Way.WRITE, false);
        }
    }

    private void operands(List<Word> operands, Uses uses) {
        for (int i = 0; i < operands.size(); i++) {
            Word word = operands.get(i);
            boolean last = i == operands.size() - 1;
            switch (use) {
                case READS -> uses.file(word, Way.READ);
                case WRITES -> uses.file(word, Way.WRITE);
                case DELETES -> uses.file(word, Way.DELETE);
                case COPIES -> uses.file(word, last ? Way.WRITE : Way.READ);
                case MOVES -> {
                    uses.file(word, last ? Way.WRITE : Way.READ);
                    if (!last) {
                        uses.file(word, Way.DELETE);
                    }
                }
            }
        }
    }
}
