package dev.reeve.config;

import dev.reeve.child.Confinement;
import dev.reeve.definitions.checks.Check;
import dev.reeve.outbound.Cidr;
import dev.reeve.secrets.Secret;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One entry of {@code upstreams:}, its shape checked already. */
final class UpstreamReader {
    private static final Set<String> OF_THE_PROGRAM = Set.of("folder", "env", "confine", "folders", "limits");
    private static final Set<String> OF_THE_ADDRESS = Set.of("headers", "allow_addresses", "tls");
    private static final Set<String> OUR_HEADERS = Set.of(
            "host",
            "content-length",
            "transfer-encoding",
            "connection",
            "content-type",
            "accept",
            "accept-encoding",
            "expect",
            "upgrade",
            "te",
            "trailer");

    private final Home home;
    private final SecretsFile secrets;
    private final Problems problems;
    private final ConfinementReader confinements;
    private final OutboundReader outbound;

    /** @param reeves places that no confined program may see any part of */
    UpstreamReader(Home home, List<Path> reeves, SecretsFile secrets, Problems problems) {
        this.home = home;
        this.secrets = secrets;
        this.problems = problems;
        this.outbound = new OutboundReader(problems);
        this.confinements = new ConfinementReader(home, reeves, problems);
    }

    Optional<UpstreamConfig> read(String name, Node.Mapping entry) {
        boolean program = entry.mentions("stdio");
        boolean address = entry.mentions("url");
        if (program == address) {
            problems.error(
                    entry,
                    program ? "has both `stdio` and `url`" : "has neither `stdio` nor `url`",
                    "a server is either started by Reeve (`stdio`) or runs already (`url`)");
            return Optional.empty();
        }
        misplaced(entry, program ? OF_THE_ADDRESS : OF_THE_PROGRAM, program ? "url" : "stdio");
        return program ? stdio(name, entry).map(it -> it) : http(name, entry).map(it -> it);
    }

    private void misplaced(Node.Mapping entry, Set<String> keys, String needs) {
        entry.members().forEach((key, member) -> {
            if (keys.contains(key)) {
                problems.error(
                        member.key(), member.value().field(), "means nothing without `" + needs + "`", "remove it");
            }
        });
    }

    private Optional<UpstreamConfig.Stdio> stdio(String name, Node.Mapping entry) {
        List<String> argv = entry.texts("stdio");
        if (argv.isEmpty()) {
            return Optional.empty();
        }
        if (argv.size() == 1 && argv.getFirst().contains(" ") && !Files.exists(Path.of(argv.getFirst()))) {
            problems.error(
                    entry.get("stdio").orElse(entry),
                    "one text with spaces is not split: no shell is used",
                    "write each argument as an item: [npx, -y, package]");
        }
        Path folder = home.folder()
                .resolve(new Values(entry, ReeveShape.UPSTREAM).text("folder"))
                .normalize();
        if (!Files.isDirectory(folder)) {
            problems.error(entry.get("folder").orElse(entry), "there is no folder " + home.nameOf(folder));
            return Optional.empty();
        }
        Optional<Confinement> confinement = confinements.of(entry, folder);
        return Optional.of(new UpstreamConfig.Stdio(
                name,
                common(entry),
                confinement.isPresent() ? ConfinementReader.absolute(argv, folder) : argv,
                folder,
                named(name, entry, "env"),
                confinement));
    }

    private Optional<UpstreamConfig.Http> http(String name, Node.Mapping entry) {
        Map<String, Secret> headers = named(name, entry, "headers");
        entry.get("headers").ifPresent(node -> headers.keySet().forEach(header -> header(node, header, headers)));
        List<Cidr> allowed = outbound.blocks(entry);
        Optional<UpstreamConfig.Tls> tls = entry.mapping("tls").map(new TlsReader(home, secrets, problems)::upstream);
        Optional<URI> address = entry.scalar("url").flatMap(outbound::url);
        if (tls.isPresent()
                && address.filter(it -> it.getScheme().equalsIgnoreCase("http")).isPresent()) {
            problems.error(entry.get("tls").orElse(entry), "means nothing without an https address", "remove it");
        }
        return address.map(url -> new UpstreamConfig.Http(name, common(entry), url, headers, allowed, tls));
    }

    /** Headers with their values, none of them the protocol's own. */
    Map<String, Secret> headers(Node.Mapping entry) {
        Map<String, Secret> headers = named("", entry, "headers");
        entry.get("headers").ifPresent(node -> headers.keySet().forEach(header -> header(node, header, headers)));
        return headers;
    }

    private void header(Node node, String header, Map<String, Secret> headers) {
        String low = header.toLowerCase(Locale.ROOT);
        if (OUR_HEADERS.contains(low) || low.startsWith("mcp-")) {
            problems.error(node, "the header `" + header + "` is the protocol's own", "remove it");
        }
        Secret value = headers.get(header);
        if (value != null && !value.exposeTextInsecurely().matches("[\\t\\x20-\\x7E]*")) {
            problems.error(node, "the value of the header `" + header + "` holds characters that no header can carry");
        }
    }

    private static UpstreamConfig.Common common(Node.Mapping entry) {
        Values values = new Values(entry, ReeveShape.UPSTREAM);
        Values times = values.below("timeouts");
        return new UpstreamConfig.Common(
                values.text("sessions").equals("stateless"),
                values.text("definitions").equals("trust-first-use"),
                values.optional("revision"),
                new UpstreamConfig.Timeouts(
                        times.time("connect"), times.time("first_byte"), times.time("call"), times.time("idle")),
                values.size("max_answer"),
                values.whole("max_sessions"),
                values.whole("max_connections"),
                entry.texts("accept_findings").stream()
                        .flatMap(id -> Check.find(id).stream())
                        .collect(Collectors.toSet()),
                new UpstreamConfig.Asks(
                        values.text("elicitation"),
                        values.text("sampling").equals("allow"),
                        values.text("roots").equals("allow")));
    }

    /** Variables or headers, as a list of names or as names with values. */
    private Map<String, Secret> named(String upstream, Node.Mapping entry, String key) {
        Map<String, Secret> values = new LinkedHashMap<>();
        for (Node.Scalar name : entry.get(key)
                .filter(Node.Sequence.class::isInstance)
                .map(Node::scalarsOf)
                .orElse(List.of())) {
            secrets.get(upstream + "." + name.text(), name.place(), name.field(), problems)
                    .ifPresent(it -> values.put(name.text(), it));
        }
        entry.membersOf(key).forEach((name, member) -> value(member.value()).ifPresent(it -> values.put(name, it)));
        return values;
    }

    private Optional<Secret> value(Node node) {
        return switch (node) {
            case Node.Scalar scalar -> Optional.of(Secret.of(scalar.text()));
            case Node.Mapping mapping ->
                mapping.scalar("secret").flatMap(it -> secrets.get(it.text(), it.place(), it.field(), problems));
            case Node.Sequence ignored -> Optional.empty();
        };
    }
}
