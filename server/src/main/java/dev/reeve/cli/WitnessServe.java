package dev.reeve.cli;

import dev.reeve.config.ListenerConfig;
import dev.reeve.config.WitnessConfig;
import dev.reeve.http.HttpConfig;
import dev.reeve.http.HttpLimits;
import dev.reeve.http.HttpServer;
import dev.reeve.http.HttpTls;
import dev.reeve.json.Json;
import dev.reeve.ledger.AddCheckpoint;
import dev.reeve.ledger.CosigningKey;
import dev.reeve.tls.BadTlsException;
import dev.reeve.tls.Renewing;
import dev.reeve.tls.TlsLibrary;
import dev.reeve.witness.Witness;
import dev.reeve.witness.WitnessHttp;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** The process of a witness: its state, its listener, and the watch over its certificate. */
final class WitnessServe implements AutoCloseable {
    private static final int MOST_CONNECTIONS = 512;
    private static final int MOST_IN_FLIGHT = 64;
    private static final int MOST_HANDSHAKES = 64;
    private static final String LISTENER = "witness";

    private final WitnessConfig config;
    private final Witness witness;
    private final EventLoopGroup loops;
    private final Optional<Renewing<SslContext>> certificate;
    private final HttpServer server;
    private final AtomicReference<List<String>> toldBroken = new AtomicReference<>(List.of());
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("certificates").factory());

    private WitnessServe(WitnessConfig config, CosigningKey key) throws IOException, BadTlsException {
        this.config = config;
        this.certificate = certificate(config.listen());
        this.witness = Witness.open(key, config.logs(), config.state(), InstantSource.system());
        this.loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            this.server = HttpServer.open(listener(), loops, new WitnessHttp(witness, this::outcome), refusal -> {});
        } catch (IOException e) {
            closeRest();
            throw e;
        }
        certificate.ifPresent(it -> {
            CertificateWatch watch = new CertificateWatch(Map.of(LISTENER, it), InstantSource.system());
            looking.scheduleWithFixedDelay(() -> watch.look(TOLD), 1, 1, TimeUnit.SECONDS);
        });
    }

    static WitnessServe open(WitnessConfig config, CosigningKey key) throws IOException, CommandException {
        try {
            return new WitnessServe(config, key);
        } catch (BadTlsException e) {
            throw new CommandException(ExitCodes.USAGE, e.line());
        }
    }

    private static Optional<Renewing<SslContext>> certificate(ListenerConfig listen) throws BadTlsException {
        Optional<ListenerConfig.Tls> tls = listen.tls();
        return tls.isPresent()
                ? Optional.of(Renewing.listener(tls.get().files(), tls.get().clientRequired(), TlsLibrary.best()))
                : Optional.empty();
    }

    private HttpConfig listener() {
        HttpLimits limits = HttpLimits.DEFAULT
                .withBodies(AddCheckpoint.MOST_BYTES, 64L * AddCheckpoint.MOST_BYTES)
                .withCounts(MOST_CONNECTIONS, 4, MOST_IN_FLIGHT)
                .withTimes(
                        Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30));
        Optional<HttpTls> tls = certificate.map(it -> new HttpTls(
                it::current,
                host -> it.facts().filter(facts -> facts.covers(host)).isPresent(),
                MOST_HANDSHAKES,
                Duration.ofSeconds(5),
                outcome -> {}));
        return new HttpConfig(config.listen().address(), config.listen().names(), Set.of(), limits, tls);
    }

    /** A state that cannot be written is the operator's to repair; the rest is ordinary. */
    private void outcome(String word) {
        List<String> broken = word.equals("state") ? witness.broken() : List.of();
        if (!broken.isEmpty() && !broken.equals(toldBroken.getAndSet(broken))) {
            Log.error(
                    "incident",
                    "witness_state: the state of these logs could not be written, and nothing of them is"
                            + " cosigned until the next start: " + String.join(", ", broken));
        }
    }

    private static final CertificateWatch.Told TOLD = new CertificateWatch.Told() {
        @Override
        public void record(String what, Json.Obj difference) {
            Log.info("tls", what + ": " + difference);
        }

        @Override
        public void incident(String line) {
            Log.error("incident", line);
        }

        @Override
        public void info(String line) {
            Log.info("tls", line);
        }
    };

    String url() {
        return TlsRoom.url(
                config.listen(),
                certificate.flatMap(Renewing::facts),
                server.address().getPort());
    }

    private void closeRest() throws IOException {
        looking.shutdownNow();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        witness.close();
    }

    @Override
    public void close() throws IOException {
        server.close(Duration.ofSeconds(5));
        closeRest();
    }
}
