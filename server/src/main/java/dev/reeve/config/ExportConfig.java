package dev.reeve.config;

import dev.reeve.audit.EventQuery;
import dev.reeve.export.Format;
import dev.reeve.outbound.Cidr;
import dev.reeve.secrets.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One entry of {@code exports:}: who else gets the record. */
public record ExportConfig(String name, Format format, boolean values, EventQuery asked, Receiver receiver) {

    /** Where it goes. */
    public sealed interface Receiver {
        /** As the file names it. */
        String kind();
    }

    /** @param path absolute */
    public record ToFile(Path path) implements Receiver {
        @Override
        public String kind() {
            return "file";
        }
    }

    /** Over TLS. */
    public record ToSyslog(String host, int port, List<Cidr> allowAddresses, Optional<UpstreamConfig.Tls> tls)
            implements Receiver {
        public ToSyslog {
            allowAddresses = List.copyOf(allowAddresses);
        }

        @Override
        public String kind() {
            return "syslog";
        }
    }

    /** @param kind {@code webhook} or {@code otlp} */
    public record ToHttp(
            String kind,
            URI url,
            Map<String, Secret> headers,
            Optional<Secret> sign,
            List<Cidr> allowAddresses,
            Optional<UpstreamConfig.Tls> tls)
            implements Receiver {
        public ToHttp {
            headers = Map.copyOf(headers);
            allowAddresses = List.copyOf(allowAddresses);
        }
    }
}
