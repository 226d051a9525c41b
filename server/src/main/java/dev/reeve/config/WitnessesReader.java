package dev.reeve.config;

import dev.reeve.ledger.CosignerKey;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code witnesses:}, its shape checked already. */
final class WitnessesReader {
    private final TlsReader tls;
    private final OutboundReader outbound;
    private final Problems problems;

    WitnessesReader(TlsReader tls, Problems problems) {
        this.tls = tls;
        this.outbound = new OutboundReader(problems);
        this.problems = problems;
    }

    /** Empty if something is wrong; that has been told. */
    Optional<WitnessesConfig> read(Node.Mapping section) {
        Values values = new Values(section, ReeveShape.WITNESSES);
        List<WitnessesConfig.Witness> ask = new ArrayList<>();
        section.membersOf("ask").forEach((name, member) -> {
            if (member.value() instanceof Node.Mapping entry) {
                witness(name, entry).ifPresent(ask::add);
            }
        });
        if (values.optional("quorum").isEmpty()
                || ask.size() < section.membersOf("ask").size()) {
            return Optional.empty();
        }
        WitnessesConfig config =
                new WitnessesConfig(ask, values.whole("quorum"), values.time("every"), values.time("alarm_after"));
        try {
            config.needed();
            return Optional.of(config);
        } catch (IllegalArgumentException e) {
            problems.error(section, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<WitnessesConfig.Witness> witness(String name, Node.Mapping entry) {
        Optional<URI> url = entry.scalar("url").flatMap(outbound::url);
        Optional<CosignerKey> key = entry.scalar("key").flatMap(this::key);
        Optional<UpstreamConfig.Tls> own = entry.mapping("tls").map(tls::upstream);
        if (url.filter(it -> it.getRawQuery() != null).isPresent()) {
            problems.error(entry.get("url").orElse(entry), "a prefix has no `?` part", "remove it");
            return Optional.empty();
        }
        if (own.isPresent()
                && url.filter(it -> it.getScheme().equalsIgnoreCase("http")).isPresent()) {
            problems.error(entry.get("tls").orElse(entry), "means nothing without an https address", "remove it");
        }
        return url.flatMap(
                it -> key.map(vkey -> new WitnessesConfig.Witness(name, it, vkey, outbound.blocks(entry), own)));
    }

    private Optional<CosignerKey> key(Node.Scalar node) {
        try {
            return Optional.of(CosignerKey.parse(node.text()));
        } catch (IllegalArgumentException e) {
            problems.error(node, String.valueOf(e.getMessage()), "ask whoever runs the witness for its vkey");
            return Optional.empty();
        }
    }
}
