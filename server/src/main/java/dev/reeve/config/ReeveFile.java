package dev.reeve.config;

import dev.reeve.secrets.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code reeve.yaml}. */
public final class ReeveFile {
    private static final String EXT_AUTHZ = "ext_authz";

    private final Home home;
    private final Problems problems = new Problems();
    private final String name;

    private ReeveFile(Home home) {
        this.home = home;
        this.name = home.nameOf(home.file());
    }

    public static Loaded<ReeveConfig> read(Home home) {
        return new ReeveFile(home).read();
    }

    /** The names of upstreams, also of a file with mistakes: what is said of policies should not depend on them. */
    public static Optional<Set<String>> upstreamNames(Home home) {
        Problems ignored = new Problems();
        String name = home.nameOf(home.file());
        return OperatorFiles.bytes(home.file(), name, ignored)
                .flatMap(bytes -> Yaml.read(name, bytes, ignored))
                .map(root -> Set.copyOf(root.membersOf("upstreams").keySet()));
    }

    private Loaded<ReeveConfig> read() {
        Optional<Node.Mapping> raw =
                OperatorFiles.bytes(home.file(), name, problems).flatMap(bytes -> Yaml.read(name, bytes, problems));
        if (raw.isEmpty()) {
            return Loaded.nothing(problems);
        }
        Node.Mapping root = ShapeCheck.check(raw.get(), ReeveShape.ROOT, problems);
        Values values = new Values(root, ReeveShape.ROOT);
        Path data = home.folder().resolve(values.text("data")).normalize();
        Path keys = home.keys()
                .or(() -> values.optional("keys")
                        .map(it -> home.folder().resolve(it).normalize()))
                .orElse(home.userConfig().resolve("reeve"));
        apart(root, data, keys);
        SecretsFile secrets = SecretsFile.read(keys, problems);
        GatewayConfig gateway = GatewayConfig.of(values.below("gateway"));
        consistent(root, gateway);
        TlsReader tls = new TlsReader(home, secrets, problems);
        Optional<ReeveConfig.Listen> listen = listen(root, tls);
        Optional<WitnessesConfig> witnesses =
                root.mapping("witnesses").flatMap(new WitnessesReader(tls, problems)::read);
        UpstreamReader reader = new UpstreamReader(home, places(data, keys), secrets, problems);
        List<UpstreamConfig> upstreams = upstreams(root, reader);
        List<ExportConfig> exports = exports(root, new ExportReader(home, secrets, reader, problems));
        List<JudgeConfig> judges = judges(root, new JudgeReader(home, secrets, problems));
        ApprovalsConfig approvals = new ApprovalsReader(secrets, reader, problems).read(root.mapping("approvals"));
        int share = values.below("search").whole("share");
        followed(root, share, exports);
        Optional<ReviewConfig> review = root.mapping("review").flatMap(this::review);
        List<Secret> all = secrets.all();
        if (problems.hasErrors() || listen.isEmpty()) {
            return Loaded.nothing(problems);
        }
        return Loaded.of(
                new ReeveConfig(
                        home.folder(),
                        home.file(),
                        listen.get(),
                        data,
                        keys,
                        upstreams,
                        exports,
                        judges,
                        gateway,
                        witnesses,
                        approvals,
                        review,
                        share,
                        systemUsers(root),
                        all),
                problems);
    }

    /** A time of the day means something for whole days only. */
    private Optional<ReviewConfig> review(Node.Mapping entry) {
        Values values = new Values(entry, ReeveShape.REVIEW);
        Duration every = values.time("every");
        Optional<LocalTime> at = values.optional("at").map(LocalTime::parse);
        if (at.isPresent() && every.toSeconds() % Duration.ofDays(1).toSeconds() != 0) {
            problems.error(
                    entry.get("at").orElse(entry),
                    "`at` means nothing with `every: " + values.text("every") + "`",
                    "write whole days, or remove `at`");
        }
        return Optional.of(new ReviewConfig(every, at, values.whole("keep")));
    }

    /** A key beside the data it protects protects nothing: whoever alters the one alters the other (R29, R30). */
    private void apart(Node.Mapping root, Path data, Path keys) {
        if (keys.startsWith(data) || data.startsWith(keys)) {
            Node at = root.get("keys").or(() -> root.get("data")).orElse(root);
            problems.error(
                    at,
                    "the folder of keys and the folder of data lie in each other",
                    "keys protect the data: keep them elsewhere");
        }
    }

