package dev.reeve.config;

import dev.reeve.ledger.VerifierKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code witness.yaml}. */
public final class WitnessFile {
    private static final int MOST_LOGS = 1_000;
    private final Home home;
    private final Problems problems = new Problems();
    private final String name;

    private WitnessFile(Home home) {
        this.home = home;
        this.name = home.nameOf(home.file());
    }

    /** @param home whose file is the witness's */
    public static Loaded<WitnessConfig> read(Home home) {
        return new WitnessFile(home).read();
    }

    private Loaded<WitnessConfig> read() {
        Optional<Node.Mapping> raw =
                OperatorFiles.bytes(home.file(), name, problems).flatMap(bytes -> Yaml.read(name, bytes, problems));
        if (raw.isEmpty()) {
            return Loaded.nothing(problems);
        }
        Node.Mapping root = ShapeCheck.check(raw.get(), WitnessShape.ROOT, problems);
        Values values = new Values(root, WitnessShape.ROOT);
        Path folder = home.userConfig().resolve("reeve");
        Path state = home.folder().resolve(values.text("state")).normalize();
        Path key = values.optional("key")
                .map(it -> home.folder().resolve(it).normalize())
                .orElse(folder.resolve("witness.key"));
        if (key.startsWith(state)) {
            problems.error(
                    root.get("key").orElse(root),
                    "the key lies in the folder of the state",
                    "keep it elsewhere: a copy of the state must not give away the key");
        }
        SecretsFile secrets = SecretsFile.read(folder, problems);
        Optional<ListenerConfig> listen = new ListenerReader(new TlsReader(home, secrets, problems), problems)
                .read(root, "listen", WitnessShape.ROOT);
        Map<String, List<VerifierKey>> logs = logs(root);
        if (problems.hasErrors() || listen.isEmpty()) {
            return Loaded.nothing(problems);
        }
        return Loaded.of(new WitnessConfig(values.text("name"), listen.get(), state, key, logs), problems);
    }

    private Map<String, List<VerifierKey>> logs(Node.Mapping root) {
        Map<String, List<VerifierKey>> logs = new LinkedHashMap<>();
        root.membersOf("logs").forEach((origin, member) -> {
            List<VerifierKey> keys = new ArrayList<>();
            for (Node.Scalar key : Node.scalarsOf(member.value())) {
                try {
                    keys.add(VerifierKey.parse(key.text()));
                } catch (IllegalArgumentException e) {
                    problems.error(
                            key, String.valueOf(e.getMessage()), "`reeve audit key` prints the keys of a record");
                }
            }
            logs.put(origin, keys);
        });
        if (logs.size() > MOST_LOGS) {
            problems.error(root.get("logs").orElse(root), "has more than " + MOST_LOGS + " logs");
        }
        return logs;
    }
}
