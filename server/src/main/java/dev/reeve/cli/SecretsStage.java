package dev.reeve.cli;

import dev.reeve.action.Action;
import dev.reeve.gate.Facts;
import dev.reeve.gate.ResultFinding;
import dev.reeve.gate.ResultStage;
import dev.reeve.json.Json;
import dev.reeve.secrets.KnownSecrets;
import java.util.function.Supplier;

/** Masks what Reeve itself knows to be secret in everything that comes back, whatever the policy says. */
record SecretsStage(Supplier<KnownSecrets> known) implements ResultStage {
    @Override
    public String name() {
        return "secrets";
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the same object means that nothing was found
    public ResultFinding examine(Action action, Facts facts, Json.Obj result) {
        Json masked = known.get().mask(result);
        return masked == result
                ? new ResultFinding.Unchanged(name())
                : new ResultFinding.Changed(name(), "a secret of the operator was masked", (Json.Obj) masked);
    }
}
