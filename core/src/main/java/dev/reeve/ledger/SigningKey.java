package dev.reeve.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * The key that signs checkpoints: Ed25519, in the file form of Go's {@code sumdb/note}
 * ({@code PRIVATE+KEY+name+hash+base64(0x01 || seed)}).
 *
 * <p>Security guarantees: the seed is never printed; a file that others can read is refused. Whoever has the file can sign another
 * history; that is why it lies outside the data folder (R30), and why witnesses exist.
 */
public final class SigningKey {
    private static final String PREFIX = "PRIVATE+KEY+";
    private static final int SEED_BYTES = 32;
    private final Path file;
    private final PrivateKey key;
    private final VerifierKey verifier;

    private SigningKey(Path file, String name, byte[] seed) throws GeneralSecurityException {
        this.file = file;
        this.key = KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
        this.verifier = new VerifierKey(name, publicKey(seed));
    }

    /** As {@link #loadOrCreate(Path, String)}; a new key gets the name {@code reeve.local/} and eight random digits. */
    public static SigningKey loadOrCreate(Path file) throws IOException {
        byte[] random = new byte[4];
        new SecureRandom().nextBytes(random);
        return loadOrCreate(file, "reeve.local/" + HexFormat.of().formatHex(random));
    }

    /**
     * Reads the key, or makes one in a file for this user alone.
     *
     * @param nameIfNew also the origin of the log; ignored if the file exists
     * @throws IOException with a text for the user
     */
    public static SigningKey loadOrCreate(Path file, String nameIfNew) throws IOException {
        Path path = file.toAbsolutePath().normalize();
        return Files.exists(path) ? load(path) : create(path, nameIfNew);
    }

    /** The public half, which {@code verify} wants. */
    public VerifierKey verifier() {
        return verifier;
    }

    Path file() {
        return file;
    }

    byte[] sign(byte[] text) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(key);
            signer.update(text);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot sign with Ed25519", e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }

    private static SigningKey load(Path file) throws IOException {
        Set<PosixFilePermission> allowed = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        Set<PosixFilePermission> actual = Files.getPosixFilePermissions(file);
        if (!allowed.containsAll(actual)) {
            throw new IOException("the signing key `" + file + "` can be read by others ("
                    + PosixFilePermissions.toString(actual) + "): run chmod 600 on it, and ask who has read it");
        }
        String[] parts =
                Files.readString(file, StandardCharsets.US_ASCII).strip().split("\\+", 5);
        if (parts.length != 5 || !(parts[0] + "+" + parts[1] + "+").equals(PREFIX)) {
            throw new IOException("`" + file + "` is not a signing key");
        }
        try {
            byte[] typed = Base64.getDecoder().decode(parts[4]);
            if (typed.length != SEED_BYTES + 1 || typed[0] != VerifierKey.ED25519) {
                throw new IOException("`" + file + "` is not an Ed25519 signing key");
            }
            SigningKey key = new SigningKey(file, parts[2], Arrays.copyOfRange(typed, 1, typed.length));
            if (!key.verifier.idText().equals(parts[3])) {
                throw new IOException("the signing key `" + file + "` is damaged: it does not fit its own hash");
            }
            return key;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("`" + file + "` is not a signing key", e);
        }
    }

    private static SigningKey create(Path file, String name) throws IOException {
        Path parent = file.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            Files.createDirectories(
                    parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        byte[] seed = new byte[SEED_BYTES];
        new SecureRandom().nextBytes(seed);
        try {
            SigningKey key = new SigningKey(file, name, seed);
            byte[] typed = ByteBuffer.allocate(1 + SEED_BYTES)
                    .put(VerifierKey.ED25519)
                    .put(seed)
                    .array();
            String text = PREFIX + name + "+" + key.verifier.idText() + "+"
                    + Base64.getEncoder().encodeToString(typed) + "\n";
            store(file, text.getBytes(StandardCharsets.UTF_8));
            return key;
        } catch (GeneralSecurityException e) {
            throw new IOException("this JDK cannot make an Ed25519 key", e);
        }
    }

    private static void store(Path file, byte[] text) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Path parent = file.getParent();
        if (parent != null) {
            try (FileChannel folder = FileChannel.open(parent, StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    /**
     * The JDK derives a public key only when it makes a pair, from 32 bytes that it asks a random source for: here it is given the seed.
     * That this stays so is checked on every load against the hash in the file.
     */
    private static byte[] publicKey(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new SeedOnly(seed));
        byte[] der = generator.generateKeyPair().getPublic().getEncoded();
        return Arrays.copyOfRange(der, der.length - SEED_BYTES, der.length);
    }

    private static final class SeedOnly extends SecureRandom {
        private static final long serialVersionUID = 1;
        private final transient byte[] seed;

        SeedOnly(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != seed.length) {
                throw new UncheckedIOException(new IOException("a seed has 32 bytes"));
            }
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
