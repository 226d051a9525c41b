package dev.reeve.budget;

import dev.reeve.action.Operation;
import dev.reeve.gate.Spending;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the record says was used up, record by record, oldest first. It can be written down at any place of the record and taken up there
 * again: what it then says is the same as if it had read everything.
 *
 * <p>What a limit counted under another policy counts, as long as it is the same count. For one thread.
 */
public final class Tally {
    private final Map<String, Limit> limits = new LinkedHashMap<>();
    private final UnaryOperator<String> veil;
    private final Counts counts;
    private final Map<String, List<Kept>> open;

    /** What an action holds of one limit until its outcome. {@code window} is null of failures. */
    record Kept(
            Limit limit,
            String subject,
            String call,
            @Nullable Window window,
            long handle,
            long amount) {}

    /** @param limits those of them that the record tells of are counted */
    public Tally(List<Limit> limits) {
        this(limits, call -> call);
    }

    /**
     * @param veil makes of a digest of a call what is kept of it, so that nobody without its key learns from what is written down which call
     *     it was; the same of the same
     */
    public Tally(List<Limit> limits, UnaryOperator<String> veil) {
        this(limits, veil, new Counts(), new HashMap<>());
    }

    private Tally(List<Limit> limits, UnaryOperator<String> veil, Counts counts, Map<String, List<Kept>> open) {
        limits.stream()
                .filter(limit -> limit.count().isRecorded())
                .forEach(limit -> this.limits.putIfAbsent(limit.id(), limit));
        this.veil = veil;
        this.counts = counts;
        this.open = open;
    }

    Counts counts() {
        return counts;
    }

    String veiled(String call) {
        return veil.apply(call);
    }

    /** What two calls that are the same have in common: operation and arguments, whoever makes them. */
    public static String call(String kind, String subject, String upstream, Json.Obj arguments, Optional<Json> input) {
        Json.Builder same = Json.object().put("arguments", arguments);
        input.ifPresent(value -> same.put("input", value));
        return CanonicalDigest.of(same.put("kind", kind)
                .put("subject", subject)
                .put("upstream", upstream)
                .build());
    }

    static String call(Operation operation) {
        return call(
                operation.kind(),
                operation.subject(),
                operation.upstream(),
                operation.arguments(),
                operation.input().map(input -> input.asJson()));
    }

    /** Whether a limit looks at which calls are the same. */
    public boolean comparesCalls() {
        return limits.values().stream().anyMatch(limit -> limit.count() == Quantity.REPEATS);
    }

    /** Whether a limit needs to know which models an action touched. */
    public boolean countsByModel() {
        return limits.values().stream().anyMatch(limit -> limit.per().contains(Per.MODEL));
    }

    /**
     * An action that runs; its outcome follows.
     *
     * @param id of the action
     * @param call as {@link #call(String, String, String, Json.Obj, Optional)} gives it; empty if the record does not have the arguments
     */
    public void intent(String id, Per.Who who, List<Spending> spendings, Supplier<Optional<String>> call) {
        List<Kept> kept = new ArrayList<>();
        spendings.forEach(one -> take(id, one, who, call, kept));
        if (!kept.isEmpty()) {
            open.put(id, kept);
        }
    }

    /** What somebody else may do; nothing follows, and it is no failure. */
    public void verdict(String id, Per.Who who, List<Spending> spendings, Supplier<Optional<String>> call) {
        List<Kept> kept = new ArrayList<>();
        spendings.forEach(one -> take(id, one, who, call, kept));
        kept.stream().filter(one -> one.window() == null).forEach(one -> succeeded(id, one));
    }

