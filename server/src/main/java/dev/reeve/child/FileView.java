package dev.reeve.child;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The file system as one confined child sees it: the system, its program, the folders that the operator named, and private places that are
 * gone when it is. What is not named here does not exist for it. The order matters: what is mounted later covers what was there.
 */
final class FileView {
    private final Confinement confinement;
    private final Set<Path> program;
    private final List<String> arguments = new ArrayList<>();

    private FileView(Confinement confinement, Set<Path> program) {
        this.confinement = confinement;
        this.program = program;
    }

    /** @throws IOException if the program or a folder is not there, or a folder shows by now what it must not */
    static List<String> of(Confinement confinement, String program, Path folder, Map<String, String> ours)
            throws IOException {
        List<Path> hidden =
                confinement.hidden().stream().map(Confinement::resolved).toList();
        FileView view = new FileView(confinement, ProgramFolders.of(program, folder, ours, hidden));
        view.build(hidden, folder);
        return view.arguments;
    }

    private void build(List<Path> hidden, Path folder) throws IOException {
        arguments.addAll(SystemView.arguments());
        privatePlaces();
        program.stream()
                .sorted(Comparator.comparingInt(Path::getNameCount))
                .forEach(path -> add("--ro-bind", path.toString(), path.toString()));
        hidden.forEach(this::cover);
        List<Confinement.Folder> folders = new ArrayList<>(confinement.folders());
        folders.sort(Comparator.comparingInt(one -> one.path().getNameCount()));
        for (Confinement.Folder one : folders) {
            show(one);
        }
        // It may be a place that is not shown: then it is an empty one.
        add("--dir", folder.toString(), "--remount-ro", "/");
    }

    /**
     * {@code /proc} is read-only because some of it goes by the user id alone: a child of a Reeve that runs as root could else name the program
     * that the kernel starts, as root and unconfined, for a core dump.
     */
    private void privatePlaces() {
        String size = Long.toString(confinement.limits().tmp());
        add("--proc", "/proc", "--remount-ro", "/proc");
        add("--dev", "/dev", "--size", size, "--tmpfs", "/dev/shm", "--remount-ro", "/dev");
        add("--size", size, "--tmpfs", "/tmp", "--symlink", "/tmp", "/var/tmp", "--dir", "/run");
    }

    /** What lies in none of the folders that are shown is not there anyway. */
    private void cover(Path place) {
        boolean shown = SystemView.shows(place) || program.stream().anyMatch(place::startsWith);
        if (shown && Files.isDirectory(place)) {
            add("--tmpfs", place.toString(), "--remount-ro", place.toString());
        } else if (shown && Files.exists(place)) {
            add("--ro-bind", "/dev/null", place.toString());
        }
    }

    /** A link in it may point elsewhere since the file was read. */
    private void show(Confinement.Folder folder) throws IOException {
        Path real = folder.path().toRealPath();
        if (!real.equals(folder.path())) {
            throw new IOException("`" + folder.path() + "` leads to `" + real + "` by now");
        }
        add(folder.writable() ? "--bind" : "--ro-bind", real.toString(), real.toString());
    }

    private void add(String... more) {
        arguments.addAll(List.of(more));
    }
}
