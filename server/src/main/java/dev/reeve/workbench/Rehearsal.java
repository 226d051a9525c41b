package dev.reeve.workbench;

import dev.reeve.budget.Budgets;
import dev.reeve.budget.Limit;
import dev.reeve.budget.Use;
import dev.reeve.config.LimitReader;
import dev.reeve.config.PolicyCase.Given;
import dev.reeve.config.PolicyCase.Outcome;
import dev.reeve.gate.Deliberation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.Release;
import dev.reeve.gate.Reservations.Reserved;
import dev.reeve.gate.Reservations.Settlement;
import dev.reeve.gate.ResultFinding;
import dev.reeve.gate.ResultStage;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands around the rules of a policy, for one action on trial: its limits, after something was used up, and what becomes of an answer.
 * The same limits and stages as at the gateway, in its order.
 */
final class Rehearsal {
    private static final int MOST_USES = 1_000;

    private final TrialPolicy policy;
    private final Given given;
    private final Deliberation deliberation;
    private final Budgets budgets;

    private Rehearsal(TrialPolicy policy, Given given, Deliberation deliberation) {
        this.policy = policy;
        this.given = given;
        this.deliberation = deliberation;
        this.budgets = new Budgets(policy.compiled()::limits, given::time);
    }

    /**
     * @param used of the limits that count the action, before it
     * @param came of the answer; empty if nothing was answered, or if it does not run
     */
    record Ended(List<Use> used, Optional<Came> came) {}

    /**
     * What became of the answer.
     *
     * @param withheld why, if it is
     * @param found what stages say of it, for operators
     */
    record Came(Outcome outcome, Optional<Denial> withheld, List<String> found, Json.Obj answer) {}

    /** What is wrong with what was used; empty if nothing is. */
    static List<String> wrong(TrialPolicy policy, Given given) {
        List<String> wrong = new ArrayList<>();
        given.used().forEach((name, text) -> {
            Optional<Limit> limit = limit(policy, name);
            if (limit.isEmpty()) {
                wrong.add("no limit has the name `" + name + "`");
            } else if (amount(limit.get(), text).isEmpty()) {
                wrong.add("`" + text + "` is no amount of "
                        + limit.get().count().word() + ", for the limit `" + name + "`");
            }
        });
        return wrong;
    }

    private static Optional<Limit> limit(TrialPolicy policy, String name) {
        return policy.compiled().limits().all().stream()
                .filter(limit -> limit.ref().name().equals(name))
                .findFirst();
    }

    private static Optional<Long> amount(Limit limit, String text) {
        return LimitReader.amount(limit.count(), text, 0);
    }

    /**
     * Goes on where the stages ended. A limit that refuses stops the deliberation.
     *
     * @param answer a result of MCP
     * @throws IllegalArgumentException if what was used is {@link #wrong}
     */
    static Ended of(TrialPolicy policy, Given given, Deliberation deliberation, Optional<Json.Obj> answer) {
        return new Rehearsal(policy, given, deliberation).run(answer);
    }

    private Ended run(Optional<Json.Obj> answer) {
        for (Map.Entry<String, String> one : given.used().entrySet()) {
            Limit limit = limit(policy, one.getKey()).orElseThrow(IllegalArgumentException::new);
            budgets.suppose(
                    limit,
                    deliberation.action(),
                    deliberation.facts(),
                    amount(limit, one.getValue()).orElseThrow(IllegalArgumentException::new));
        }
        List<Use> used = budgets.fullest(MOST_USES);
        if (deliberation.ruling() != Ruling.ALLOW) {
            return new Ended(used, Optional.empty());
        }
        return switch (budgets.reserve(
                deliberation.action(), deliberation.facts().orElseThrow())) {
            case Reserved.Refused(Denial denial) -> {
                deliberation.note(new Finding.Stop("reserve", denial));
                yield new Ended(used, Optional.empty());
            }
            case Reserved.Taken(Settlement taken) -> new Ended(used, answer.map(it -> came(taken, it)));
        };
    }

    private Came came(Settlement taken, Json.Obj answer) {
        Came examined = examined(answer);
        if (examined.withheld().isPresent()) {
            return examined;
        }
        Effect effect = new Effect.Answered(answer, false);
        Optional<Denial> excess =
                taken.usage(effect, new Release.Result(examined.answer())).excess();
        return excess.map(why -> new Came(Outcome.WITHHELD, excess, examined.found(), Json.Obj.EMPTY))
                .orElse(examined);
    }

    /** Obligations first, then the stages of the policy. */
    private Came examined(Json.Obj answer) {
        Came now = new Came(Outcome.UNCHANGED, Optional.empty(), List.of(), answer);
        for (Finding finding : deliberation.findings()) {
            if (finding instanceof Finding.Oblige oblige && now.withheld().isEmpty()) {
                now = after(now, oblige.obligation().apply(deliberation.action(), now.answer()));
            }
        }
        for (ResultStage stage : policy.compiled().resultStages()) {
            if (now.withheld().isEmpty()) {
                now = after(
                        now,
                        stage.examine(
                                deliberation.action(), deliberation.facts().orElseThrow(), now.answer()));
            }
        }
        return now;
    }

    private static Came after(Came before, ResultFinding finding) {
        return switch (finding) {
            case ResultFinding.Unchanged ignored -> before;
            case ResultFinding.Noted noted ->
                new Came(
                        before.outcome() == Outcome.CHANGED ? Outcome.CHANGED : Outcome.NOTED,
                        Optional.empty(),
                        and(before, noted.reason()),
                        before.answer());
            case ResultFinding.Changed changed ->
                new Came(Outcome.CHANGED, Optional.empty(), and(before, changed.reason()), changed.result());
            case ResultFinding.Held held ->
                new Came(
                        Outcome.WITHHELD,
                        Optional.of(held.asks().getFirst().why()),
                        and(before, held.asks().getFirst().why().reason()),
                        Json.Obj.EMPTY);
            case ResultFinding.Withheld held ->
                new Came(
                        Outcome.WITHHELD,
                        Optional.of(held.denial()),
                        and(before, held.denial().reason()),
                        Json.Obj.EMPTY);
        };
    }

    private static List<String> and(Came before, String found) {
        List<String> all = new ArrayList<>(before.found());
        all.add(found);
        return List.copyOf(all);
    }
}
