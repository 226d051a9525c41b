package dev.reeve.config;

import dev.reeve.child.Confinement;
import dev.reeve.definitions.checks.Check;
import dev.reeve.outbound.Cidr;
import dev.reeve.policy.Place;
import dev.reeve.secrets.Secret;
import dev.reeve.tls.TlsFiles;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One MCP server as the operator wrote it. */
public sealed interface UpstreamConfig {
    String name();

    /** What holds for both kinds. */
    Common common();

    /**
     * A child process, started without a shell (R21).
     *
     * @param environment everything that it gets from the file, secrets resolved
     * @param confinement what it may see and use; empty only if the operator wrote {@code confine: none}
     */
    record Stdio(
            String name,
            Common common,
            List<String> argv,
            Path folder,
            Map<String, Secret> environment,
            Optional<Confinement> confinement)
            implements UpstreamConfig {
        public Stdio {
            argv = List.copyOf(argv);
            environment = Collections.unmodifiableMap(new LinkedHashMap<>(environment));
        }
    }

    /**
     * Streamable HTTP: https, or http to loopback.
     *
     * @param headers sent with every request, secrets resolved
     * @param allowAddresses CIDR blocks that are not globally reachable and yet may be connected to (R25)
     * @param tls own authorities, client certificate, name; empty: the system's authorities and the name of the URL
     */
    record Http(
            String name,
            Common common,
            URI url,
            Map<String, Secret> headers,
            List<Cidr> allowAddresses,
            Optional<Tls> tls)
            implements UpstreamConfig {
        public Http {
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
            allowAddresses = List.copyOf(allowAddresses);
        }
    }

    /** @param place where it is written, for what is wrong with the files */
    record Tls(TlsFiles files, Optional<String> serverName, Place place) {}

    /**
     * @param stateless the server keeps nothing between calls, so principals may share a session (R13)
     * @param trustFirstUse new tools are pinned without asking; changed ones are held all the same (R19)
     * @param revision of MCP that is spoken; agreed with the server if empty
     * @param maxAnswer bytes of one answer
     * @param maxSessions at once
     * @param maxConnections for calls at a time, over HTTP
     * @param acceptFindings checks that do not hold a definition of this server where first use is trusted
     */
    record Common(
            boolean stateless,
            boolean trustFirstUse,
            Optional<String> revision,
            Timeouts timeouts,
            int maxAnswer,
            int maxSessions,
            int maxConnections,
            Set<Check> acceptFindings,
            Asks asks) {
        public Common {
            acceptFindings = Set.copyOf(acceptFindings);
        }

        public Common(
                boolean stateless,
                boolean trustFirstUse,
                Optional<String> revision,
                Timeouts timeouts,
                int maxAnswer,
                int maxSessions,
                int maxConnections) {
            this(
                    stateless,
                    trustFirstUse,
                    revision,
                    timeouts,
                    maxAnswer,
                    maxSessions,
                    maxConnections,
                    Set.of(),
                    Asks.USUAL);
        }
    }

    /**
     * What the server may ask of clients.
     *
     * @param elicitation {@code safe}, {@code any} or {@code deny}
     */
    record Asks(String elicitation, boolean sampling, boolean roots) {
        /** What holds where the file says nothing. */
        public static final Asks USUAL = new Asks("safe", true, true);
    }

    /**
     * @param connect for a connection, TLS included
     * @param firstByte until an answer begins
     * @param call for one action in all
     * @param idle after which an unused session or child is ended
     */
    record Timeouts(Duration connect, Duration firstByte, Duration call, Duration idle) {}
}
