package dev.reeve.upstream;

import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Permit;
import dev.reeve.json.Json;
import dev.reeve.outbound.Departure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One action on its way to a server, or one of Reeve's own questions. It may take several requests (the pages of a list); the permit is used
 * before the first byte of the first.
 */
final class Call implements Departure {
    private final Optional<Permit> permit;
    private final Optional<String> party;
    private final Exchange exchange;
    private final long deadline;
    private boolean left;
    private @Nullable Denial refusal;
    private boolean cancelled;
    private @Nullable Runnable stop;

    private Call(Optional<Permit> permit, Optional<String> party, Exchange exchange, long deadline) {
        this.permit = permit;
        this.party = party;
        this.exchange = exchange;
        this.deadline = deadline;
    }

    static Call of(Permit permit, Exchange exchange, Duration most, Instant now) {
        Duration left = Duration.between(now, permit.deadline());
        Duration time = left.compareTo(most) < 0 ? left : most;
        Optional<String> party = Optional.of(permit.action().principal().party());
        Call call = new Call(Optional.of(permit), party, exchange, System.nanoTime() + time.toNanos());
        exchange.onCancel(call::cancel);
        return call;
    }

    static Call own(Duration most) {
        return own(most, Offered.NOTHING);
    }

    /** @param offered what the server is told that it could ask; it is refused if it does */
    static Call own(Duration most, Offered offered) {
        return new Call(
                Optional.empty(), Optional.empty(), Exchange.silent(offered), System.nanoTime() + most.toNanos());
    }

    @Override
    public synchronized boolean mayLeave() {
        if (cancelled) {
            return false;
        }
        if (!left) {
            refusal = permit.flatMap(Permit::use).orElse(null);
            left = refusal == null;
        }
        return left;
    }

    /** Whether it may be sent again after it was sent: Reeve's own questions, and what the operator's file calls idempotent (R3). */
    boolean mayRepeat() {
        return permit.map(Permit::mayRepeat).orElse(true);
    }

    /** Why {@link #mayLeave} said no. */
    synchronized Denial heldBack() {
        return refusal != null
                ? refusal
                : Denial.of("cancelled", ReasonClass.UNAVAILABLE, "the caller went away before it was sent");
    }

    /** Ends it from any thread: what has not left stays here, what has left is told to the server as far as its revision knows how. */
    void cancel() {
        Runnable now;
        synchronized (this) {
            cancelled = true;
            now = stop;
        }
        if (now != null) {
            now.run();
        }
    }

    /** For whom it is; empty for Reeve's own questions. */
    Optional<String> party() {
        return party;
    }

    /** A message beside this call, as that it is cancelled: who makes it has a share of its own, so that it finds a place when its calls hold all of theirs. */
    Call beside(Duration most) {
        return new Call(
                Optional.empty(),
                permit.isPresent() ? party.map(who -> who + " beside") : party,
                Exchange.silent(Offered.NOTHING),
                System.nanoTime() + most.toNanos());
    }

    /** What ends the request that is on its way now. Runs at once if the caller has gone already. */
    void whenCancelled(Runnable how) {
        boolean gone;
        synchronized (this) {
            stop = how;
            gone = cancelled;
        }
        if (gone) {
            how.run();
        }
    }

    synchronized boolean isCancelled() {
        return cancelled;
    }

    /** True if some byte may have gone out. */
    synchronized boolean hasLeft() {
        return left;
    }

    /** In the time of {@link System#nanoTime}. */
    long deadline() {
        return deadline;
    }

    long within(Duration time) {
        return Math.min(deadline, System.nanoTime() + time.toNanos());
    }

    Optional<LogLevel> logLevel() {
        return exchange.logLevel();
    }

    Offered offered() {
        return exchange.offered();
    }

    /** Passes on what a server logs, if it is anything that was asked for. */
    void log(Json.Obj params) {
        Optional<LogLevel> level = params.string("level").flatMap(LogLevel::of);
        if (level.isPresent()
                && params.has("data")
                && exchange.logsFrom()
                        .filter(from -> level.get().compareTo(from) >= 0)
                        .isPresent()) {
            Json.Builder kept = Json.object().put("level", level.get().wire());
            kept.put("logger", params.string("logger"));
            exchange.log(kept.put("data", params.get("data").orElseThrow()).build());
        }
    }

    void streams() {
        exchange.streams();
    }

    void pauses(int retryMillis) {
        exchange.pauses(retryMillis);
    }

    boolean large(long bytes, long until) {
        return exchange.large(bytes, until);
    }

    void updated() {
        exchange.updated();
    }

    boolean wantsProgress() {
        return exchange.wantsProgress();
    }

    void progress(Json.Obj params) {
        exchange.progress(params);
    }
}
