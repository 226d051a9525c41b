package dev.reeve.packages;

import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.JsonWriter;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The pins of one installation, in the folder of keys: whoever can write there could make any MAC as well (R29). */
final class PinFiles {
    private static final JsonLimits LIMITS = JsonLimits.ANSWER;

    private final Path folder;

    /** @param keys may be that of several installations, which is why the home is in the name */
    PinFiles(Path keys, Path home) {
        String which = CanonicalDigest.of(home.toString().getBytes(StandardCharsets.UTF_8))
                .replaceAll("[^0-9A-Za-z]", "");
        this.folder = keys.resolve("packages").resolve(which.substring(which.length() - 16));
    }

    /** @throws IOException if there is a pin that cannot be understood: then nothing starts, instead of being pinned anew */
    Optional<PackagePin> read(String upstream) throws IOException {
        Path file = folder.resolve(upstream + ".json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            Optional<PackagePin> pin = PackagePin.read(StrictJson.readObject(Files.readAllBytes(file), LIMITS));
            if (pin.isPresent()) {
                return pin;
            }
        } catch (JsonRefusedException e) {
            throw new IOException("the pin of its package, " + file + ", cannot be read", e);
        }
        throw new IOException("the pin of its package, " + file + ", was altered; remove it if you know why");
    }

    /** Whole or not at all, and durable. */
    void write(String upstream, PackagePin pin) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path next = folder.resolve(upstream + ".json.next");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(next, JsonWriter.bytes(pin.json()));
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(next, folder.resolve(upstream + ".json"), StandardCopyOption.ATOMIC_MOVE);
    }
}
