package dev.reeve.config;

import dev.reeve.audit.EventQuery;
import dev.reeve.audit.EventQuery.BadQueryException;
import dev.reeve.audit.EventQuery.Part;
import dev.reeve.config.ExportConfig.Receiver;
import dev.reeve.export.Format;
import dev.reeve.secrets.Secret;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One entry of {@code exports:}, its shape checked already. */
final class ExportReader {
    private static final Map<String, Set<String>> KEYS = Map.of(
            "file", Set.of("path"),
            "syslog", Set.of("address", "tls", "allow_addresses"),
            "webhook", Set.of("url", "headers", "sign", "tls", "allow_addresses"),
            "otlp", Set.of("url", "headers", "tls", "allow_addresses"));
    private static final Set<String> OF_ALL = Set.of("kind", "format", "values", "filter");

    private final Home home;
    private final SecretsFile secrets;
    private final UpstreamReader upstreams;
    private final OutboundReader outbound;
    private final Problems problems;

    /** @param upstreams reads what upstreams and receivers have in common */
    ExportReader(Home home, SecretsFile secrets, UpstreamReader upstreams, Problems problems) {
        this.home = home;
        this.secrets = secrets;
        this.upstreams = upstreams;
        this.outbound = new OutboundReader(problems);
        this.problems = problems;
    }

    /** Empty if something is wrong; that has been told. */
    Optional<ExportConfig> read(String name, Node.Mapping entry) {
        Values values = new Values(entry, ReeveShape.EXPORT);
        String kind = values.text("kind");
        Set<String> keys = KEYS.getOrDefault(kind, Set.of());
        entry.members().forEach((key, member) -> {
            if (!keys.contains(key) && !OF_ALL.contains(key)) {
                problems.error(member.key(), member.value().field(), "means nothing for `" + kind + "`", "remove it");
            }
        });
        Optional<EventQuery> asked = filter(entry);
        Optional<Receiver> receiver = switch (kind) {
            case "file" -> file(entry);
            case "syslog" -> syslog(entry);
            default -> http(kind, entry);
        };
        Format format = format(entry, kind, values);
        boolean hidden = values.text("values").equals("true");
        return receiver.isPresent() && asked.isPresent()
                ? Optional.of(new ExportConfig(name, format, hidden, asked.get(), receiver.get()))
                : Optional.empty();
    }

    private Format format(Node.Mapping entry, String kind, Values values) {
        Format usual = switch (kind) {
            case "syslog" -> Format.CEF;
            case "otlp" -> Format.OTEL;
            default -> Format.JSONL;
        };
        Format format = values.optional("format").flatMap(Format::find).orElse(usual);
        Node at = entry.get("format").orElse(entry);
        if (kind.equals("otlp") && format != Format.OTEL) {
            problems.error(at, "`otlp` takes the format `otel` only", "remove it, or use `webhook`");
        }
        if (kind.equals("syslog") && (format == Format.CSV || format == Format.OTEL)) {
            problems.error(at, "is no format of single messages", "use cef, ocsf or jsonl");
        }
        return format;
    }

    private Optional<EventQuery> filter(Node.Mapping entry) {
        Map<Part, String> asked = new EnumMap<>(Part.class);
        Optional<Node.Mapping> filter = entry.mapping("filter");
        for (Part part : Part.values()) {
            filter.flatMap(it -> it.text(part.wire())).ifPresent(value -> asked.put(part, value));
        }
        try {
            return Optional.of(EventQuery.of(asked));
        } catch (BadQueryException e) {
            problems.error(filter.map(it -> (Node) it).orElse(entry), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<Receiver> file(Node.Mapping entry) {
        return required(entry, "path")
                .map(path -> new ExportConfig.ToFile(
                        home.folder().resolve(path.text()).normalize()));
    }

    private Optional<Receiver> syslog(Node.Mapping entry) {
        return required(entry, "address").flatMap(address -> {
            String text = address.text();
            int colon = text.lastIndexOf(':');
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port < 1 || port > 65_535) {
                problems.error(address, "the port is not from 1 to 65535");
                return Optional.empty();
            }
            String host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
            return Optional.of(new ExportConfig.ToSyslog(host, port, outbound.blocks(entry), tls(entry)));
        });
    }

    private Optional<Receiver> http(String kind, Node.Mapping entry) {
        Map<String, Secret> headers = upstreams.headers(entry);
        Optional<Secret> sign = entry.mapping("sign")
                .flatMap(it -> it.scalar("secret"))
                .flatMap(it -> secrets.get(it.text(), it.place(), it.field(), problems));
        return required(entry, "url")
                .flatMap(outbound::url)
                .map(url -> new ExportConfig.ToHttp(kind, url, headers, sign, outbound.blocks(entry), tls(entry)));
    }

    private Optional<UpstreamConfig.Tls> tls(Node.Mapping entry) {
        return entry.mapping("tls").map(new TlsReader(home, secrets, problems)::upstream);
    }

    private Optional<Node.Scalar> required(Node.Mapping entry, String key) {
        Optional<Node.Scalar> value = entry.scalar(key);
        if (value.isEmpty()) {
            problems.error(entry, "has no `" + key + "`", "say where it goes");
        }
        return value;
    }
}
