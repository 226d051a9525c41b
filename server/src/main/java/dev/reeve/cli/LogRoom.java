package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.http.HttpConfig;
import dev.reeve.http.HttpLimits;
import dev.reeve.http.HttpServer;
import dev.reeve.http.HttpTls;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.Ledger;
import dev.reeve.secrets.Secret;
import dev.reeve.tlog.LogHttp;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The listener on which others read the record; it has its own limits, so that no reader takes anything from agents. */
final class LogRoom {
    private static final int MOST_BODY = 1024;
    private static final long MOST_UNREAD = 32L << 20;
    private static final int MOST_CONNECTIONS = 512;
    private static final int MOST_IN_FLIGHT = 256;

    private LogRoom() {}

    /**
     * @param readers whose tokens may read, where a token is needed
     * @param refused takes the code of each request of somebody who may not
     */
    static HttpServer open(
            ReeveConfig.LogListener config,
            Optional<HttpTls> tls,
            EventLoopGroup loops,
            LogHttp.Published published,
            Predicate<Secret> readers,
            Consumer<String> refused)
            throws IOException {
        LogHttp log = new LogHttp(
                published,
                config.anybody() ? Optional.empty() : Optional.of(readers),
                LogHttp.Limits.USUAL,
                refused,
                incident -> Log.error("incident", incident));
        HttpLimits limits = HttpLimits.DEFAULT
                .withBodies(MOST_BODY, MOST_UNREAD)
                .withCounts(MOST_CONNECTIONS, 4, MOST_IN_FLIGHT)
                .withTimes(
                        Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(30));
        HttpConfig listener =
                new HttpConfig(config.listener().address(), config.listener().names(), Set.of(), limits, tls);
        return HttpServer.open(listener, loops, log, refusal -> {});
    }

    /** What is served as the checkpoint: with witnesses only what enough of them have cosigned. */
    static LogHttp.Published published(Ledger ledger, Optional<WitnessRoom> witnesses) {
        Supplier<Optional<Checkpoint>> checkpoint = witnesses
                .<Supplier<Optional<Checkpoint>>>map(room -> room::published)
                .orElse(() -> Optional.of(ledger.checkpoint()));
        return new LogHttp.Published(checkpoint, ledger::checkpoint, ledger.tiles());
    }
}
