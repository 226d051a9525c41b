package dev.reeve.gate;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.ResultChecks.Examined;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One result that result stages held, or did not: whether it is kept for people to release, and what its caller is told. */
final class Holding {
    private static final System.Logger LOG = System.getLogger("dev.reeve.gate");

    private final HeldResults results;
    private final Tokens tokens;
    private final Permit permit;
    private final Examined examined;
    private final List<ResultFinding> findings;
    private final Optional<ResultFinding.Held> held;
    private Optional<HeldResults.Waiting> placed = Optional.empty();
    private Optional<String> unkept = Optional.empty();
    private boolean kept;

    /** Takes a place for it, if it is held and can be kept. */
    Holding(HeldResults results, Tokens tokens, Permit permit, Examined examined, List<ResultFinding> findings) {
        this.results = results;
        this.tokens = tokens;
        this.permit = permit;
        this.examined = examined;
        this.findings = findings;
        this.held = examined.release() instanceof Release.Withheld ? Optional.empty() : examined.held();
        held.ifPresent(this::place);
    }

    private void place(ResultFinding.Held it) {
        try {
            Optional<String> key = permit.call()
                    .flatMap(call -> HeldResults.key(permit.action().principal(), call, tokens));
            if (key.isEmpty() || !isWhole(examined.release())) {
                unkept = Optional.of("such a result is not kept");
                return;
            }
            HeldResults.Waiting waiting = waiting(it, key.get());
            unkept = results.place(waiting);
            placed = unkept.isEmpty() ? Optional.of(waiting) : Optional.empty();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            unkept = Optional.of(Crash.denial(Retrieval.RESULT, e).reason());
        }
    }

    /** A question of the server, and a task that it began, are no result that would be the same later. */
    private static boolean isWhole(Release release) {
        return !(release instanceof Release.Result(dev.reeve.json.Json.Obj result))
                || result.string("resultType")
                        .filter(type -> !type.equals("complete"))
                        .isEmpty();
    }

    private HeldResults.Waiting waiting(ResultFinding.Held it, String key) {
        Veil veil = permit.shown();
        Action shown = veil.action(permit.action());
        Set<String> classes = new HashSet<>(permit.facts().resultTags());
        findings.forEach(finding -> classes.addAll(finding.classes()));
        return new HeldResults.Waiting(
                key,
                new Approvals.Question(
                        shown,
                        veil.facts(permit.facts()),
                        it.asks().stream().map(veil::ask).toList(),
                        permit.rulebook().version(),
                        Optional.empty(),
                        hidden(permit.action().operation(), shown.operation())),
                new HeldResults.Kept(
                        examined.release(),
                        permit.rulebook().version(),
                        Retrieval.treatment(permit.obliged()),
                        keys(permit.approved()),
                        keys(it.asks()),
                        classes),
                it.shown(),
                it.found());
    }

    private Approvals.Hidden hidden(Operation real, Operation shown) {
        Operation known = permit.recorded().operation();
        return Approvals.Hidden.between(known, shown.subject(), shown.arguments(), Approvals.Hidden.Why.TAKEN_OUT)
                .at(Approvals.Hidden.places(real.arguments(), known.arguments(), Approvals.Hidden.Why.TOKEN));
    }

    private static List<String> keys(List<Finding.Ask> asks) {
        return asks.stream().flatMap(ask -> ask.key().stream()).toList();
    }

    /** What limits count: what people may release goes out later without being counted again. */
    Release counted() {
        return held.isEmpty() || placed.isPresent() ? examined.release() : withheld();
    }

    /** What the caller is told. Keeps it, if it has a place: people are asked from then on. */
    Release settled() {
        if (held.isEmpty()) {
            return examined.release();
        }
        placed.ifPresent(waiting -> {
            try {
                results.keep(waiting);
                kept = true;
            } catch (UnrecordableException e) {
                LOG.log(System.Logger.Level.WARNING, "a held result cannot be kept: {0}", e.getMessage());
                unkept = Optional.of(String.valueOf(e.getMessage()));
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                unkept = Optional.of(Crash.denial(Retrieval.RESULT, e).reason());
            }
        });
        return withheld();
    }

    private Release withheld() {
        Denial why = held.orElseThrow().asks().getFirst().why();
        String reason = unkept.map(it -> why.reason() + "; it is not kept: " + it)
                .orElse(why.reason() + "; it waits for people");
        return new Release.Withheld(why.withReason(reason), permit.action().id(), kept);
    }

    /** Its outcome is not in the record. */
    void unrecorded() {
        if (kept) {
            results.drop(permit.action().id());
        }
    }

    /** Gives back the place of what was not kept after all. */
    void end() {
        if (placed.isPresent() && !kept) {
            results.abandon(permit.action().id());
        }
    }
}
