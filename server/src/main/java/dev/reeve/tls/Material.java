package dev.reeve.tls;

import dev.reeve.tls.Identity.Purpose;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stood in the files at one time. Read once: what is checked is what is used. */
record Material(Optional<Identity> identity, List<X509Certificate> roots) {
    Material {
        roots = List.copyOf(roots);
    }

    /** The bytes of all files; nothing of it is printed. */
    record Bytes(Map<Path, byte[]> files) {
        static Bytes read(TlsFiles files) throws BadTlsException {
            Map<Path, byte[]> read = new LinkedHashMap<>();
            for (Path path : files.paths()) {
                read.put(path, FileBytes.of(path));
            }
            if (files.pair().isPresent()) {
                FileBytes.refuseSharedKey(files.pair().get().key());
            }
            return new Bytes(read);
        }

        /** Changes whenever a byte does. */
        String version() {
            MessageDigest digest = sha256();
            files.values().forEach(bytes -> {
                digest.update((bytes.length + ":").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                digest.update(bytes);
            });
            return HexFormat.of().formatHex(digest.digest());
        }

        private byte[] of(Path path) {
            byte[] bytes = files.get(path);
            return bytes == null ? new byte[0] : bytes;
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError("every JDK has SHA-256", e);
            }
        }

        @Override
        public String toString() {
            return files.keySet().toString();
        }
    }

    static Material of(TlsFiles files, Bytes bytes, Purpose purpose) throws BadTlsException {
        Optional<Identity> identity = Optional.empty();
        if (files.pair().isPresent()) {
            TlsFiles.Pair pair = files.pair().get();
            identity = Optional.of(Identity.of(pair, bytes.of(pair.certificate()), bytes.of(pair.key()), purpose));
        }
        List<X509Certificate> roots = files.roots().isPresent()
                ? Certificates.roots(files.roots().get(), bytes.of(files.roots().get()))
                : List.of();
        return new Material(identity, roots);
    }
}
