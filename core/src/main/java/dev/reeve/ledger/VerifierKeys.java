package dev.reeve.ledger;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The public keys of one log whose signatures somebody demands: Ed25519, ML-DSA-44, or both. With both, a checkpoint that only one of them
 * signed is not signed.
 *
 * @param all one or two, of one name, each of another algorithm
 */
public record VerifierKeys(List<VerifierKey> all) {
    public VerifierKeys {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no key is given");
        }
        if (all.stream().map(VerifierKey::name).distinct().count() > 1) {
            throw new IllegalArgumentException("the keys are of different logs: "
                    + all.stream().map(key -> "`" + key.name() + "`").collect(Collectors.joining(", ")));
        }
        if (all.stream().map(VerifierKey::kind).distinct().count() < all.size()) {
            throw new IllegalArgumentException(
                    "two keys of one algorithm are given: of a log that changed its keys, give"
                            + " those that you have known longest");
        }
    }

    public static VerifierKeys of(VerifierKey... keys) {
        return new VerifierKeys(List.of(keys));
    }

    /**
     * One vkey a line.
     *
     * @throws IllegalArgumentException with a text for the user
     */
    public static VerifierKeys parse(String lines) {
        return new VerifierKeys(lines.lines()
                .filter(line -> !line.isBlank())
                .map(VerifierKey::parse)
                .toList());
    }

    public String name() {
        return all.getFirst().name();
    }

    /** As a text for people: {@code Ed25519 and ML-DSA-44}. */
    public String algorithms() {
        return all.stream().map(VerifierKey::algorithm).collect(Collectors.joining(" and "));
    }

    Optional<VerifierKey> with(String signer, int id) {
        return all.stream()
                .filter(key -> key.id() == id && key.name().equals(signer))
                .findFirst();
    }

    /** One vkey a line, without the last line's end; {@link #parse} reads it. */
    @Override
    public String toString() {
        return all.stream().map(VerifierKey::toString).collect(Collectors.joining("\n"));
    }

    /** Which signatures are demanded, for people: algorithm and id of each key. */
    public List<String> signatures() {
        return all.stream().map(key -> key.algorithm() + " " + key.idText()).toList();
    }

    /** For a message: names and ids, since a key of ML-DSA-44 fills a screen. */
    String shown() {
        return all.stream()
                .map(key -> key.name() + "+" + key.idText() + " (" + key.algorithm() + ")")
                .collect(Collectors.joining(", "));
    }
}
