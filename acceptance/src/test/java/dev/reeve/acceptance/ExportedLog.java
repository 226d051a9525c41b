package dev.reeve.acceptance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** An exported folder, as a forger sees it. */
record ExportedLog(Path folder) {
    static final String FIRST = "tile/entries/000";
    static final String SECOND = "tile/entries/001";

    /** A copy, over what was there before. */
    ExportedLog copyTo(Path to) throws IOException {
        if (Files.exists(to)) {
            try (Stream<Path> old = Files.walk(to)) {
                for (Path path : old.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(folder.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return new ExportedLog(to);
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(file(name));
    }

    void flip(String name, int at, int bit) throws IOException {
        byte[] bytes = bytes(name);
        bytes[at < 0 ? bytes.length + at : at] ^= (byte) bit;
        Files.write(file(name), bytes);
    }

    void cut(String name, int less) throws IOException {
        byte[] bytes = bytes(name);
        Files.write(file(name), Arrays.copyOf(bytes, bytes.length - less));
    }

    void append(String name, byte[] more) throws IOException {
        Files.write(file(name), more, java.nio.file.StandardOpenOption.APPEND);
    }

    void delete(String name) throws IOException {
        Files.delete(file(name));
    }

    void exchange(String one, String other) throws IOException {
        byte[] first = bytes(one);
        Files.write(file(one), bytes(other));
        Files.write(file(other), first);
    }

    void replace(Path with, String name) throws IOException {
        Files.copy(with, file(name), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Changes the entries of a bundle; the lengths before them are right again afterwards. */
    void entries(String bundle, Consumer<List<byte[]>> change) throws IOException {
        List<byte[]> entries = entries(bundle);
        change.accept(entries);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte[] entry : entries) {
            bytes.write(entry.length >>> 8);
            bytes.write(entry.length);
            bytes.writeBytes(entry);
        }
        Files.write(file(bundle), bytes.toByteArray());
    }

    List<byte[]> entries(String bundle) throws IOException {
        byte[] bytes = bytes(bundle);
        List<byte[]> entries = new ArrayList<>();
        for (int at = 0; at < bytes.length; ) {
            int length = (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
            entries.add(Arrays.copyOfRange(bytes, at + 2, at + 2 + length));
            at += 2 + length;
        }
        return entries;
    }

    /** Where an entry's length stands in its bundle. */
    int offset(String bundle, int entry) throws IOException {
        return entries(bundle).stream()
                .limit(entry)
                .mapToInt(bytes -> 2 + bytes.length)
                .sum();
    }

    /** What a better forger does: the leaf hash fits the altered entry. */
    void forge(String bundle, String tile, int entry) throws IOException {
        entries(
                bundle,
                entries -> entries.set(
                        entry,
                        text(entries.get(entry))
                                .replaceFirst("\"id\":\"", "\"id\":\"X")
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        byte[] hashes = bytes(tile);
        byte[] hash = leafHash(entries(bundle).get(entry));
        System.arraycopy(hash, 0, hashes, 32 * entry, 32);
        Files.write(file(tile), hashes);
    }

    private static String text(byte[] entry) {
        return new String(entry, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static byte[] leafHash(byte[] entry) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update((byte) 0);
            return sha.digest(entry);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
