package dev.reeve.packages;

import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import dev.reeve.upstream.LaunchRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The files of a folder by their digests. All of them: only what Python compiled into {@code __pycache__} of an environment of its own is left
 * out, which children are told not to read ({@link Packages}).
 *
 * @param files SHA-256 in hexadecimal by path; of a link, where it leads
 */
record Contents(SortedMap<String, String> files) {
    static final int MOST_FILES = 100_000;
    static final long MOST_BYTES = 4L << 30;

    private static final Pattern INTERPRETER = Pattern.compile("(python|pypy)[0-9.]*t?");

    Contents {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /**
     * @throws IOException if it cannot be read whole, is larger than anything that one would start as a server, or has links to files that lie
     *     elsewhere: nobody would see when those change
     */
    static Contents of(Path folder) throws IOException {
        SortedMap<String, String> files = new TreeMap<>();
        each(folder, (name, path, attributes) -> files.put(name, digest(path, attributes)));
        return new Contents(files);
    }

    /** Changes whenever a file was written or replaced: reading everything again is then needed, and only then. */
    static String signature(Path folder) throws IOException {
        MessageDigest digest = sha256();
        each(folder, (name, path, attributes) -> {
            String line = name + "\0" + attributes.size() + "\0" + attributes.lastModifiedTime() + "\0"
                    + attributes.fileKey() + "\0"
                    + Files.getAttribute(path, "unix:ctime", java.nio.file.LinkOption.NOFOLLOW_LINKS) + "\n";
            digest.update(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Of all files together. */
    String digest() {
        return CanonicalDigest.of(json());
    }

    Json.Obj json() {
        Json.Builder json = Json.object();
        files.forEach(json::put);
        return json.build();
    }

    /** What is different by now, a line each: {@code + added}, {@code - removed}, {@code ~ changed}. */
    List<String> since(Contents before) {
        List<String> lines = new ArrayList<>();
        TreeMap<String, String> all = new TreeMap<>(before.files);
        all.putAll(files);
        for (String name : all.keySet()) {
            String was = before.files.get(name);
            String is = files.get(name);
            if (was == null) {
                lines.add("+ " + name);
            } else if (is == null) {
                lines.add("- " + name);
            } else if (!was.equals(is)) {
                lines.add("~ " + name);
            }
        }
        return lines;
    }

    private interface Each {
        void file(String name, Path path, BasicFileAttributes attributes) throws IOException;
    }

    private record Found(Path path, BasicFileAttributes attributes) {}

    private static void each(Path folder, Each each) throws IOException {
        SortedMap<String, Found> all = new TreeMap<>();
        // It may itself be a link, which would be all that is walked.
        Path real = folder.toRealPath();
        Files.walkFileTree(real, new Walk(real, all));
        for (Map.Entry<String, Found> one : all.entrySet()) {
            each.file(one.getKey(), one.getValue().path(), one.getValue().attributes());
        }
    }

    private static final class Walk extends SimpleFileVisitor<Path> {
        private final Path folder;
        private final boolean isPython;
        private final SortedMap<String, Found> found;
        private long bytes;

        Walk(Path folder, SortedMap<String, Found> found) {
            this.folder = folder;
            this.isPython = Files.exists(folder.resolve("pyvenv.cfg"));
            this.found = found;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes of) throws IOException {
            if (isPython && isCompiled(file)) {
                return FileVisitResult.CONTINUE;
            }
            bytes += of.size();
            if (found.size() >= MOST_FILES || bytes > MOST_BYTES) {
                throw new IOException(folder + " has more than " + MOST_FILES + " files or " + MOST_BYTES
                        + " bytes; install the server in a folder of its own");
            }
            if (of.isSymbolicLink() && !isInterpreter(file)) {
                requireInside(file);
            }
            String name = folder.relativize(file).toString().replace('\\', '/');
            found.put(name, new Found(file, of));
            return FileVisitResult.CONTINUE;
        }

        private static boolean isCompiled(Path file) {
            Path parent = file.getParent();
            return parent != null
                    && parent.endsWith("__pycache__")
                    && file.toString().endsWith(".pyc");
        }

        /** An environment has links to the Python that it is of, which is the machine's and no part of any package. */
        private boolean isInterpreter(Path file) {
            return isPython
                    && folder.resolve("bin").equals(file.getParent())
                    && INTERPRETER.matcher(String.valueOf(file.getFileName())).matches();
        }

        /** By its text, so that what it leads to cannot come into being elsewhere, and by where it leads today. */
        private void requireInside(Path link) throws IOException {
            Path target = link.resolveSibling(Files.readSymbolicLink(link)).normalize();
            boolean isInside = target.startsWith(folder)
                    && (!Files.exists(link) || link.toRealPath().startsWith(folder));
            if (!isInside) {
                throw new LaunchRefusedException("`" + folder.relativize(link) + "` in `" + folder + "` is a link to `"
                        + target + "`, which lies elsewhere, so that it cannot be pinned; install it there as a copy"
                        + " (`npm install --install-links`, `uv pip install --link-mode copy`)");
            }
        }
    }

    private static String digest(Path path, BasicFileAttributes attributes) throws IOException {
        if (attributes.isSymbolicLink()) {
            return "link " + Files.readSymbolicLink(path);
        }
        if (!attributes.isRegularFile()) {
            return "special";
        }
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(path)) {
            byte[] buffer = new byte[64 << 10];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
