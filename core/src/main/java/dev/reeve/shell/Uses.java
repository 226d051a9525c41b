package dev.reeve.shell;

import dev.reeve.openapi.SentRequest;
import dev.reeve.shell.ShellUse.Way;
import dev.reeve.shell.ShellUse.What;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Collects what a text would do. */
final class Uses {
    private static final Pattern PROGRAM = Pattern.compile("[A-Za-z0-9_.+@:\\[-]{1,100}");
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_.+@/-]{1,1000}");
    private static final Pattern NARROWING = Pattern.compile("[A-Za-z0-9_.:@=+-]{1,64}");
    private static final int NARROWEST = 3;
    private static final int MOST_NAMES = 40;

    /** By convention a variable in lower case is the script's own; these are not. */
    private static final Pattern LOWER = Pattern.compile("[a-z][a-z0-9_]*");

    private static final Pattern LOWER_WITH_MEANING = Pattern.compile(
            ".*_proxy|npm_.*|path|fpath|cdpath|manpath|module_path|mailpath|psvar|argv|status|watch|histchars");
    private static final Set<String> HARMLESS = Set.of(
            "CI",
            "COLUMNS",
            "DEBUG",
            "FORCE_COLOR",
            "LANG",
            "LC_ALL",
            "LINES",
            "NODE_ENV",
            "NO_COLOR",
            "PYTHONUNBUFFERED",
            "RUST_BACKTRACE",
            "RUST_LOG",
            "TERM",
            "TZ",
            "VERBOSE");

    private final Folders folders;
    private final Set<ShellUse> found = new LinkedHashSet<>();
    private boolean repeats;

    Uses(Folders folders) {
        this.folders = folders;
    }

    List<ShellUse> found() {
        return List.copyOf(found);
    }

    Folders folders() {
        return folders;
    }

    /** Something may run later than where it is written, or again. */
    void repeat() {
        repeats = true;
    }

    boolean repeats() {
        return repeats;
    }

    void sets(String variable) {
        boolean own = LOWER.matcher(variable).matches()
                && !LOWER_WITH_MEANING.matcher(variable).matches();
        if (!own && !HARMLESS.contains(variable)) {
            found.add(new ShellUse.Sets(variable));
        }
    }

    void opaque(What what, String why) {
        found.add(new ShellUse.Opaque(what, why));
    }

    void fetches(String url, Optional<SentRequest> request) {
        found.add(new ShellUse.Fetches(url, request));
    }

    void file(Word word, Way way) {
        switch (word.kind()) {
            case LITERAL -> path(word.text(), way, false);
            case PATTERN -> path(word.text(), way, true);
            case STREAM -> {}
            case UNKNOWN -> opaque(What.FILE, "the name of a file is not written out");
        }
    }

    /** As {@link #file}, of a path that is written out. */
    void path(String written, Way way, boolean pattern) {
        if (written.isEmpty() || written.equals("-")) {
            return; // no file has such a name; `-` is the standard input
        }
        Optional<Set<String>> paths = folders.paths(written);
        if (paths.isEmpty()) {
            opaque(What.FILE, "the folder of a file depends on `cd`");
            return;
        }
        paths.get()
                .forEach(
                        path -> found.add(pattern ? new ShellUse.Matches(path, way) : new ShellUse.Touches(path, way)));
    }

    /** @return the name under which a program is known, or empty if it cannot be said which one it is */
    static Optional<String> program(Word word, Folders folders) {
        if (!word.isLiteral()) {
            return Optional.empty();
        }
        String text = word.text();
        if (!text.contains("/")) {
            return PROGRAM.matcher(text).matches() ? Optional.of(text) : Optional.empty();
        }
        Optional<Set<String>> paths = folders.paths(text);
        if (paths.isEmpty() || paths.get().size() != 1) {
            return Optional.empty();
        }
        String path = paths.get().iterator().next();
        if (!PATH.matcher(path).matches() || (path + "/").contains("/../")) {
            return Optional.empty();
        }
        for (String folder : List.of("/bin/", "/usr/bin/", "/usr/local/bin/", "/sbin/", "/usr/sbin/")) {
            if (path.startsWith(folder) && path.indexOf('/', folder.length()) < 0) {
                return Optional.of(path.substring(folder.length()));
            }
        }
        return Optional.of(path);
    }

    void runs(String program, List<Word> arguments) {
        List<String> names = new ArrayList<>(List.of(program));
        names.addAll(narrower(program, arguments));
        add(names, arguments);
        List<String> behind = behindOptions(program, arguments);
        if (behind.size() > MOST_NAMES) {
            opaque(What.PROGRAM, "too many words may be what `" + program + "` is to do");
        } else if (!behind.isEmpty()) {
            // A second time, under all names: what allows must fit the first, and what denies or asks fits this one
            // too.
            names.addAll(1, behind);
            add(names, arguments);
        }
    }

    /** {@code git push} of {@code git -C . push}: what a rule may name although options, and perhaps their values, stand before it. */
    private static List<String> behindOptions(String program, List<Word> arguments) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i < arguments.size(); i++) {
            boolean leads = isOption(arguments.get(i - 1)) || (i > 1 && isOption(arguments.get(i - 2)));
            if (!leads) {
                break;
            }
            if (!isOption(arguments.get(i))) {
                names.addAll(narrower(program, arguments.subList(i, arguments.size())));
            }
        }
        return names;
    }

    /** Or what may turn out to be one, or nothing. */
    private static boolean isOption(Word word) {
        return !word.isLiteral() || word.text().startsWith("-");
    }

    private static List<String> narrower(String program, List<Word> arguments) {
        List<String> names = new ArrayList<>();
        for (Word word : arguments) {
            if (names.size() == NARROWEST - 1
                    || !word.isLiteral()
                    || !NARROWING.matcher(word.text()).matches()) {
                break;
            }
            names.add((names.isEmpty() ? program : names.getLast()) + " " + word.text());
        }
        return names;
    }

    private void add(List<String> names, List<Word> arguments) {
        found.add(new ShellUse.Runs(
                names,
                arguments.stream().map(Word::text).toList(),
                arguments.stream().allMatch(Word::isLiteral),
                folders.all()));
    }
}
