package dev.reeve.review;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reports in a folder, the newest of which says where the next range begins, and which findings people were told of. Derived: without the
 * folder the next review begins at the beginning of the record, and people are told again.
 */
final class ReviewShelf {
    private static final JsonLimits LIMITS = new JsonLimits(64 << 20, 32, 1_000_000, false);
    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("'review-'uuuuMMdd'T'HHmmss'Z.json'").withZone(ZoneOffset.UTC);
    private static final String PATTERN = "review-[0-9]{8}T[0-9]{6}Z\\.json";
    /** Told of; older ones are forgotten, and told again if they are found again. */
    private static final int MOST_TOLD = 10_000;

    private final Path folder;

    ReviewShelf(Path folder) {
        this.folder = folder;
    }

    /** Up to when the newest report looked. Empty if there is none, or if it cannot be read. */
    Optional<Instant> until() throws IOException {
        List<Path> all = reports();
        try {
            return all.isEmpty()
                    ? Optional.empty()
                    : StrictJson.readObject(Files.readAllBytes(all.getLast()), LIMITS)
                            .string("until")
                            .map(Instant::parse);
        } catch (JsonRefusedException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private List<Path> reports() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(PATTERN))
                    .sorted()
                    .toList();
        }
    }

    static String name(Instant until) {
        return NAME.format(until);
    }

    /** Whole or not at all; then the oldest beyond {@code keep} are deleted. */
    void put(Instant until, Json.Obj report, int keep) throws IOException {
        write(name(until), JsonWriter.text(report) + "\n");
        List<Path> all = reports();
        for (Path old : all.subList(0, Math.max(0, all.size() - keep))) {
            Files.deleteIfExists(old);
        }
    }

    /** For the owner only: it names what the record hides. */
    private void write(String name, String text) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Path next = folder.resolve(name + ".next");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, text);
        Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Ids of findings that people were told of. */
    Set<String> told() throws IOException {
        Path file = folder.resolve("told");
        return Files.exists(file)
                ? new LinkedHashSet<>(Files.readAllLines(file, StandardCharsets.UTF_8))
                : new LinkedHashSet<>();
    }

    void told(String id) throws IOException {
        Set<String> all = told();
        all.add(id);
        write(
                "told",
                String.join(
                                "\n",
                                all.stream()
                                        .skip(Math.max(0, all.size() - MOST_TOLD))
                                        .toList()) + "\n");
    }

    /** What people are to be told of, and were not yet; oldest first. */
    List<Untold> untold() throws IOException {
        Path file = folder.resolve("untold");
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            Json.Obj all = StrictJson.readObject(Files.readAllBytes(file), LIMITS);
            return all.array("untold").orElse(Json.Arr.EMPTY).items().stream()
                    .filter(Json.Obj.class::isInstance)
                    .map(item -> Untold.of((Json.Obj) item))
                    .toList();
        } catch (JsonRefusedException e) {
            throw new IOException("`" + file + "` is not ours; remove it: " + e.getMessage(), e);
        }
    }

    void untold(List<Untold> all) throws IOException {
        Json items = new Json.Arr(all.stream().<Json>map(Untold::json).toList());
        write("untold", JsonWriter.text(Json.object().put("untold", items).build()) + "\n");
    }
}
