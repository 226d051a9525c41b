package dev.reeve.cli;

import dev.reeve.config.WitnessesConfig;
import dev.reeve.control.Health;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.metrics.Metrics;
import dev.reeve.outbound.AddressCheck;
import dev.reeve.outbound.HttpOrigin;
import dev.reeve.outbound.HttpPool;
import dev.reeve.witness.Cosigning;
import dev.reeve.witness.WitnessCalls;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The witnesses that are asked, and the thread that looks whom to ask. */
final class WitnessRoom implements AutoCloseable {
    /** One request at a time, and one connection. */
    private static final HttpPool.Limits LIMITS = new HttpPool.Limits(1, Duration.ofSeconds(5), Duration.ofSeconds(30));

    private final Cosigning cosigning;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("witnesses").factory());

    private WitnessRoom(
            WitnessesConfig config, Foundation foundation, TlsRoom tls, EventLoopGroup loops, Metrics metrics) {
        List<Cosigning.Member> members =
                config.ask().stream().map(one -> member(one, tls, loops)).toList();
        this.cosigning = new Cosigning(
                foundation.ledger(),
                new Cosigning.Settings(config.needed(), config.every(), config.alarmAfter()),
                members,
                new ToldHere(foundation),
                workers,
                System::nanoTime);
        cosigning.measure(metrics);
    }

    static WitnessRoom open(
            WitnessesConfig config, Foundation foundation, TlsRoom tls, EventLoopGroup loops, Metrics metrics) {
        WitnessRoom room = new WitnessRoom(config, foundation, tls, loops, metrics);
        room.looking.scheduleWithFixedDelay(room::look, 0, 1, TimeUnit.SECONDS);
        return room;
    }

    private static Cosigning.Member member(WitnessesConfig.Witness one, TlsRoom tls, EventLoopGroup loops) {
        HttpOrigin origin = HttpOrigin.of(one.url());
        HttpPool pool = new HttpPool(
                origin, AddressCheck.forHost(origin.host(), one.allowAddresses()), loops, LIMITS, tls.witness(one));
        return new Cosigning.Member(one.name(), one.key(), new WitnessCalls(one.url(), pool));
    }

    private record ToldHere(Foundation foundation) implements Cosigning.Told {
        @Override
        public void record(String act, Json.Obj difference) throws UnrecordableException {
            foundation.recordAct("reeve", act, foundation.ledger().checkpoint().origin(), difference);
        }

        @Override
        public void incident(String line) {
            Log.error("incident", line);
        }

        @Override
        public void info(String line) {
            Log.info("witnesses", line);
        }
    }

    /** What one look throws must not end the looking. */
    private void look() {
        try {
            cosigning.look();
        } catch (RuntimeException | Error e) {
            Log.error("witnesses", e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    Optional<Checkpoint> published() {
        return cosigning.published();
    }

    void tell(Health health) {
        health.check("witnesses", cosigning::trouble);
        health.tell("witnesses", cosigning::status);
    }

    @Override
    public void close() {
        looking.shutdownNow();
        workers.shutdownNow();
        try {
            // What was signed just now may still be stored.
            if (!workers.awaitTermination(2, TimeUnit.SECONDS)) {
                Log.warn("witnesses", "a request to a witness did not end; nothing of it is stored");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        cosigning.close();
    }
}
