package dev.reeve.export;

import dev.reeve.outbound.HttpPool;
import dev.reeve.outbound.TlsDelivery;
import dev.reeve.secrets.Secret;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Makes sinks. */
public final class Sinks {
    private Sinks() {}

    /**
     * How a sink writes.
     *
     * @param name the export's
     */
    public record Writing(String name, Format format, boolean values) {}

    public static Sink file(Writing writing, Path file) {
        return new FileSink(file, writing.format(), writing.values());
    }

    /** @param host of ours, as messages name it */
    public static Sink syslog(Writing writing, TlsDelivery delivery, String host) {
        return new SyslogSink(delivery, host, writing.format(), writing.values());
    }

    /**
     * @param pool closed with the sink
     * @param sign empty for requests without a signature
     */
    public static Sink http(
            Writing writing,
            HttpPool pool,
            String target,
            Map<String, Secret> headers,
            Optional<Secret> sign,
            InstantSource clock) {
        return new HttpSink(
                pool,
                new HttpSink.Request(writing.name(), target, headers, sign, writing.format(), writing.values()),
                clock);
    }
}
