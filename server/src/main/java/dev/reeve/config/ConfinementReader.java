package dev.reeve.config;

import dev.reeve.child.ChildLimits;
import dev.reeve.child.Confinement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the entry of a server that Reeve starts says about its confinement. */
final class ConfinementReader {
    private static final String NOT_A_PLACE =
            "a confined program sees nothing of Reeve's (R21); name a narrower folder, or move it";

    private final Home home;
    private final List<Path> reeves;
    private final Problems problems;

    ConfinementReader(Home home, List<Path> reeves, Problems problems) {
        this.home = home;
        this.reeves = List.copyOf(reeves);
        this.problems = problems;
    }

    /** Empty if the operator wrote {@code confine: none}. */
    Optional<Confinement> of(Node.Mapping entry, Path folder) {
        if (entry.text("confine").filter("none"::equals).isPresent()) {
            for (String key : List.of("folders", "limits")) {
                entry.get(key)
                        .ifPresent(node ->
                                problems.error(node, "means nothing with `confine: none`", "remove one of the two"));
            }
            return Optional.empty();
        }
        List<Confinement.Folder> folders = new ArrayList<>();
        entry.get("folders").ifPresent(node -> folders(node, folders));
        entry.get("folder").flatMap(node -> shown(node, folder, false)).ifPresent(own -> {
            if (folders.stream().noneMatch(one -> own.path().startsWith(one.path()))) {
                folders.add(own);
            }
        });
        List<Path> hidden = new ArrayList<>(reeves);
        hidden.add(home.folder());
        Confinement confinement = new Confinement(folders, hidden, limits(entry));
        seen(entry, folder, confinement);
        return Optional.of(confinement);
    }

    /** The program by its path, wherever it then runs. */
    static List<String> absolute(List<String> argv, Path folder) {
        if (!argv.getFirst().contains("/")) {
            return argv;
        }
        List<String> absolute = new ArrayList<>(argv);
        absolute.set(0, folder.resolve(argv.getFirst()).normalize().toString());
        return absolute;
    }

    private void folders(Node node, List<Confinement.Folder> folders) {
        if (node instanceof Node.Sequence list) {
            for (Node item : list.items()) {
                switch (item) {
                    case Node.Scalar path -> folder(path, false).ifPresent(folders::add);
                    case Node.Mapping mapping ->
                        mapping.scalar("path")
                                .flatMap(path -> folder(
                                        path, "rw".equals(mapping.text("mode").orElse("ro"))))
                                .ifPresent(folders::add);
                    case Node.Sequence ignored -> {} // refused by its shape
                }
            }
        }
    }

    private Optional<Confinement.Folder> folder(Node.Scalar path, boolean writable) {
        try {
            return shown(path, home.folder().resolve(path.text()).normalize(), writable);
        } catch (InvalidPathException e) {
            problems.error(path, "is not a path");
            return Optional.empty();
        }
    }

    /** With its links resolved: what the name means now is what is shown, and it is checked again at each start. */
    private Optional<Confinement.Folder> shown(Node node, Path path, boolean writable) {
        try {
            Optional<Path> reeves = Confinement.shows(path, this.reeves, List.of(home.folder()));
            if (reeves.isPresent()) {
                problems.error(node, "would show " + home.nameOf(reeves.get()) + " to the program", NOT_A_PLACE);
                return Optional.empty();
            }
            return Optional.of(new Confinement.Folder(path.toRealPath(), writable));
        } catch (IOException e) {
            problems.error(node, "there is no " + home.nameOf(path), "make it, or correct the path");
            return Optional.empty();
        }
    }

    private static ChildLimits limits(Node.Mapping entry) {
        Values values = new Values(entry, ReeveShape.UPSTREAM).below("limits");
        return new ChildLimits(
                values.bytes("memory"),
                values.whole("processes"),
                values.whole("open_files"),
                values.bytes("file_size"),
                values.optional("cpu_time").flatMap(Units::time),
                values.whole("nice"),
                values.bytes("tmp"));
    }

    /** An argument that is a file here and nothing there gives errors in which nobody recognises the confinement. */
    private void seen(Node.Mapping entry, Path folder, Confinement confinement) {
        entry.scalars("stdio").stream().skip(1).forEach(argument -> {
            Optional<Path> path = path(argument.text(), folder);
            if (path.isPresent() && !confinement.sees(path.get())) {
                problems.error(
                        argument,
                        "the confined program would not see " + argument.text(),
                        "name it, or the folder that it belongs to: `folders: [" + argument.text() + "]`, or `{ path: "
                                + argument.text() + ", mode: rw }` if it is written to");
            }
        });
    }

    private static Optional<Path> path(String argument, Path folder) {
        if (!argument.contains("/") && !argument.matches(".+\\.([cm]?js|py|jar)")) {
            return Optional.empty();
        }
        try {
            return Optional.of(folder.resolve(argument).toRealPath()).filter(Files::exists);
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }
}
