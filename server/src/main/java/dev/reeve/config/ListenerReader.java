package dev.reeve.config;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A listener as it is written: an address alone, or a mapping with it. */
final class ListenerReader {
    private final TlsReader tls;
    private final Problems problems;

    ListenerReader(TlsReader tls, Problems problems) {
        this.tls = tls;
        this.problems = problems;
    }

    /** @param shape of the section, which has the default */
    Optional<ListenerConfig> read(Node.Mapping section, String key, Shape.Struct shape) {
        Optional<Node.Mapping> mapping = section.mapping(key);
        Node at = mapping.flatMap(it -> it.get("address"))
                .or(() -> section.get(key))
                .orElse(section);
        String text = mapping.flatMap(it -> it.text("address")).orElseGet(() -> new Values(section, shape).text(key));
        boolean wantsTls = mapping.filter(it -> it.mentions("tls")).isPresent();
        Optional<ListenerConfig.Tls> own =
                mapping.flatMap(it -> it.mapping("tls")).flatMap(tls::listener);
        Set<String> names = new TreeSet<>();
        mapping.ifPresent(it -> it.texts("names").forEach(name -> names.add(name.toLowerCase(Locale.ROOT))));
        if (text.isEmpty()) {
            problems.error(at, "has no `address`", "write it: `{ address: HOST:PORT, ... }`");
            return Optional.empty();
        }
        return ListenAddress.read(text, wantsTls, at.place(), Node.below(section.field(), key), problems)
                .filter(ignored -> own.isPresent() == wantsTls)
                .map(address -> new ListenerConfig(address, names, own));
    }
}
