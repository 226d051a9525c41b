package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.json.Json;
import dev.reeve.policy.Condition.Input;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What was filled into the forms of a server goes where arguments go: whoever decides on these decides on that (R20). */
final class Answers {
    static final String OTHERWISE = "what was answered to the server, read as arguments, says otherwise";

    private Answers() {}

    /**
     * The fields of forms; none if no form was filled in, or nothing takes arguments. Several times only if forms have fields of one name and other
     * values for them, since the server may take any of these: then all fields, and over them those of one form, for each form.
     */
    static List<Json.Obj> readings(Operation operation) {
        Optional<Operation.Input> input = operation.input();
        // Nearly always: with an early end, as each condition asks.
        if (input.isEmpty() || with(operation, operation.arguments()).isEmpty()) {
            return List.of();
        }
        List<Json.Obj> forms = forms(input.get());
        if (forms.isEmpty()) {
            return forms;
        }
        Json.Obj all = Json.Obj.EMPTY;
        for (Json.Obj form : forms) {
            all = over(all, form);
        }
        Set<Json.Obj> readings = new LinkedHashSet<>();
        for (Json.Obj form : forms) {
            readings.add(over(all, form));
        }
        return List.copyOf(readings);
    }

    /** The same with these fields as arguments, over those of the same name, wherever a condition finds arguments. */
    static Input over(Input input, Json.Obj fields) {
        Action action = input.action();
        Operation operation = action.operation();
        Action answered = with(operation, over(operation.arguments(), fields))
                .map(it -> action.with(it, action.definition()))
                .orElse(action);
        Access access = input.access();
        Access touched = access.arguments().isEmpty()
                ? access
                : new Access(
                        access.names(),
                        access.verb(),
                        access.tags(),
                        access.arguments().map(own -> over(asked(own, fields), fields)));
        return new Input(answered, touched, input.facts());
    }

    /** The query and the body of an API's request are made of arguments, and stand beside them. */
    private static Json.Obj asked(Json.Obj arguments, Json.Obj fields) {
        Optional<Json.Obj> request = arguments.object("request");
        Json.Obj read = request.orElse(Json.Obj.EMPTY);
        for (String part : List.of("query", "body")) {
            Optional<Json.Obj> held = read.object(part);
            read = held.isEmpty() ? read : read.with(part, over(held.get(), fields));
        }
        return request.isEmpty() ? arguments : arguments.with("request", read);
    }

    private static Json.Obj over(Json.Obj arguments, Json.Obj fields) {
        Json.Builder all = Json.object();
        arguments.members().forEach(all::put);
        fields.members().forEach(all::put);
        return all.build();
    }

    private static Optional<Operation> with(Operation operation, Json.Obj arguments) {
        return switch (operation) {
            case Operation.ToolCall it -> Optional.of(it.with(arguments));
            case Operation.Task it ->
                Optional.of(new Operation.Task(it.task(), it.does(), it.begun().with(arguments), it.input()));
            case Operation.PromptGet it ->
                Optional.of(new Operation.PromptGet(it.upstream(), it.prompt(), arguments, it.input()));
            default -> Optional.empty();
        };
    }

    private static List<Json.Obj> forms(Operation.Input input) {
        List<Json.Obj> forms = new ArrayList<>();
        for (Json answer : input.responses().members().values()) {
            if (answer instanceof Json.Obj given && given.has("action")) {
                given.object("content")
                        .filter(content -> !content.members().isEmpty())
                        .ifPresent(forms::add);
            }
        }
        return forms;
    }
}
