package dev.reeve.policy;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.json.Json;
import java.util.Map;
import java.util.Optional;

/** What was filled into the forms of a server goes where arguments go: whoever decides on these decides on that (R20). */
final class Answers {
    private Answers() {}

    /** The action with the fields of forms as arguments, over those of the same name; empty if no form was filled in. */
    static Optional<Action> asArguments(Action action) {
        Operation operation = action.operation();
        Optional<Json.Obj> fields = operation.input().map(Answers::fields);
        if (fields.isEmpty() || fields.get().members().isEmpty()) {
            return Optional.empty();
        }
        Json.Builder all = Json.object();
        operation.arguments().members().forEach(all::put);
        fields.get().members().forEach(all::put);
        Json.Obj arguments = all.build();
        return switch (operation) {
            case Operation.ToolCall it -> Optional.of(action.with(it.with(arguments), action.definition()));
            case Operation.Task it ->
                Optional.of(action.with(
                        new Operation.Task(it.task(), it.does(), it.begun().with(arguments), it.input()),
                        action.definition()));
            case Operation.PromptGet it ->
                Optional.of(action.with(
                        new Operation.PromptGet(it.upstream(), it.prompt(), arguments, it.input()),
                        action.definition()));
            default -> Optional.empty();
        };
    }

    private static Json.Obj fields(Operation.Input input) {
        Json.Builder fields = Json.object();
        for (Map.Entry<String, Json> answer : input.responses().members().entrySet()) {
            if (answer.getValue() instanceof Json.Obj given && given.has("action")) {
                given.object("content").ifPresent(content -> content.members().forEach(fields::put));
            }
        }
        return fields.build();
    }
}
