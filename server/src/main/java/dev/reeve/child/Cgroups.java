package dev.reeve.child;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Control groups, where Reeve may make some: they count all processes of a child together, and count for root too, which setrlimit(2) does not.
 * Version 2 must be delegated (systemd: {@code Delegate=yes}); version 1 is used where Reeve may write, in effect as root.
 */
final class Cgroups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final String PREFIX = "reeve-";
    private static final AtomicLong COUNT = new AtomicLong();

    /** Moves itself into the groups that stand first, then becomes what stands after `--`. It parses nothing that anybody else wrote (R21). */
    private static final String ENTER =
            "while [ \"$1\" != -- ]; do echo 0 > \"$1\" || exit 125; shift; done; shift; exec \"$@\"";

    /** Where groups are made, by controller; the same folder twice in version 2. */
    private final Map<String, Path> parents;

    private final boolean second;

    private Cgroups(Map<String, Path> parents, boolean second) {
        this.parents = parents;
        this.second = second;
    }

    /** Empty if none may be made here. */
    static Optional<Cgroups> onThisMachine() {
        try {
            return find(ROOT, Files.readAllLines(Path.of("/proc/self/cgroup")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** @param own lines of {@code /proc/self/cgroup} */
    static Optional<Cgroups> find(Path root, List<String> own) {
        Map<String, Path> parents = new LinkedHashMap<>();
        boolean second = false;
        for (String line : own) {
            String[] parts = line.split(":", 3);
            if (parts.length != 3) {
                continue;
            }
            List<String> controllers = List.of(parts[1].split(",", -1));
            for (String wanted : List.of("pids", "memory")) {
                if (controllers.contains(wanted)) {
                    parents.putIfAbsent(wanted, below(root.resolve(wanted), parts[2]));
                }
            }
            if (parts[1].isEmpty() && Files.exists(root.resolve("cgroup.controllers"))) {
                second = true;
                delegated(below(root, parts[2])).forEach(one -> parents.putIfAbsent(one, below(root, parts[2])));
            }
        }
        parents.values().removeIf(parent -> !mayMake(parent));
        if (parents.isEmpty()) {
            return Optional.empty();
        }
        Cgroups found = new Cgroups(Map.copyOf(parents), second);
        found.clearAway();
        return Optional.of(found);
    }

    private static Path below(Path root, String path) {
        return root.resolve(path.substring(Math.min(1, path.length()))).normalize();
    }

    /** The controllers that groups made there would have. */
    private static List<String> delegated(Path parent) {
        try {
            return List.of(Files.readString(parent.resolve("cgroup.subtree_control"))
                    .strip()
                    .split(" ", -1));
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean mayMake(Path parent) {
        Path trial = parent.resolve(PREFIX + ProcessHandle.current().pid() + "-trial");
        try {
            Files.createDirectory(trial);
            Files.delete(trial);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    String about() {
        return "cgroup v" + (second ? 2 : 1) + " ("
                + String.join(", ", parents.keySet().stream().sorted().toList()) + ")";
    }

    /** One child's groups. */
    static final class Group {
        private final List<Path> folders = new ArrayList<>();

        /** The command, begun inside of the groups: nothing that it starts can be outside of them. */
        List<String> entering(List<String> command) {
            List<String> whole = new ArrayList<>(List.of("/bin/sh", "-c", ENTER, "reeve"));
            folders.forEach(folder -> whole.add(folder.resolve("cgroup.procs").toString()));
            whole.add("--");
            whole.addAll(command);
            return whole;
        }

        /** Once its processes are gone. */
        void remove() {
            folders.forEach(Cgroups::removed);
        }
    }

    Group group(ChildLimits limits) throws IOException {
        Group group = new Group();
        String name = PREFIX + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        for (Map.Entry<String, Path> parent : parents.entrySet()) {
            Path folder = parent.getValue().resolve(name);
            if (!Files.isDirectory(folder)) {
                Files.createDirectory(folder);
                group.folders.add(folder);
            }
            if (parent.getKey().equals("pids")) {
                // What confines it are processes as well: the shell's place, bwrap outside and inside.
                Files.writeString(folder.resolve("pids.max"), Integer.toString(limits.processes() + 2));
            } else {
                String file = second ? "memory.max" : "memory.limit_in_bytes";
                Files.writeString(folder.resolve(file), Long.toString(limits.memory()));
            }
        }
        return group;
    }

    /** Groups of processes of ours that were killed. */
    private void clearAway() {
        for (Path parent : parents.values()) {
            try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, PREFIX + "*-*")) {
                for (Path folder : left) {
                    String[] parts = String.valueOf(folder.getFileName()).split("-", -1);
                    if (ProcessHandle.of(Long.parseLong(parts[1])).isEmpty()) {
                        removed(folder);
                    }
                }
            } catch (IOException | NumberFormatException e) {
                // Not ours, or not now: an empty group costs nothing.
            }
        }
    }

    private static boolean removed(Path folder) {
        try {
            return Files.deleteIfExists(folder);
        } catch (IOException e) {
            return false;
        }
    }
}
