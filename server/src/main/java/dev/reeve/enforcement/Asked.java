package dev.reeve.enforcement;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.ToolCall;
import dev.reeve.json.Json;
import java.util.Optional;

/**
 * What an enforcement point wants to know.
 *
 * @param resource a name of the catalogue, or a form and a value
 * @param verb what is to be done
 * @param claims what the point says beside
 * @param call the call, where it is one of a tool
 * @param reasoning what the subject is said to think
 */
public record Asked(
        String resource, String verb, Json.Obj claims, Optional<ToolCall> call, Optional<String> reasoning) {
    Operation operation(String point, boolean entitled) {
        return entitled && call.isPresent()
                ? new Operation.ToolEvaluation(point, call.get())
                : new Operation.AccessEvaluation(point, resource, verb, claims, entitled);
    }
}
