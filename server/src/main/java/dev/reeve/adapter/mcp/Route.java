package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which upstreams an endpoint shows, and what their things are called there. */
public sealed interface Route {
    /** All of them: names are {@code <upstream>.<name>}, URIs {@code reeve://<upstream>/<uri>}. */
    record All() implements Route {
        @Override
        public SortedSet<String> upstreams(Set<String> known) {
            return new TreeSet<>(known);
        }

        @Override
        public String shown(String upstream, String name) {
            return upstream + "." + name;
        }

        @Override
        public Optional<Target> named(String shown) {
            int dot = shown.indexOf('.');
            return dot <= 0 ? Optional.empty() : target(shown.substring(0, dot), shown.substring(dot + 1));
        }

        @Override
        public String shownUri(String upstream, String uri) {
            return SCHEME + upstream + "/" + uri;
        }

        @Override
        public Optional<Target> uri(String shown) {
            int slash = shown.startsWith(SCHEME) ? shown.indexOf('/', SCHEME.length()) : -1;
            return slash < 0
                    ? Optional.empty()
                    : target(shown.substring(SCHEME.length(), slash), shown.substring(slash + 1));
        }

        private static Optional<Target> target(String upstream, String name) {
            return upstream.isEmpty() || name.isEmpty() ? Optional.empty() : Optional.of(new Target(upstream, name));
        }

        @Override
        public String name() {
            return "*";
        }
    }

    /** One, under its own names. */
    record One(String upstream) implements Route {
        @Override
        public SortedSet<String> upstreams(Set<String> known) {
            SortedSet<String> one = new TreeSet<>();
            if (known.contains(upstream)) {
                one.add(upstream);
            }
            return one;
        }

        @Override
        public String shown(String of, String name) {
            return name;
        }

        @Override
        public Optional<Target> named(String shown) {
            return shown.isEmpty() ? Optional.empty() : Optional.of(new Target(upstream, shown));
        }

        @Override
        public String shownUri(String of, String uri) {
            return uri;
        }

        @Override
        public Optional<Target> uri(String shown) {
            return named(shown);
        }

        @Override
        public String name() {
            return upstream;
        }
    }

    /** A thing of an upstream, by the upstream's own name or URI for it. */
    record Target(String upstream, String name) {}

    String SCHEME = "reeve://";

    SortedSet<String> upstreams(Set<String> known);

    String shown(String upstream, String name);

    /** What a client means by a tool's or prompt's name. The upstream need not exist: the gate finds out, like for any other. */
    Optional<Target> named(String shown);

    String shownUri(String upstream, String uri);

    Optional<Target> uri(String shown);

    /** For records and for what is bound to the route. */
    String name();

    /** A copy of a definition with the member {@code name} as it is shown here. */
    default Json.Obj shownAs(String upstream, Json.Obj definition) {
        return definition
                .string("name")
                .map(name -> definition.with("name", Json.of(shown(upstream, name))))
                .orElse(definition);
    }
}
