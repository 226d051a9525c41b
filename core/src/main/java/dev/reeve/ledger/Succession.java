package dev.reeve.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * That the keys of a log were followed by others (R30): an entry that names both, and the proof that the old ones signed a state of the log
 * which has this entry. Kept as a C2SP tlog-proof, {@code succession-NNNNNN}, in the ledger's folder and in what is exported from it.
 *
 * <p>Nothing in such a file is believed before {@link Keyring} has checked it against keys that a user gave.
 *
 * @param name of its file
 * @param before the keys that sign this
 * @param after the keys that sign everything later
 */
record Succession(String name, LogProof proof, VerifierKeys before, VerifierKeys after) {
    /** More is an attack on whoever reads them. */
    static final int MOST = 1000;

    private static final Pattern NAME = Pattern.compile("succession-[0-9]{6}");
    /** Possessive and with a limit: foreign entries are matched against it too (R8). */
    private static final String STRING = "\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+){0,100}+\"";

    private static final String KEYS = "\\[(\"[^\"\\\\]++\"(?:,\"[^\"\\\\]++\")?)\\]";
    /** The whole record, in its one canonical form: nothing that somebody got recorded within another record looks like this. */
    private static final Pattern RECORD = Pattern.compile(String.join(
            "",
            "\\{\"act\":\"ledger_keys\",\"counter\":[0-9]+,\"id\":",
            STRING,
            ",\"kind\":\"control\",\"new_keys\":",
            KEYS,
            ",\"node\":",
            STRING,
            ",\"old_keys\":",
            KEYS,
            ",\"person\":",
            STRING,
            ",\"subject\":",
            STRING,
            ",\"time\":",
            STRING,
            ",\"v\":[0-9]+\\}"));

    static String name(int number) {
        return String.format(Locale.ROOT, "succession-%06d", number);
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** What the text of such a file says; empty if it is not one. No signature is checked. */
    static Optional<Succession> parse(String name, byte[] bytes) {
        return LogProof.read(bytes)
                .flatMap(proof -> proof.entry()
                        .flatMap(entry ->
                                keys(entry).map(keys -> new Succession(name, proof, keys.before(), keys.after()))));
    }

    /** The two sets of keys that an entry names. */
    record Keys(VerifierKeys before, VerifierKeys after) {}

    static Optional<Keys> keys(byte[] leaf) {
        Matcher record = RECORD.matcher(new String(leaf, StandardCharsets.UTF_8));
        if (!record.matches()) {
            return Optional.empty();
        }
        try {
            Keys keys = new Keys(parse(record.group(2)), parse(record.group(1)));
            boolean oneLog = keys.before().name().equals(keys.after().name());
            return oneLog ? Optional.of(keys) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static VerifierKeys parse(String quoted) {
        return new VerifierKeys(
                Arrays.stream(quoted.substring(1, quoted.length() - 1).split("\",\"", -1))
                        .map(VerifierKey::parse)
                        .toList());
    }

    /**
     * The names of the files in a folder; that of one which a crash left unfinished too.
     *
     * @throws IOException with a text for the user if there are too many
     */
    static List<String> names(Disk disk) throws IOException {
        List<String> names =
                disk.names().stream().filter(Succession::isName).sorted().toList();
        if (names.size() > MOST) {
            throw new IOException("there are more than " + MOST + " files `succession-...`");
        }
        return names;
    }

    /** Writes the next one; returns when it is durable. One that a crash left unfinished is written again. */
    static Succession store(Disk disk, LogProof proof) throws IOException {
        int number = read(disk).size() + 1;
        String name = name(number);
        byte[] text = proof.text().getBytes(StandardCharsets.UTF_8);
        if (disk.names().contains(name)) {
            disk.delete(name);
        }
        try (DiskFile file = disk.create(name)) {
            file.write(ByteBuffer.wrap(text), 0);
            file.force();
        }
        disk.forceNames();
        return parse(name, text).orElseThrow(() -> new IOException("the record of the new keys is not one"));
    }

    /** What a folder holds of them, in order. */
    static List<Succession> read(Disk disk) throws IOException {
        List<String> names = names(disk);
        List<Succession> found = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Optional<Succession> one = parse(names.get(i), bytes(disk, names.get(i)));
            if (!names.get(i).equals(name(i + 1)) || (one.isEmpty() && i < names.size() - 1)) {
                throw new IOException("the file `" + name(i + 1) + "` is missing or damaged");
            }
            // A crash can leave the last one unfinished; the keys before it sign then.
            one.ifPresent(found::add);
        }
        return found;
    }

    /** One byte more than allowed is read, so that what is too long is seen to be. */
    static byte[] bytes(Disk disk, String name) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LogProof.MOST_BYTES + 1);
        try (DiskFile file = disk.open(name)) {
            file.read(bytes, 0);
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    static byte[] bytes(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no `" + file + "`");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LogProof.MOST_BYTES + 1);
        }
    }
}
