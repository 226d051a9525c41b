package dev.reeve.witness;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.CosignerKey;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.Quorum;
import dev.reeve.metrics.Counter;
import dev.reeve.metrics.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Has the newest checkpoint cosigned by enough witnesses, again and again, and keeps what they signed beside the ledger.
 *
 * <p>All are asked for the same checkpoint, each in its own time and one request at a time; the next one is taken when enough have signed, or
 * when it has become old. Nothing of it is on the path of an acknowledgement, and the ledger goes on if nobody signs: that is told.
 */
public final class Cosigning implements AutoCloseable {
    /** A checkpoint that has not enough signatures after this time is left for a newer one. */
    static final Duration OLD = Duration.ofSeconds(30);

    private final Ledger ledger;
    private final Settings settings;
    private final List<Asked> witnesses;
    private final Told told;
    private final Executor workers;
    private final LongSupplier nanos;
    private final Map<String, String> toldOf = new HashMap<>();
    private Optional<Target> target = Optional.empty();
    private Optional<Long> pendingSince = Optional.empty();
    private boolean missing;
    private volatile Seen seen = new Seen(Optional.empty(), Optional.empty());
    private volatile Optional<String> trouble = Optional.empty();
    private Optional<Counter> requests = Optional.empty();

    /**
     * @param every how often they are asked for something newer
     * @param alarmAfter how long something new may be without its quorum
     */
    public record Settings(Quorum quorum, Duration every, Duration alarmAfter) {}

    /** Where it is told. */
    public interface Told {
        /** In the ledger. */
        void record(String act, Json.Obj difference) throws UnrecordableException;

        void incident(String line);

        void info(String line);
    }

    /** One who is asked. */
    public record Member(String name, CosignerKey key, WitnessCalls calls) {}

    private static final class Target {
        private final Checkpoint checkpoint;
        private final long begun;
        private final Map<String, String> lines = new LinkedHashMap<>();

        Target(Checkpoint checkpoint, long begun) {
            this.checkpoint = checkpoint;
            this.begun = begun;
        }
    }

    /** The last one that was looked at, and what it is worth: looking costs a verification for each witness. */
    private record Seen(Optional<Checkpoint> cosigned, Optional<Checkpoint> good) {}

    /**
     * @param workers on which they are asked; may block
     * @param nanos the time, as {@link System#nanoTime} gives it
     */
    public Cosigning(
            Ledger ledger, Settings settings, List<Member> members, Told told, Executor workers, LongSupplier nanos) {
        this.ledger = ledger;
        this.settings = settings;
        this.told = told;
        this.workers = workers;
        this.nanos = nanos;
        this.witnesses = members.stream()
                .map(one -> new Asked(one.name(), one.key(), one.calls(), Math::random))
                .toList();
        ledger.cosigned().ifPresent(cosigned -> {
            var signers = settings.quorum().cosigners(cosigned).keySet();
            witnesses.stream()
                    .filter(one -> signers.contains(one.key()))
                    .forEach(one -> one.startFrom(cosigned.size()));
        });
    }

    /** The newest checkpoint that has its quorum by the witnesses of now. */
    public Optional<Checkpoint> published() {
        Optional<Checkpoint> now = ledger.cosigned();
        Seen before = seen;
        if (!before.cosigned().equals(now)) {
            before = new Seen(now, now.filter(settings.quorum()::isReached));
            seen = before;
        }
        return before.good();
    }

    private long cosignedSize() {
        return published().map(Checkpoint::size).orElse(-1L);
    }

    /** Call it every second or so; asks who is to be asked. Not for several threads. */
    public void look() {
        long now = nanos.getAsLong();
        Checkpoint latest = ledger.checkpoint();
        List<Asked> free = new ArrayList<>();
        Optional<Target> current;
        synchronized (this) {
            aim(latest, now);
            current = target;
            if (current.isPresent()) {
                Target at = current.get();
                witnesses.stream()
                        .filter(one -> !at.lines.containsKey(one.name()) && one.begins(now))
                        .forEach(free::add);
            }
        }
        current.ifPresent(at -> free.forEach(one -> workers.execute(() -> ask(one, at))));
        watch(latest, now);
    }

    private void aim(Checkpoint latest, long now) {
        boolean wanted = latest.size() > Math.max(0, cosignedSize());
        if (!wanted && target.filter(at -> at.lines.size() == witnesses.size()).isPresent()) {
            target = Optional.empty();
        }
        if (wanted
                && target.filter(at -> at.checkpoint.size() == latest.size() || !isOver(at, now))
                        .isEmpty()) {
            target = Optional.of(new Target(latest, now));
        }
    }

    /** It has its quorum and was for long enough, or nobody will complete it soon. */
    private boolean isOver(Target at, long now) {
        long age = now - at.begun;
        boolean reached = at.lines.size() >= settings.quorum().needed();
        return reached
                ? age >= settings.every().toNanos()
                : age >= Math.max(OLD.toNanos(), settings.every().toNanos());
    }