    private void consistent(Node.Mapping root, GatewayConfig gateway) {
        Node at = root.get("gateway").orElse(root);
        if (gateway.maxBodies() < gateway.maxBody()) {
            problems.error(at, "`max_bodies` is smaller than `max_body`: no request would fit");
        }
        if (gateway.maxInFlightPerAgent() < gateway.maxInFlightPerInstance()) {
            problems.error(at, "`max_in_flight_per_agent` is smaller than `max_in_flight_per_instance`");
        }
    }

    /** Receivers get what the index has: one that follows nothing by itself would bring them nothing. */
    private void followed(Node.Mapping root, int share, List<ExportConfig> exports) {
        if (share == 0 && !exports.isEmpty()) {
            Node at = root.mapping("search").flatMap(it -> it.get("share")).orElse(root);
            problems.error(
                    at,
                    "with 0 the index follows only when somebody searches, and `exports` would get nothing",
                    "write at least 1, or remove `exports`");
        }
    }

    private Optional<ReeveConfig.Listen> listen(Node.Mapping root, TlsReader tls) {
        ListenerReader reader = new ListenerReader(tls, problems);
        Node.Mapping section =
                root.mapping("listen").orElse(new Node.Mapping(root.place(), "listen", java.util.Map.of()));
        Optional<ListenerConfig> agents = reader.read(section, "agents", ReeveShape.LISTEN);
        Optional<ListenerConfig> control = reader.read(section, "control", ReeveShape.LISTEN);
        Optional<ListenerConfig> log =
                section.mentions("log") ? reader.read(section, "log", ReeveShape.LISTEN) : Optional.empty();
        Optional<ListenerConfig> extAuthz =
                section.mentions(EXT_AUTHZ) ? reader.read(section, EXT_AUTHZ, ReeveShape.LISTEN) : Optional.empty();
        if (agents.isEmpty()
                || control.isEmpty()
                || (section.mentions("log") && log.isEmpty())
                || (section.mentions(EXT_AUTHZ) && extAuthz.isEmpty())) {
            return Optional.empty();
        }
        List<ListenerConfig> all = new ArrayList<>(List.of(agents.get(), control.get()));
        log.ifPresent(all::add);
        extAuthz.ifPresent(all::add);
        List<Integer> ports = all.stream()
                .map(it -> it.address().getPort())
                .filter(port -> port != 0)
                .toList();
        if (Set.copyOf(ports).size() < ports.size()) {
            problems.error(section, "two listeners have the same port", "give each its own");
        }
        boolean anybody = section.mapping("log")
                .filter(it ->
                        new Values(it, ReeveShape.LOG_LISTENER).text("readers").equals("anybody"))
                .isPresent();
        return Optional.of(new ReeveConfig.Listen(
                agents.get(), control.get(), log.map(it -> new ReeveConfig.LogListener(it, anybody)), extAuthz));
    }

    /** What no server that Reeve starts may see any part of (R21): also the usual folder of keys, where another installation's may be. */
    private List<Path> places(Path data, Path keys) {
        return List.of(
                data,
                keys,
                home.userConfig().resolve("reeve"),
                home.file(),
                home.folder().resolve(PolicyFiles.CATALOG),
                home.folder().resolve(PolicyFiles.POLICIES));
    }

    private static Map<String, List<String>> systemUsers(Node.Mapping root) {
        Map<String, List<String>> users = new HashMap<>();
        root.mapping("system_users")
                .ifPresent(all -> all.members().keySet().forEach(user -> users.put(user, all.texts(user))));
        return users;
    }

    private static List<JudgeConfig> judges(Node.Mapping root, JudgeReader reader) {
        List<JudgeConfig> judges = new ArrayList<>();
        root.membersOf("judges").forEach((judge, member) -> {
            if (member.value() instanceof Node.Mapping entry) {
                reader.read(judge, entry).ifPresent(judges::add);
            }
        });
        return judges;
    }

    private List<ExportConfig> exports(Node.Mapping root, ExportReader reader) {
        List<ExportConfig> exports = new ArrayList<>();
        root.membersOf("exports").forEach((export, member) -> {
            if (member.value() instanceof Node.Mapping entry) {
                reader.read(export, entry).ifPresent(exports::add);
            }
        });
        return exports;
    }

    private List<UpstreamConfig> upstreams(Node.Mapping root, UpstreamReader reader) {
        List<UpstreamConfig> upstreams = new ArrayList<>();
        root.membersOf("upstreams").forEach((upstream, member) -> {
            if (member.value() instanceof Node.Mapping entry) {
                reader.read(upstream, entry).ifPresent(upstreams::add);
            }
        });
        return upstreams;
    }
}
