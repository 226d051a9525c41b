package dev.reeve.workbench;

import dev.reeve.json.Json;
import dev.reeve.policy.Condition;
import dev.reeve.policy.ConditionCompiler;
import dev.reeve.policy.ConditionException;
import dev.reeve.policy.RowPredicate;
import java.util.List;
import java.util.Optional;

/** The real conditions, each behind somebody who sees when it is asked and may answer for it. Row conditions are left alone. */
final class WatchedConditions implements ConditionCompiler {
    private final ConditionCompiler real;
    private final Watch watch;

    WatchedConditions(ConditionCompiler real, Watch watch) {
        this.real = real;
        this.watch = watch;
    }

    /** @param text the expression, or the name of a built-in one */
    record Watched(String text, Needs needs, Condition real) {}

    /** Stands before every condition of a policy. Safe for use by many threads. */
    interface Watch {
        /** A policy has this condition. */
        default void compiled(String text) {}

        boolean test(Watched condition, Condition.Input input) throws ConditionException;
    }

    @Override
    public Condition compile(String expression, Optional<Json.Obj> arguments) throws InvalidExpressionException {
        return seen(new Watched(expression, Needs.of(expression), real.compile(expression, arguments)));
    }

    @Override
    public Condition builtIn(String name, Condition condition) {
        return seen(new Watched(name, Needs.ofBuiltIn(name), condition));
    }

    private Condition seen(Watched watched) {
        watch.compiled(watched.text());
        return input -> watch.test(watched, input);
    }

    @Override
    public RowPredicate compileRows(String expression, Optional<Json.Obj> arguments) throws InvalidExpressionException {
        return real.compileRows(expression, arguments);
    }

    @Override
    public void compileTogether(List<String> expressions) throws InvalidExpressionException {
        real.compileTogether(expressions);
    }
}
