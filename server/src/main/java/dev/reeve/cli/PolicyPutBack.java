package dev.reeve.cli;

import dev.reeve.config.PolicyFiles;
import dev.reeve.connect.UnifiedDiff;
import dev.reeve.connect.WholeFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Puts the files of a policy into a home. Nothing of what stood there is lost, and a crash in the middle leaves no mixture that could come
 * into force: as long as files are under way, one of them says so, and with it the folder is no policy.
 */
final class PolicyPutBack {
    private static final List<String> FOLDERS = List.of("catalog", "policies");
    private static final String UNDER_WAY = "policies/put-back-under-way.yaml";

    private final Path home;
    private final SortedMap<String, String> before;
    private final SortedMap<String, String> after;

    private PolicyPutBack(Path home, SortedMap<String, String> before, SortedMap<String, String> after) {
        this.home = home;
        this.before = before;
        this.after = after;
    }

    static PolicyPutBack of(Path home, SortedMap<String, String> files) throws IOException, CommandException {
        for (String name : files.keySet()) {
            if (!isOurs(name)) {
                throw new CommandException(ExitCodes.FAILED, "`" + name + "` is no name of a policy file");
            }
        }
        SortedMap<String, String> standing = new TreeMap<>();
        for (String folder : FOLDERS) {
            if (Files.isDirectory(home.resolve(folder))) {
                try (DirectoryStream<Path> all = Files.newDirectoryStream(home.resolve(folder))) {
                    for (Path file : all) {
                        String name = folder + "/" + file.getFileName();
                        if (isOurs(name) && Files.isRegularFile(file)) {
                            standing.put(name, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                        }
                    }
                }
            }
        }
        return new PolicyPutBack(home, standing, new TreeMap<>(files));
    }

    /** What is read as catalogue and policy; anything else in these folders stays. */
    private static boolean isOurs(String name) {
        int slash = name.indexOf('/');
        String file = name.substring(slash + 1);
        return slash > 0
                && FOLDERS.contains(name.substring(0, slash))
                && !file.startsWith(".")
                && file.indexOf('/') < 0
                && file.indexOf('\0') < 0
                && PolicyFiles.isRead(name);
    }

    /** The difference of each file that changes. */
    List<String> changes() {
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        List<String> changes = new ArrayList<>();
        for (String name : names) {
            String was = before.getOrDefault(name, "");
            String is = after.getOrDefault(name, "");
            if (!was.equals(is) || before.containsKey(name) != after.containsKey(name)) {
                changes.add(UnifiedDiff.of(name, before.containsKey(name), was, is));
            }
        }
        return changes;
    }

    /** @return the folder in which what stood there is kept */
    Path apply(Instant now) throws IOException {
        Path kept = keep(now);
        Path underWay = home.resolve(UNDER_WAY);
        write(
                underWay,
                "put_back_under_way: say `reeve policy rollback` again; what stood here is in " + kept.getFileName()
                        + "\n");
        for (String name : before.keySet()) {
            if (!after.containsKey(name) && !name.equals(UNDER_WAY)) {
                WholeFiles.delete(home.resolve(name));
            }
        }
        for (Map.Entry<String, String> file : after.entrySet()) {
            write(home.resolve(file.getKey()), file.getValue());
        }
        WholeFiles.delete(underWay);
        return kept;
    }

    private Path keep(Instant now) throws IOException {
        Path kept = home.resolve(".reeve-before-" + now.toString().replaceAll("[^0-9TZ]", ""));
        for (String name : before.keySet()) {
            Path to = kept.resolve(name);
            Files.createDirectories(
                    to.getParent() == null ? kept : to.getParent(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.copy(home.resolve(name), to, StandardCopyOption.COPY_ATTRIBUTES);
        }
        return kept;
    }

    private static void write(Path file, String text) throws IOException {
        WholeFiles.replace(file, text.getBytes(StandardCharsets.UTF_8), false);
    }
}
