package dev.reeve.config;

import dev.reeve.policy.Place;
import dev.reeve.policy.Problem;
import dev.reeve.secrets.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code secrets.yaml} in the folder of keys: one {@code NAME: value} a line, for its owner alone.
 *
 * <p>Security guarantees: no value of this file is ever in a problem, not even where the file is malformed; a file that others may read is
 * not read at all.
 */
final class SecretsFile {
    static final String NAME = "secrets.yaml";
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final String name;
    private final Map<String, Secret> values;

    private SecretsFile(String name, Map<String, Secret> values) {
        this.name = name;
        this.values = Map.copyOf(values);
    }

    /** Without secrets if there is no such file. */
    static SecretsFile read(Path keys, Problems problems) {
        Path path = keys.resolve(NAME);
        String name = path.toString();
        if (!Files.exists(path) || !forItsOwnerAlone(path, name, problems)) {
            return new SecretsFile(name, Map.of());
        }
        return OperatorFiles.bytes(path, name, problems)
                .map(bytes -> new SecretsFile(name, parse(name, bytes, problems)))
                .orElseGet(() -> new SecretsFile(name, Map.of()));
    }

    private static boolean forItsOwnerAlone(Path path, String name, Problems problems) {
        try {
            if (OWNER.containsAll(OperatorFiles.permissions(path))) {
                return true;
            }
            problems.error(Problems.file(name), "", "others may read this file of secrets", "chmod 600 " + name);
        } catch (IOException e) {
            problems.error(Problems.file(name), "", "cannot be read: " + OperatorFiles.reason(e), "");
        }
        return false;
    }

    private static Map<String, Secret> parse(String name, byte[] bytes, Problems problems) {
        Problems raw = new Problems();
        Optional<Node.Mapping> root = Yaml.read(name, bytes, raw);
        raw.all().forEach(problem -> problems.add(withoutText(problem)));
        Map<String, Secret> values = new LinkedHashMap<>();
        root.ifPresent(mapping -> mapping.members().forEach((key, member) -> {
            if (member.value() instanceof Node.Scalar scalar && scalar.type() != Node.Type.NOTHING) {
                values.put(key, Secret.of(scalar.text()));
            } else {
                problems.error(member.key(), "", "holds something else than `NAME: value`", "put the value in quotes");
            }
        }));
        return values;
    }

    /** What a malformed line makes a name of may be half a secret, and so may what a parser quotes. */
    private static Problem withoutText(Problem problem) {
        String message = problem.message().startsWith("not YAML") ? "not YAML" : problem.message();
        return Problem.error(problem.place(), "", message)
                .withFix("write `NAME: value` with the value in quotes, each name once");
    }

    /** The secret, or a problem at the place that asks for it. */
    Optional<Secret> get(String secret, Place place, String field, Problems problems) {
        Optional<Secret> value = Optional.ofNullable(values.get(secret));
        if (value.isEmpty()) {
            String hint = Nearest.hint(secret, values.keySet());
            problems.error(
                    place,
                    field,
                    "there is no secret \"" + secret + "\" in " + name,
                    hint.isEmpty()
                            ? "add the line `" + secret + ": value` there; only you may read that file (0600)"
                            : hint);
        }
        return value;
    }

    List<Secret> all() {
        return List.copyOf(values.values());
    }
}
