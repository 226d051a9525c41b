package dev.reeve.connector;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * What makes a connector the agent that {@code reeve connect} registered: a 0600 file in the folder of keys, one per agent and home.
 *
 * @param secret what the server knows the keyed hash of
 */
public record Registration(Path home, String agent, String secret) {
    private static final long LARGEST = 8_192;

    static Path folder(Path keys) {
        return keys.resolve("connectors");
    }

    /** The checksum only keeps the homes apart; the file itself says which one it belongs to. */
    public static Path file(Path keys, Path home, String agent) {
        CRC32 sum = new CRC32();
        sum.update(home.toString().getBytes(StandardCharsets.UTF_8));
        return folder(keys).resolve(agent.concat("-").concat(Long.toHexString(sum.getValue())));
    }

    public String text() {
        return "home "
                .concat(home.toString())
                .concat("\nagent ")
                .concat(agent)
                .concat("\nsecret ")
                .concat(secret)
                .concat("\n");
    }

    /**
     * @return empty if there is none
     * @throws IOException if it cannot be read, or is not what {@link #text} writes
     */
    public static Optional<Registration> read(Path file) throws IOException {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IOException(file.toString().concat(" is too large to be a registration"));
            }
            return Optional.of(parse(file, Files.readAllLines(file, StandardCharsets.UTF_8)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Adds the registration in this file if it is one for this home. */
    static void add(Path file, Path home, List<Registration> found) throws IOException {
        Optional<Registration> registration = read(file);
        if (registration.isPresent() && registration.get().home().equals(home)) {
            found.add(registration.get());
        }
    }

    private static Registration parse(Path file, List<String> lines) throws IOException {
        boolean fits = lines.size() == 3
                && lines.get(0).startsWith("home ")
                && lines.get(1).startsWith("agent ")
                && lines.get(2).startsWith("secret ")
                && Preamble.isWord(lines.get(2).substring(7));
        if (!fits) {
            throw new IOException(file.toString().concat(" is not a registration; run `reeve connect` again"));
        }
        return new Registration(
                Path.of(lines.get(0).substring(5)),
                lines.get(1).substring(6),
                lines.get(2).substring(7));
    }

    @Override
    public String toString() {
        return "Registration[agent=".concat(agent).concat(", secret=***]");
    }
}
