package dev.reeve.adapter.mcp;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.AskTerms;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.ResultFinding;
import dev.reeve.gate.ResultStage;
import dev.reeve.gate.Rulebook;
import dev.reeve.gate.Stage;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A policy of a few lines: an agent sees the upstreams that are its roles; what is called {@code forbidden} is seen and denied, what
 * is called {@code secret} is not seen at all; of what begins with {@code ask} people are asked. Results that hold the word secret are withheld;
 * one worth a warning has one.
 */
record FakeRulebook(Set<String> hidden) implements Rulebook {
    private static final AskTerms GRANTABLE = new AskTerms(
            1, Duration.ofHours(1), Optional.empty(), Optional.empty(), false, Optional.of(Duration.ofHours(1)));

    @Override
    public String version() {
        return "test";
    }

    @Override
    public Reading read(Operation operation) {
        return new Reading.Touches(
                List.of(new Access(List.of(operation.subject()), "execute", Set.of())), Set.of(), Optional.empty());
    }

    @Override
    public List<Stage> stages() {
        return List.of(new Stage() {
            @Override
            public String name() {
                return "policy";
            }

            @Override
            public List<Finding> check(Action action, Facts facts) {
                return List.of(decide(action));
            }
        });
    }

    private Finding decide(Action action) {
        boolean allowed = visible(action.principal(), action.operation())
                && !action.operation().subject().endsWith("forbidden");
        boolean asks = action.operation() instanceof Operation.ToolCall call
                && call.tool().startsWith("ask");
        if (allowed && asks) {
            return new Finding.Ask(
                    "policy",
                    Denial.of("approval_required", Denial.ReasonClass.APPROVAL, "internal reason")
                            .withTell("Somebody looks first."),
                    List.of(),
                    Optional.of(GRANTABLE));
        }
        return allowed
                ? new Finding.Pass("policy", Optional.empty(), "allowed")
                : new Finding.Stop(
                        "policy",
                        Denial.of("denied_by_rule", Denial.ReasonClass.POLICY, "internal reason")
                                .withTell("Mail stays inside."));
    }

    @Override
    public List<ResultStage> resultStages() {
        return List.of(new ResultStage() {
            @Override
            public String name() {
                return "secrets";
            }

            @Override
            public ResultFinding examine(Action action, Facts facts, Json.Obj result) {
                if (result.get("progress").equals(Optional.of(Json.Num.of(777)))) {
                    return new ResultFinding.Changed(name(), "taken out", result.with("progress", Json.of("[n]")));
                }
                if (result.toString().contains("worth a warning")) {
                    Json.Obj meta = result.object("_meta").orElse(Json.Obj.EMPTY);
                    return new ResultFinding.Changed(
                            name(), "warned of", result.with("_meta", meta.with("dev.reeve/advice", Json.of("odd"))));
                }
                return result.toString().contains("a secret")
                                || result.toString().contains("4111111111111111")
                        ? new ResultFinding.Withheld(
                                name(), Denial.of("secret_found", Denial.ReasonClass.POLICY, "a secret was found"))
                        : new ResultFinding.Unchanged(name());
            }
        });
    }

    @Override
    public boolean visible(Principal principal, Operation operation) {
        return principal.roles().contains(operation.upstream())
                && hidden.stream().noneMatch(operation.subject()::endsWith);
    }
}