    private void ask(Asked witness, Target at) {
        Optional<Asked.Signed> signed = Optional.empty();
        try {
            signed = witness.ask(at.checkpoint, ledger);
            if (signed.isPresent()) {
                took(witness, at, signed.get());
            }
        } finally {
            String outcome = signed.isPresent()
                    ? "cosigned"
                    : witness.problem().filter(Asked.Problem::isGrave).isPresent() ? "disagrees" : "failed";
            requests.ifPresent(counter -> counter.increment(witness.name(), outcome));
            witness.ends(signed.isPresent(), nanos.getAsLong());
        }
    }

    private synchronized void took(Asked witness, Target at, Asked.Signed signed) {
        at.lines.put(witness.name(), signed.line());
        if (at.lines.size() < settings.quorum().needed()) {
            return;
        }
        try {
            ledger.storeCosigned(at.checkpoint.with(at.lines.values()));
            pendingSince = ledger.checkpoint().size() > at.checkpoint.size() ? Optional.of(at.begun) : Optional.empty();
        } catch (IOException e) {
            // The next quorum is stored anew; until then what was stored before stands.
            told.incident("witnesses_store: a cosigned checkpoint cannot be stored: " + e.getMessage());
        }
    }

    private void watch(Checkpoint latest, long now) {
        Optional<String> late;
        synchronized (this) {
            if (latest.size() <= Math.max(0, cosignedSize())) {
                pendingSince = Optional.empty();
            } else if (pendingSince.isEmpty()) {
                pendingSince = Optional.of(now);
            }
            late = pendingSince
                    .filter(since -> now - since >= settings.alarmAfter().toNanos())
                    .map(since -> missingText(latest));
        }
        trouble = late;
        tellQuorum(late, latest);
        witnesses.forEach(this::tellGrave);
    }

    private String missingText(Checkpoint latest) {
        long have = Math.max(0, cosignedSize());
        return "no " + settings.quorum().needed() + " of " + witnesses.size()
                + " witnesses have cosigned the newest " + (latest.size() - have) + " of " + latest.size()
                + " entries for " + settings.alarmAfter().toSeconds() + " s";
    }

    /** An alarm that cannot be recorded now is tried again at the next look. */
    private void tellQuorum(Optional<String> late, Checkpoint latest) {
        if (late.isPresent() == missing) {
            return;
        }
        Json.Obj difference = Json.object()
                .put("signed", latest.size())
                .put("cosigned", Math.max(0, cosignedSize()))
                .put("quorum", settings.quorum().needed())
                .put("witnesses", problems())
                .build();
        try {
            told.record(late.isPresent() ? "witnesses_missing" : "witnesses_back", difference);
            missing = late.isPresent();
            late.ifPresentOrElse(
                    text -> told.incident("witnesses_missing: " + text),
                    () -> told.info("enough witnesses cosign again, up to entry " + Math.max(0, cosignedSize())));
        } catch (UnrecordableException e) {
            late.ifPresent(text -> told.incident("witnesses_missing, and it cannot be recorded: " + text));
        }
    }

    private Json problems() {
        Json.Builder all = Json.object();
        witnesses.forEach(one -> all.put(one.name(), one.problem().map(Asked.Problem::why)));
        return all.build();
    }

    /** Once for each thing that a witness says against us, until it signs again. */
    private void tellGrave(Asked witness) {
        Optional<Asked.Problem> now = witness.problem();
        if (now.isEmpty()) {
            toldOf.remove(witness.name());
            return;
        }
        String word = now.get().grave();
        if (word.isEmpty() || word.equals(toldOf.put(witness.name(), word))) {
            return;
        }
        told.incident("witness_disagrees: " + witness.name() + ": " + now.get().why());
        try {
            told.record(
                    "witness_disagrees",
                    Json.object()
                            .put("witness", witness.name())
                            .put("says", now.get().why())
                            .build());
        } catch (UnrecordableException e) {
            toldOf.remove(witness.name());
        }
    }

    /** Why the record is not witnessed as it should be; empty if it is. */
    public Optional<String> trouble() {
        return trouble;
    }

    public void measure(Metrics metrics) {
        requests = Optional.of(metrics.counter(
                "reeve_witness_requests_total", "Times that a witness was asked, by outcome.", "witness", "outcome"));
        metrics.gauge(
                "reeve_witness_cosigned_records",
                "Records under a checkpoint with its quorum.",
                () -> Math.max(0, cosignedSize()));
        metrics.gauge(
                "reeve_witness_quorum_missing",
                "1 while new records have been without their quorum for too long.",
                () -> trouble.isPresent() ? 1 : 0);
    }

    /** For status. */
    public Json status() {
        Json.Builder each = Json.object();
        for (Asked one : witnesses) {
            Json.Builder shown = Json.object().put("key", one.key().toString());
            one.last()
                    .ifPresent(last -> shown.put("cosigned", last.size())
                            .put("when", last.when().toString()));
            each.put(
                    one.name(),
                    shown.put("problem", one.problem().map(Asked.Problem::why)).build());
        }
        return Json.object()
                .put("quorum", settings.quorum().needed())
                .put("cosigned", Math.max(0, cosignedSize()))
                .put("signed", ledger.checkpoint().size())
                .put("problem", trouble)
                .put("witnesses", each.build())
                .build();
    }

    @Override
    public void close() {
        witnesses.forEach(Asked::close);
    }
}
