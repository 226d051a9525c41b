package dev.reeve.ledger;

import dev.reeve.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A ledger whose every byte is known, so that what is exported from it is too: the key is in the source, and time stands still. */
final class ExportHouse {
    static final String ORIGIN = "example.com/reeve-vectors";
    /** A key for tests: everybody has it. */
    private static final String KEY =
            "PRIVATE+KEY+" + ORIGIN + "+1707724f+AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n";

    private static final String ML_DSA_KEY =
            "PRIVATE+KEY+" + ORIGIN + "+81772c2b+BiAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/\n";

    final Path folder;
    final Path ledger;
    final SigningKeys key;

    ExportHouse(Path folder) throws IOException {
        this.folder = folder;
        this.ledger = folder.resolve("ledger");
        Path keys = Files.createDirectories(folder.resolve("keys"));
        write(keys.resolve("key"), KEY);
        write(keys.resolve("key-mldsa"), ML_DSA_KEY);
        this.key = SigningKeys.loadOrCreate(keys.resolve("key"), ORIGIN, new Zeros());
    }

    private static void write(Path file, String key) throws IOException {
        Files.writeString(file, key);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** With it ML-DSA signs the same twice: the deterministic variant of FIPS 204 section 3.4. */
    static final class Zeros extends SecureRandom {
        private static final long serialVersionUID = 1;

        @Override
        public void nextBytes(byte[] bytes) {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    VerifierKeys vkey() {
        return key.verifiers();
    }

    /** Appends entries from..to-1; each pair is an intent with a hidden value, and its outcome. */
    void append(int from, int to) throws LedgerUnavailableException {
        try (Ledger opened = Ledger.open(
                ledger, LedgerTest.SMALL, key, InstantSource.fixed(Instant.parse("2026-11-24T10:00:00Z")))) {
            for (int i = from; i < to; i++) {
                opened.append(entry(i));
            }
        }
    }

    void changeKeys() throws LedgerUnavailableException {
        try (Ledger opened = Ledger.open(
                ledger, LedgerTest.SMALL, key, InstantSource.fixed(Instant.parse("2026-11-24T10:00:00Z")))) {
            opened.changeKeys(SuccessionTest::entry);
        }
    }

    static Entry entry(int i) {
        String id = "a_" + i / 2;
        if (i % 2 == 1) {
            return Entry.stamped(
                    "node-1",
                    Json.object()
                            .put("kind", "outcome")
                            .put("id", id)
                            .put(
                                    "millis",
                                    new Json.Num(numbers().get(i / 2 % numbers().size())))
                            .build(),
                    List.of());
        }
        Disclosure hidden = hidden(i);
        return Entry.stamped(
                "node-1",
                Json.object()
                        // As an agent may write it: it is no commitment here.
                        .put("asked", Commitment.of(hidden(i + 1)))
                        .put("kind", "intent")
                        .put("id", id)
                        .put("text", "caf\u00e9 \u20ac \ud83d\ude00 \u0001\"\\/")
                        .put("\u20ac", true)
                        .put(
                                "hidden",
                                Json.object()
                                        .put("arguments", Commitment.of(hidden))
                                        .build())
                        .build(),
                List.of(hidden));
    }

    static Disclosure hidden(int i) {
        byte[] salt = ByteBuffer.allocate(16).putInt(i).array();
        return new Disclosure(salt, "arguments", ("{\"sql\":\"SELECT " + i + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    /** Each form that RFC 8785 has for a number. */
    private static List<String> numbers() {
        return List.of("0", "-1", "12.5", "0.000001", "1e-7", "123456789012345680000", "1e21", "1.5e+300", "0.1");
    }

    static Map<String, byte[]> files(Path of) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(of)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String name = of.relativize(file).toString();
                if (!name.equals(ExportFolder.MARK)) {
                    files.put(name, Files.readAllBytes(file));
                }
            }
        }
        return files;
    }

    static void copy(Path from, Path to) throws IOException {
        for (Map.Entry<String, byte[]> file : files(from).entrySet()) {
            Path target = to.resolve(file.getKey());
            Files.createDirectories(target.getParent());
            Files.write(target, file.getValue());
        }
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> walk = Files.walk(folder)) {
                for (Path path :
                        walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    static void replace(Path with, Path file) throws IOException {
        Files.copy(with, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
