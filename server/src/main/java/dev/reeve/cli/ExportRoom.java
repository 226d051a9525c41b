package dev.reeve.cli;

import dev.reeve.config.ExportConfig;
import dev.reeve.config.ReeveConfig;
import dev.reeve.export.Exports;
import dev.reeve.export.Sink;
import dev.reeve.export.Sinks;
import dev.reeve.metrics.Metrics;
import dev.reeve.outbound.AddressCheck;
import dev.reeve.outbound.HttpOrigin;
import dev.reeve.outbound.HttpPool;
import dev.reeve.outbound.PoolTls;
import dev.reeve.outbound.TlsDelivery;
import dev.reeve.search.EventSearch;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who else gets the record: the sinks of {@code exports:}, each followed until it has everything. */
final class ExportRoom implements AutoCloseable {
    private static final HttpPool.Limits LIMITS = new HttpPool.Limits(2, Duration.ofSeconds(10), Duration.ofSeconds(4));

    private final Exports exports;

    private ExportRoom(Exports exports) {
        this.exports = exports;
    }

    static ExportRoom open(
            Foundation foundation, EventSearch search, TlsRoom tls, EventLoopGroup loops, Metrics metrics)
            throws IOException {
        ReeveConfig config = foundation.config();
        InstantSource clock = foundation.clock().source();
        List<Exports.Configured> sinks = new ArrayList<>();
        for (ExportConfig export : config.exports()) {
            sinks.add(new Exports.Configured(
                    export.name(), export.receiver().kind(), export.asked(), sink(export, tls, loops, clock)));
        }
        Path positions = config.data().resolve("exports");
        if (!sinks.isEmpty() && !Files.isDirectory(positions)) {
            Files.createDirectory(
                    positions, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Exports exports =
                Exports.start(sinks, positions, search, Exports.Pauses.USUAL, incident -> Log.warn("export", incident));
        metrics.gauges("reeve_export_lag_records", "Records that a receiver has not got yet.", "export", exports::lags);
        metrics.gauges(
                "reeve_export_failing",
                "1 while a receiver does not take what it is sent.",
                "export",
                exports::failing);
        foundation.room().health().tell("exports", exports::status);
        return new ExportRoom(exports);
    }

    private static Sink sink(ExportConfig export, TlsRoom tls, EventLoopGroup loops, InstantSource clock) {
        Sinks.Writing writing = new Sinks.Writing(export.name(), export.format(), export.values());
        return switch (export.receiver()) {
            case ExportConfig.ToFile file -> Sinks.file(writing, file.path());
            case ExportConfig.ToSyslog syslog ->
                Sinks.syslog(
                        writing,
                        new TlsDelivery(
                                syslog.host(),
                                syslog.port(),
                                AddressCheck.forHost(syslog.host(), syslog.allowAddresses()),
                                tls.export(export, syslog.host()),
                                loops),
                        Optional.ofNullable(System.getenv("HOSTNAME")).orElse("-"));
            case ExportConfig.ToHttp http -> http(writing, export, http, tls, loops, clock);
        };
    }

    private static Sink http(
            Sinks.Writing writing,
            ExportConfig export,
            ExportConfig.ToHttp http,
            TlsRoom tls,
            EventLoopGroup loops,
            InstantSource clock) {
        HttpOrigin origin = HttpOrigin.of(http.url());
        Optional<PoolTls> spoken = origin.tls() ? Optional.of(tls.export(export, origin.host())) : Optional.empty();
        HttpPool pool =
                new HttpPool(origin, AddressCheck.forHost(origin.host(), http.allowAddresses()), loops, LIMITS, spoken);
        String path = Optional.ofNullable(http.url().getRawPath())
                .filter(it -> !it.isEmpty())
                .orElse("/");
        String query = Optional.ofNullable(http.url().getRawQuery())
                .map(it -> "?" + it)
                .orElse("");
        return Sinks.http(writing, pool, path + query, http.headers(), http.sign(), clock);
    }

    @Override
    public void close() {
        exports.close();
    }
}