    private void take(String id, Spending one, Per.Who who, Supplier<Optional<String>> call, List<Kept> kept) {
        Limit limit = limits.get(one.id());
        if (limit == null || one.amount() <= 0) {
            return;
        }
        long at = Taking.nanos(one.at());
        String key = limit.count() == Quantity.REPEATS ? call.get().map(veil).orElse("") : "";
        for (String subject : limit.subjects(who)) {
            switch (limit.count()) {
                case FAILURES ->
                    counts.breaker(limit, subject, at).ifPresent(breaker -> {
                        if (one.amount() == Taking.TRIES) {
                            breaker.tries(id, at);
                        } else {
                            breaker.passes(id, at);
                        }
                        kept.add(new Kept(limit, subject, "", null, 0, 1));
                    });
                case REPEATS -> {
                    if (!key.isEmpty()) {
                        counts.call(limit, subject, key, at)
                                .ifPresent(window -> kept.add(added(one, limit, subject, key, window)));
                    }
                }
                case CALLS, ROWS, BYTES, TOKENS, MONEY, CONCURRENT ->
                    counts.amount(limit, subject, at)
                            .ifPresent(window -> kept.add(added(one, limit, subject, "", window)));
            }
        }
    }

    private static Kept added(Spending one, Limit limit, String subject, String call, Window window) {
        long handle = window.add(Taking.nanos(one.at()), one.amount());
        return new Kept(limit, subject, call, window, handle, one.amount());
    }

    /** A denial that counts as a failure. */
    public void denial(Per.Who who, List<Spending> spendings) {
        for (Spending one : spendings) {
            Limit limit = limits.get(one.id());
            if (limit != null && limit.count() == Quantity.FAILURES) {
                long at = Taking.nanos(one.at());
                limit.subjects(who).forEach(subject -> failed(limit, subject, at, null));
            }
        }
    }

    /**
     * What it came to. What is not said stays at worst, and so does an action without an outcome.
     *
     * @param at when it is recorded
     */
    public void outcome(String id, boolean sent, Instant at, List<Spending> spendings) {
        List<Kept> kept = open.remove(id);
        if (kept == null) {
            return;
        }
        for (Kept one : kept) {
            long came = spendings.stream()
                    .filter(spending -> spending.id().equals(one.limit().id()))
                    .findFirst()
                    .map(Spending::amount)
                    .orElse(one.amount());
            if (one.window() != null) {
                one.window().reduce(one.handle(), one.amount() - came);
            } else if (sent && came > 0) {
                failed(one.limit(), one.subject(), Taking.nanos(at), id);
            } else if (sent) {
                succeeded(id, one);
            } else {
                counts.breaker(one.limit(), one.subject(), 0).ifPresent(breaker -> breaker.gone(id));
            }
        }
    }

    private void succeeded(String id, Kept one) {
        counts.breaker(one.limit(), one.subject(), 0).ifPresent(breaker -> breaker.succeeded(id));
    }

    private void failed(Limit limit, String subject, long at, @Nullable String id) {
        counts.breaker(limit, subject, at)
                .ifPresent(breaker -> breaker.failed(at, limit.max(), Taking.rest(limit), id));
    }

    /**
     * Writes all that counts at this moment.
     *
     * @param now what has left its window by then is not written
     */
    public void write(DataOutput out, Instant now) throws IOException {
        counts.sweep(limits.keySet(), Taking.nanos(now));
        open.replaceAll((id, kept) -> kept.stream().filter(this::counts).toList());
        open.values().removeIf(List::isEmpty);
        TallyFile.write(out, List.copyOf(limits.values()), counts, open);
    }

    private boolean counts(Kept one) {
        return one.window() == null
                || (one.window().has(one.handle())
                        && counts.window(one.limit(), one.subject(), one.call())
                                .filter(one.window()::equals)
                                .isPresent());
    }

    /**
     * What {@link #write} wrote.
     *
     * @param limits those that are in force now
     * @return empty if it does not tell of all of them: the record has to
     * @throws IOException if that is nothing that was written here
     */
    public static Optional<Tally> read(DataInput in, List<Limit> limits, UnaryOperator<String> veil)
            throws IOException {
        Tally tally = new Tally(limits, veil);
        Set<Limit> told = TallyFile.read(in, tally.limits, tally.counts, tally.open);
        Set<String> ids = told.stream().map(Limit::id).collect(Collectors.toSet());
        return ids.containsAll(tally.limits.keySet()) ? Optional.of(tally) : Optional.empty();
    }
}
