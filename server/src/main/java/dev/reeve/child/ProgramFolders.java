package dev.reeve.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where a program and its interpreter are installed: what must be seen so that it can run at all. */
final class ProgramFolders {
    private static final int MOST_HOPS = 16;
    private static final int FIRST_LINE = 256;
    private static final Set<String> OF_PROGRAMS = Set.of("bin", "sbin", "libexec", "shims", ".bin");
    /** Folders of a user that hold much more than programs. */
    private static final Set<String> OF_EVERYTHING = Set.of(".local", ".config", ".cache");

    /** Of other users, too. */
    private static final List<Path> HOMES = List.of(Path.of("/home"), Path.of("/root"), Path.of("/Users"));

    private final Path folder;
    private final List<Path> path;
    private final Path user;
    private final Path realUser;
    private final List<Path> hidden;
    private final Set<Path> found = new LinkedHashSet<>();

    private ProgramFolders(Path folder, Map<String, String> ours, List<Path> hidden) throws IOException {
        this.folder = folder;
        this.path = List.of(ours.getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)).stream()
                .filter(it -> it.startsWith("/"))
                .map(Path::of)
                .toList();
        this.user = Path.of(ours.getOrDefault("HOME", "/root"));
        this.realUser = Files.exists(user) ? user.toRealPath() : user;
        this.hidden = hidden;
    }

    /**
     * @param program as the operator wrote it: a name to look for, or a path
     * @return paths that exist, none of them the system's own
     * @throws IOException if there is no such program
     */
    static Set<Path> of(String program, Path folder, Map<String, String> ours, List<Path> hidden) throws IOException {
        ProgramFolders folders = new ProgramFolders(folder, ours, hidden);
        Path file = folders.find(program).orElseThrow(() -> new IOException("no program " + program));
        folders.take(file);
        return folders.found;
    }

    private Optional<Path> find(String program) {
        if (program.contains("/")) {
            return Optional.of(folder.resolve(program).normalize()).filter(Files::isExecutable);
        }
        return path.stream()
                .map(it -> it.resolve(program))
                .filter(it -> Files.isRegularFile(it) && Files.isExecutable(it))
                .findFirst();
    }

    /** The file, whatever it is a link to, and its interpreter. */
    private void take(Path file) throws IOException {
        Path hop = file;
        for (int hops = 0; hops < MOST_HOPS; hops++) {
            add(hop);
            if (!Files.isSymbolicLink(hop)) {
                break;
            }
            Path folder = hop.getParent();
            Path target = Files.readSymbolicLink(hop);
            hop = (folder == null ? target : folder.resolve(target)).normalize();
        }
        Path real = file.toRealPath();
        add(real);
        Optional<Path> interpreter = interpreter(real);
        if (interpreter.isPresent() && !interpreter.get().equals(file)) {
            takeInterpreter(interpreter.get());
        }
    }

    /** An interpreter is no script itself; its own first line is not followed for ever. */
    private void takeInterpreter(Path file) throws IOException {
        if (Files.exists(file)) {
            add(file);
            Path hop = file;
            for (int hops = 0; hops < MOST_HOPS && Files.isSymbolicLink(hop); hops++) {
                hop = hop.resolveSibling(Files.readSymbolicLink(hop)).normalize();
                add(hop);
            }
            add(file.toRealPath());
        }
    }

    private Optional<Path> interpreter(Path script) throws IOException {
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(Files.newInputStream(script), StandardCharsets.ISO_8859_1), FIRST_LINE)) {
            char[] start = new char[FIRST_LINE];
            int length = in.read(start);
            String text = length < 2 ? "" : new String(start, 0, length);
            if (!text.startsWith("#!")) {
                return Optional.empty();
            }
            String[] words =
                    text.lines().findFirst().orElse("").substring(2).strip().split("[ \t]+", -1);
            boolean byName = words[0].endsWith("/env") && words.length > 1;
            return byName ? find(words[words.length - 1]) : find(words[0]);
        }
    }

    private void add(Path file) throws IOException {
        if (SystemView.shows(file)) {
            return;
        }
        Path folder = file.getParent();
        Path above = folder == null ? null : folder.getParent();
        if (folder == null || above == null) {
            return;
        }
        boolean installed = OF_PROGRAMS.contains(String.valueOf(folder.getFileName()));
        if (isOfAUser(file)) {
            Path whole = Installation.packagesAround(file).orElse(above);
            boolean isInstalled = installed || !whole.equals(above);
            found.add(isInstalled && isOnlyPrograms(whole) && Installation.isAt(whole) ? whole : file);
        } else if (installed && isOnlyPrograms(above)) {
            found.add(above);
        } else {
            found.add(isOnlyPrograms(folder) ? folder : file);
        }
    }

    /** Below a home people keep programs among everything else: there a folder is shown only if it is known what it is. */
    private boolean isOfAUser(Path file) {
        boolean isOurs = user.getNameCount() > 0 && (file.startsWith(user) || file.startsWith(realUser));
        return isOurs || HOMES.stream().anyMatch(file::startsWith);
    }

    /** Not a folder in which people keep other things, and not one around Reeve's own places. */
    private boolean isOnlyPrograms(Path candidate) {
        boolean everything = user.startsWith(candidate)
                || realUser.startsWith(candidate)
                || candidate.getNameCount() < 2
                || (candidate.startsWith(user) && OF_EVERYTHING.contains(String.valueOf(candidate.getFileName())));
        return !everything && hidden.stream().noneMatch(place -> place.startsWith(candidate));
    }
}
