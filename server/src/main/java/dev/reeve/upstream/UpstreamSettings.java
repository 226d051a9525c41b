package dev.reeve.upstream;

import dev.reeve.child.Confinement;
import dev.reeve.outbound.Cidr;
import dev.reeve.outbound.PoolTls;
import dev.reeve.secrets.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** One MCP server as the operator's file names it. Commands come from there and from nowhere else (R21). */
public sealed interface UpstreamSettings {
    String name();

    String tenant();

    /** The server keeps nothing between calls: the principals of the tenant share one session or child. */
    boolean stateless();

    UpstreamLimits limits();

    /** The revision that the operator fixed; empty if it is agreed with the server. */
    Optional<String> revision();

    /**
     * Streamable HTTP.
     *
     * @param headers sent with every request; names that the protocol itself uses are refused
     * @param allowed addresses that are not globally reachable and yet may be connected to (R25)
     * @param tls own authorities, client certificate or name; empty: the system's authorities and the URL's host
     */
    record Http(
            String name,
            String tenant,
            boolean stateless,
            UpstreamLimits limits,
            Optional<String> revision,
            URI url,
            Map<String, Secret> headers,
            List<Cidr> allowed,
            Optional<PoolTls> tls)
            implements UpstreamSettings {
        private static final Set<String> OURS = Set.of(
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

        public Http(
                String name,
                String tenant,
                boolean stateless,
                UpstreamLimits limits,
                Optional<String> revision,
                URI url,
                Map<String, Secret> headers,
                List<Cidr> allowed) {
            this(name, tenant, stateless, limits, revision, url, headers, allowed, Optional.empty());
        }

        public Http {
            refuseUnknown(name, revision);
            headers = Map.copyOf(headers);
            allowed = List.copyOf(allowed);
            for (String header : new TreeSet<>(headers.keySet())) {
                String low = header.toLowerCase(java.util.Locale.ROOT);
                if (!header.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
                        || OURS.contains(low)
                        || low.startsWith("mcp-")) {
                    throw new IllegalArgumentException(
                            "upstream `" + name + "` may not set the header `" + header + "`");
                }
            }
        }
    }

    /**
     * A child process (R21).
     *
     * @param argv program and arguments, never a shell line
     * @param folder working folder
     * @param environment everything that it gets beside PATH, HOME and TMPDIR
     * @param confinement what it may see and use; empty only if the operator wrote {@code confine: none}
     */
    record Stdio(
            String name,
            String tenant,
            boolean stateless,
            UpstreamLimits limits,
            Optional<String> revision,
            List<String> argv,
            Path folder,
            Map<String, Secret> environment,
            Optional<Confinement> confinement)
            implements UpstreamSettings {
        public Stdio {
            refuseUnknown(name, revision);
            argv = List.copyOf(argv);
            environment = Map.copyOf(environment);
            if (argv.isEmpty() || argv.getFirst().isEmpty()) {
                throw new IllegalArgumentException("upstream `" + name + "` names no program");
            }
        }
    }

    private static void refuseUnknown(String name, Optional<String> revision) {
        revision.filter(it -> !it.equals(Agreement.MODERN) && !Agreement.isKnownLegacy(it))
                .ifPresent(it -> {
                    throw new IllegalArgumentException(
                            "upstream `" + name + "`: MCP has no revision `" + it + "` that Reeve speaks");
                });
    }
}
