package dev.reeve.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The private keys of one log, each in a file of its own outside the data folder (R30): {@code ledger.key} (Ed25519), {@code
 * ledger-mldsa.key} (ML-DSA-44), and with {@code .next} behind the name those that are to follow.
 *
 * <p>A key signs from the moment on at which a checkpoint with its signature is on the disk; only then does its file lose the {@code
 * .next}. So at every start the files and the ledger's folder together say which keys count, and an installation whose only key is an
 * Ed25519 key gets the second one without a command. For one thread at a time.
 */
public final class SigningKeys {
    private static final String SUFFIX = ".key";
    private static final String NEXT = ".next";
    private final Path file;
    private final SecureRandom random;
    private boolean shared;
    private SigningKey ed25519;
    private @Nullable SigningKey mlDsa;
    private @Nullable SigningKey nextEd25519;
    private @Nullable SigningKey nextMlDsa;

    private SigningKeys(Path file, SigningKey ed25519, SecureRandom random) throws IOException {
        this.file = file;
        this.ed25519 = ed25519;
        this.random = random;
        read();
        checkNames();
    }

    /** As {@link #loadOrCreate(Path, String)}; new keys get the name {@code reeve.local/} and eight random digits. */
    public static SigningKeys loadOrCreate(Path file) throws IOException {
        byte[] digits = new byte[4];
        new SecureRandom().nextBytes(digits);
        return loadOrCreate(file, "reeve.local/" + HexFormat.of().formatHex(digits));
    }

    /**
     * Reads the keys, or makes them in files for this user alone.
     *
     * @param file of the Ed25519 key; the others lie beside it
     * @param nameIfNew also the origin of the log; ignored if the file exists
     * @throws IOException with a text for the user
     */
    public static SigningKeys loadOrCreate(Path file, String nameIfNew) throws IOException {
        return loadOrCreate(file, nameIfNew, new SecureRandom());
    }

    /** @param random for new seeds, and for the signatures of ML-DSA */
    static SigningKeys loadOrCreate(Path file, String nameIfNew, SecureRandom random) throws IOException {
        Path path = file.toAbsolutePath().normalize();
        Path folder = folder(path);
        SigningKey first = one(path, nameIfNew, random);
        SigningKeys keys = new SigningKeys(path, first, random);
        if (keys.mlDsa == null && keys.nextMlDsa == null) {
            keys.make(KeyKind.ML_DSA_44);
            keys.read();
            force(folder);
        }
        return keys;
    }

    /** Reads an Ed25519 key, or makes one and its folder. */
    static SigningKey one(Path file, String nameIfNew, SecureRandom random) throws IOException {
        Path path = file.toAbsolutePath().normalize();
        Path folder = folder(path);
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        if (Files.exists(path)) {
            return SigningKey.load(path, KeyKind.ED25519, random);
        }
        SigningKey made = SigningKey.create(path, KeyKind.ED25519, nameIfNew, random);
        force(folder);
        return made;
    }

    private void make(KeyKind kind) throws IOException {
        try {
            SigningKey.create(path(kind, NEXT), kind, name(), random);
        } catch (IOException e) {
            throw new IOException(
                    "a key of " + kind.algorithm() + " cannot be made beside `" + file
                            + "`, whose folder must be writable for it once: " + e,
                    e);
        }
    }

    private void read() throws IOException {
        ed25519 = SigningKey.load(file, KeyKind.ED25519, random);
        mlDsa = readIfThere(KeyKind.ML_DSA_44, "");
        nextEd25519 = readIfThere(KeyKind.ED25519, NEXT);
        nextMlDsa = readIfThere(KeyKind.ML_DSA_44, NEXT);
    }

    private @Nullable SigningKey readIfThere(KeyKind kind, String state) throws IOException {
        Path path = path(kind, state);
        return Files.exists(path) ? SigningKey.load(path, kind, random) : null;
    }

    private void checkNames() throws IOException {
        for (SigningKey key : known()) {
            if (!key.verifier().name().equals(name())) {
                throw new IOException("the signing keys beside `" + file + "` are of different logs: `" + name()
                        + "` and `" + key.verifier().name() + "`; put back those that belong together");
            }
        }
    }

    /**
     * Several installations have these keys, each with a ledger of its own. Then a second key stays one that joins, since each ledger gets
     * it at another time, and no keys follow these.
     */
    public SigningKeys sharedIf(boolean several) {
        shared = several;
        return this;
    }

    boolean isShared() {
        return shared;
    }

    /** The name of the keys, which is the origin of the log. */
    public String name() {
        return ed25519.verifier().name();
    }

    /** The public halves of the keys that sign now. */
    public VerifierKeys verifiers() {
        return verifiers(signers());
    }

    static VerifierKeys verifiers(List<SigningKey> keys) {
        return new VerifierKeys(keys.stream().map(SigningKey::verifier).toList());
    }

    /** The keys that sign, as far as their files say. */
    List<SigningKey> signers() {
        return Stream.of(Optional.of(ed25519), Optional.ofNullable(mlDsa).or(this::joining))
                .flatMap(Optional::stream)
                .toList();
    }

    /** A second key that is new: no checkpoint that counts is known to have its signature yet. */
    Optional<SigningKey> joining() {
        return mlDsa == null && nextEd25519 == null ? Optional.ofNullable(nextMlDsa) : Optional.empty();
    }

    /** Every key whose file is there, in whatever state. */
    private List<SigningKey> known() {
        return Stream.of(
                        Optional.of(ed25519),
                        Optional.ofNullable(mlDsa),
                        Optional.ofNullable(nextEd25519),
                        Optional.ofNullable(nextMlDsa))
                .flatMap(Optional::stream)
                .toList();
    }

    /** The private halves, if all of them are here. */
    Optional<List<SigningKey>> of(VerifierKeys keys) {
        List<SigningKey> found = known().stream()
                .filter(key -> keys.all().contains(key.verifier()))
                .toList();
        return found.size() == keys.all().size() ? Optional.of(found) : Optional.empty();
    }

    /** Makes the keys that are to follow, where an earlier call has not; they are durable and not in force. */
    List<SigningKey> prepareNext() throws IOException {
        for (KeyKind kind : KeyKind.values()) {
            if (!Files.exists(path(kind, NEXT))) {
                make(kind);
            }
        }
        force(folder(file));
        read();
        return List.of(java.util.Objects.requireNonNull(nextEd25519), java.util.Objects.requireNonNull(nextMlDsa));
    }

    /** The keys that waited take the places of those before them, whose seeds are gone then. Can be called again after a crash. */
    void promote() throws IOException {
        for (KeyKind kind : KeyKind.values()) {
            if (Files.exists(path(kind, NEXT))) {
                Files.move(
                        path(kind, NEXT),
                        path(kind, ""),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        force(folder(file));
        read();
    }

    /** Whether any of the files lies in this folder. */
    boolean isIn(Path folder) {
        return file.startsWith(folder.toAbsolutePath().normalize());
    }

    Path file() {
        return file;
    }

    private Path path(KeyKind kind, String state) {
        String name = String.valueOf(file.getFileName());
        if (kind == KeyKind.ML_DSA_44) {
            name = name.endsWith(SUFFIX)
                    ? name.substring(0, name.length() - SUFFIX.length()) + "-mldsa" + SUFFIX
                    : name + "-mldsa";
        }
        return file.resolveSibling(name + state);
    }

    private static Path folder(Path file) {
        return java.util.Objects.requireNonNull(file.getParent(), "an absolute path of a file");
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
