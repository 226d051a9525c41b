package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.control.Administrators;
import dev.reeve.control.Readings;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.http.HttpConfig;
import dev.reeve.http.HttpLimits;
import dev.reeve.http.HttpServer;
import dev.reeve.http.HttpTls;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.Ledger;
import dev.reeve.secrets.Secret;
import dev.reeve.tlog.LogHttp;
import dev.reeve.tlog.Visits;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The listener on which others read the record; it has its own limits, so that no reader takes anything from agents. */
final class LogRoom implements AutoCloseable {
    private static final int MOST_BODY = 1024;
    private static final long MOST_UNREAD = 32L << 20;
    private static final int MOST_CONNECTIONS = 512;
    private static final int MOST_IN_FLIGHT = 256;

    private final HttpServer http;
    private final Visits visits;

    private LogRoom(HttpServer http, Visits visits) {
        this.http = http;
        this.visits = visits;
    }

    /** Who reads where a token is needed: an administrator, or an auditor of everything. */
    private record People(Administrators administrators, Visits visits) implements LogHttp.Readers {
        @Override
        public Optional<String> person(Secret token) {
            return administrators.readerOfEverything(token);
        }

        @Override
        public void shown(String person, long first, long end) throws UnrecordableException {
            visits.shown(person, first, end);
        }
    }

    /** @param refused takes the code of each request of somebody who may not */
    static LogRoom open(
            Foundation foundation,
            ReeveConfig.LogListener config,
            Optional<HttpTls> tls,
            EventLoopGroup loops,
            LogHttp.Published published,
            Readings readings,
            Consumer<String> refused)
            throws IOException {
        Visits visits = new Visits(readings::record, foundation.clock().source());
        LogHttp log = new LogHttp(
                published,
                config.anybody()
                        ? Optional.empty()
                        : Optional.of(new People(foundation.room().administrators(), visits)),
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
        return new LogRoom(HttpServer.open(listener, loops, log, refusal -> {}), visits);
    }

    int port() {
        return http.address().getPort();
    }

    /** Called now and then. */
    void tick() {
        visits.endIdle();
    }

    @Override
    public void close() {
        http.close(Duration.ofSeconds(1));
        visits.endAll();
    }

    /** What is served as the checkpoint: with witnesses only what enough of them have cosigned. */
    static LogHttp.Published published(Ledger ledger, Optional<WitnessRoom> witnesses) {
        Supplier<Optional<Checkpoint>> checkpoint = witnesses
                .<Supplier<Optional<Checkpoint>>>map(room -> room::published)
                .orElse(() -> Optional.of(ledger.checkpoint()));
        return new LogHttp.Published(checkpoint, ledger::checkpoint, ledger.tiles());
    }
}
