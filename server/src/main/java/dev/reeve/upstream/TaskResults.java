package dev.reeve.upstream;

import dev.reeve.action.Operation;
import dev.reeve.gate.Effect;
import dev.reeve.json.Json;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What servers say about tasks (extension {@code io.modelcontextprotocol/tasks} of 2026-07-28), and of it only what the extension names. */
public final class TaskResults {
    public static final String TYPE = "task";
    private static final Set<String> STATES = Set.of("working", "input_required", "completed", "failed", "cancelled");
    private static final Set<String> MEMBERS =
            Set.of("taskId", "status", "statusMessage", "createdAt", "lastUpdatedAt", "ttlMs", "pollIntervalMs");
    private static final int LONGEST_ID = 1024;

    private TaskResults() {}

    /** Whether the result of a tool says that the work goes on. Results that passed {@link Results} carry a type only if they are checked. */
    public static boolean is(Json.Obj result) {
        return result.string("resultType").filter(TYPE::equals).isPresent();
    }

    /** A task that a call became; empty if it is not one. */
    static Optional<Json.Obj> begun(Json.Obj result) {
        return brief(result).map(kept -> kept.with("resultType", Json.of(TYPE)));
    }

    private static Optional<Json.Obj> brief(Json.Obj result) {
        Optional<String> id = result.string("taskId").filter(it -> !it.isEmpty() && it.length() <= LONGEST_ID);
        if (id.isEmpty() || result.string("status").filter(STATES::contains).isEmpty()) {
            return Optional.empty();
        }
        Json.Builder kept = Json.object();
        for (Map.Entry<String, Json> member : result.members().entrySet()) {
            boolean plain = !(member.getValue() instanceof Json.Obj) && !(member.getValue() instanceof Json.Arr);
            if (MEMBERS.contains(member.getKey()) && plain) {
                kept.put(member.getKey(), member.getValue());
            }
        }
        return Optional.of(kept.build());
    }

    /** The answer to {@code tasks/get}. */
    static Effect of(Answer answer, Offered offered, Failures failures) throws CallFailedException {
        return switch (answer) {
            case Answer.Failure failure -> Results.refused(failure);
            case Answer.Result(Json.Obj result) -> {
                Json.Obj kept = brief(result)
                        .orElseThrow(() -> failures.unusable("answer_unreadable", "its result is no task"));
                if (result.object("inputRequests").isPresent()) {
                    Json.Obj asked = Json.object()
                            .put("inputRequests", result.object("inputRequests").get())
                            .build();
                    Json.Obj checked = InputRequired.checked(asked, offered)
                            .orElseThrow(() -> failures.unusable(
                                    "answer_unreadable", "its task asks what this client cannot be asked"));
                    kept = kept.with(
                            "inputRequests", checked.object("inputRequests").orElse(Json.Obj.EMPTY));
                }
                Optional<Json.Obj> done = result.object("result");
                if (done.isPresent()) {
                    kept = kept.with("result", Results.plain(done.get()));
                }
                Optional<Json.Obj> error = result.object("error");
                yield new Effect.Answered(error.isPresent() ? kept.with("error", error.get()) : kept, failed(done));
            }
        };
    }

    private static boolean failed(Optional<Json.Obj> done) {
        return done.flatMap(it -> it.get("isError"))
                .filter(Json.Bool.TRUE::equals)
                .isPresent();
    }

    /** The answer to an update or a cancellation says nothing. */
    static Effect acknowledged(Answer answer) {
        return switch (answer) {
            case Answer.Failure failure -> Results.refused(failure);
            case Answer.Result ignored -> new Effect.Answered(Json.Obj.EMPTY, false);
        };
    }

    static Ask ask(Operation.Task task) {
        String method = switch (task.does()) {
            case GET -> "tasks/get";
            case UPDATE -> "tasks/update";
            case CANCEL -> "tasks/cancel";
        };
        Json.Obj params = Json.object().put("taskId", task.task()).build();
        Json.Obj whole = task.input()
                .map(input -> params.with("inputResponses", input.responses()))
                .orElse(params);
        return Ask.named(method, task.task(), whole);
    }
}
