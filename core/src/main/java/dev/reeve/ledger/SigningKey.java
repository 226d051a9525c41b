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
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A key that signs checkpoints, in the file form of Go's {@code sumdb/note}: {@code PRIVATE+KEY+name+hash+base64(type || seed)}. The seed
 * has 32 bytes, for Ed25519 (RFC 8032) and for ML-DSA-44 (FIPS 204, the seed of KeyGen) alike.
 *
 * <p>Security guarantees: the seed is never printed; a file that others can read is refused. Whoever has the file can sign another
 * history; that is why it lies outside the data folder (R30), and why witnesses exist.
 */
final class SigningKey {
    private static final String PREFIX = "PRIVATE+KEY+";
    private static final int SEED_BYTES = 32;
    private final PrivateKey key;
    private final VerifierKey verifier;
    private final SecureRandom random;

    /** @param random for the hedged signatures of ML-DSA (FIPS 204 section 3.4) */
    private SigningKey(String name, KeyKind kind, byte[] seed, SecureRandom random) throws GeneralSecurityException {
        KeyPair pair = pair(kind, seed);
        byte[] der = pair.getPublic().getEncoded();
        this.key = pair.getPrivate();
        this.verifier =
                new VerifierKey(name, kind, Arrays.copyOfRange(der, der.length - kind.publicBytes(), der.length));
        this.random = random;
    }

    /** The public half. */
    VerifierKey verifier() {
        return verifier;
    }

    /**
     * What stands in a signature line behind the key's id.
     *
     * @param timestamp epoch seconds; only some kinds sign it
     */
    byte[] sign(KeyKind.Signable what, long timestamp) {
        KeyKind kind = verifier.kind();
        byte[] signature = sign(kind.message(verifier.name(), what, timestamp));
        return kind.isTimestamped()
                ? ByteBuffer.allocate(Long.BYTES + signature.length)
                        .putLong(timestamp)
                        .put(signature)
                        .array()
                : signature;
    }

    /** A bare signature over bytes as they are. */
    byte[] sign(byte[] message) {
        String algorithm = verifier.kind().algorithm();
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key, random);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK cannot sign with " + algorithm, e);
        }
    }

    @Override
    public String toString() {
        return "***";
    }

    /** @throws IOException with a text for the user */
    static SigningKey load(Path file, KeyKind kind, SecureRandom random) throws IOException {
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
            if (typed.length != SEED_BYTES + 1 || !KeyKind.of(typed[0]).equals(Optional.of(kind))) {
                throw new IOException("`" + file + "` is not a signing key of " + kind.algorithm());
            }
            SigningKey key = new SigningKey(parts[2], kind, Arrays.copyOfRange(typed, 1, typed.length), random);
            if (!key.verifier.idText().equals(parts[3])) {
                throw new IOException("the signing key `" + file + "` is damaged: it does not fit its own hash");
            }
            return key;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("`" + file + "` is not a signing key", e);
        }
    }

    /** Makes a key in a file for this user alone; returns when it is durable. Its folder exists. */
    static SigningKey create(Path file, KeyKind kind, String name, SecureRandom random) throws IOException {
        byte[] seed = new byte[SEED_BYTES];
        random.nextBytes(seed);
        try {
            SigningKey key = new SigningKey(name, kind, seed, random);
            byte[] typed = ByteBuffer.allocate(1 + SEED_BYTES)
                    .put(kind.type())
                    .put(seed)
                    .array();
            String text = PREFIX + name + "+" + key.verifier.idText() + "+"
                    + Base64.getEncoder().encodeToString(typed) + "\n";
            store(file, text.getBytes(StandardCharsets.UTF_8));
            return key;
        } catch (GeneralSecurityException e) {
            throw new IOException("this JDK cannot make a key of " + kind.algorithm(), e);
        }
    }

    /** Whole or not there: a crash leaves at most a file that is made again. */
    private static void store(Path file, byte[] text) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(unfinished);
        try (FileChannel channel = FileChannel.open(
                unfinished,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        // Unlike a move it fails if somebody else has made a key meanwhile.
        Files.createLink(file, unfinished);
        Files.delete(unfinished);
    }

    /**
     * The JDK makes a pair from 32 bytes that it asks a random source for: here it is given the seed. That this stays so is checked on
     * every load against the hash in the file.
     */
    private static KeyPair pair(KeyKind kind, byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.algorithm());
        generator.initialize(new java.security.spec.NamedParameterSpec(kind.algorithm()), new SeedOnly(seed));
        return generator.generateKeyPair();
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
