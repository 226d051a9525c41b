package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Asks;
import dev.reeve.action.Operation.Task.Does;
import dev.reeve.adapter.mcp.Governed.Outcome;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.upstream.Offered;
import dev.reeve.upstream.Questions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Work that goes on after its call was answered (extension {@code io.modelcontextprotocol/tasks}). Clients get ids of ours that only the principal of the
 * call can use (R13), and with a key that was rotated its successor; what is asked about a task is decided as the call that began it. Bounded; the oldest
 * task is forgotten first.
 */
final class Tasks {
    private final Surroundings around;
    private final Governed governed;
    private final Answers answers;
    private final McpLimits limits;
    private final Map<String, Known> known = new LinkedHashMap<>();
    private final Map<String, Integer> each = new HashMap<>();

    /** @param id the server's own */
    private record Known(Principal principal, Route route, String id, Operation.ToolCall begun) {}

    Tasks(Surroundings around, Governed governed, Answers answers, McpLimits limits) {
        this.limits = limits;
        this.around = around;
        this.governed = governed;
        this.answers = answers;
    }

    /** The result of a call that became a task, with an id of ours in it. */
    Json.Obj begun(Calls.Call call, Operation.ToolCall begun, Json.Obj result) {
        String ours = "task-" + around.ids().get();
        Principal principal = call.caller().principal();
        synchronized (this) {
            int mine = each.merge(principal.instance(), 1, Integer::sum);
            known.put(
                    ours,
                    new Known(
                            principal,
                            call.caller().route(),
                            result.string("taskId").orElse(""),
                            begun));
            if (mine > limits.tasksEach()) {
                forgetOldest(principal.instance());
            } else if (known.size() > limits.tasks()) {
                forget(known.keySet().iterator().next());
            }
        }
        return answers.withServerInfo(result.with("taskId", Json.of(ours)));
    }

    private void forgetOldest(String instance) {
        known.entrySet().stream()
                .filter(one -> one.getValue().principal().instance().equals(instance))
                .map(Map.Entry::getKey)
                .findFirst()
                .ifPresent(this::forget);
    }

    private void forget(String ours) {
        Known gone = known.remove(ours);
        if (gone != null) {
            each.computeIfPresent(gone.principal().instance(), (name, count) -> count == 1 ? null : count - 1);
        }
    }

    Json.Obj get(Calls.Call call) throws RpcException {
        String ours = id(call);
        Known task = find(call, ours);
        return switch (governed.send(
                call.caller(),
                new Operation.Task(task.id(), Does.GET, task.begun(), Optional.empty()),
                call.meta().reasoning(),
                call.ongoing())) {
            case Outcome.Done(Json.Obj result) -> shown(call, task, result.with("taskId", Json.of(ours)));
            case Outcome.Failed failed -> throw failed.thrown();
            case Outcome.NotAllowed not -> throw Denials.error(not).thrown();
        };
    }

    private Json.Obj shown(Calls.Call call, Known task, Json.Obj result) throws RpcException {
        Json.Obj whole = result;
        Optional<Json.Obj> done = result.object("result");
        if (done.isPresent()) {
            Json.Obj shaped = answers.toolResult(
                    call.revision(), call.caller().route(), task.begun().upstream(), done.get());
            whole = whole.with("result", shaped);
        }
        Optional<Json.Obj> asked = result.object("inputRequests");
        if (asked.isPresent()) {
            whole = whole.with("inputRequests", questions(call, task, asked.get()));
        }
        return answers.complete(call.revision(), whole);
    }

    /** Each is an action of its own, as everywhere. */
    private Json.Obj questions(Calls.Call call, Known task, Json.Obj asked) throws RpcException {
        Json.Builder shown = Json.object();
        for (Map.Entry<String, Json> one : asked.members().entrySet()) {
            Json.Obj request = (Json.Obj) one.getValue();
            String method = request.string("method").orElse("");
            Json.Obj params = request.object("params").orElse(Json.Obj.EMPTY);
            Asks kind = Questions.kind(method, params).orElseThrow();
            Json.Obj kept = ClientAnswers.shown(kind, params, call.revision(), "");
            Outcome outcome = governed.tell(
                    call.caller(), new Operation.Question(task.begun().upstream(), kind, kept), () -> Json.Obj.EMPTY);
            if (outcome instanceof Outcome.NotAllowed not) {
                throw Denials.error(not).thrown();
            }
            shown.put(one.getKey(), Json.object().put("method", method).put("params", kept));
        }
        return shown.build();
    }

    Json.Obj update(Calls.Call call) throws RpcException {
        Optional<Json.Obj> responses = call.params().object(Method.RESPONSES);
        if (responses.isEmpty()) {
            throw RpcError.invalidParams("`" + Method.RESPONSES + "` must be an object")
                    .thrown();
        }
        Operation.Input input = new Operation.Input(Rounds.likely(responses.get()), Optional.empty());
        return acknowledged(call, Does.UPDATE, Optional.of(input));
    }

    Json.Obj cancel(Calls.Call call) throws RpcException {
        return acknowledged(call, Does.CANCEL, Optional.empty());
    }

    private Json.Obj acknowledged(Calls.Call call, Does does, Optional<Operation.Input> input) throws RpcException {
        Known task = find(call, id(call));
        return switch (governed.send(
                call.caller(),
                new Operation.Task(task.id(), does, task.begun(), input),
                call.meta().reasoning(),
                call.ongoing())) {
            case Outcome.Done ignored -> answers.complete(call.revision(), Json.Obj.EMPTY);
            case Outcome.Failed failed -> throw failed.thrown();
            case Outcome.NotAllowed not -> throw Denials.error(not).thrown();
        };
    }

    private static String id(Calls.Call call) throws RpcException {
        boolean declared = call.meta()
                .capabilities()
                .map(Offered::read)
                .filter(Offered::tasks)
                .isPresent();
        if (!declared) {
            Json.Obj needed = Json.object()
                    .put("extensions", Json.object().put(Offered.TASKS, Json.Obj.EMPTY))
                    .build();
            throw RpcError.of(
                            RpcError.MISSING_CAPABILITY,
                            "Missing required client capability",
                            Json.object().put("requiredCapabilities", needed).build())
                    .thrown();
        }
        return call.params()
                .string("taskId")
                .orElseThrow(
                        () -> RpcError.invalidParams("`taskId` must be a text").thrown());
    }

    /** A task of somebody else is none. */
    private synchronized Known find(Calls.Call call, String ours) throws RpcException {
        Known task = known.get(ours);
        if (task == null || !isOf(call.caller(), task)) {
            throw RpcError.invalidParams("Unknown task").thrown();
        }
        return task;
    }

    /** Also with the key that came in the place of its own: a task outlives the keys of those who began it. */
    private boolean isOf(Caller caller, Known task) {
        return caller.owns(task.principal(), task.route())
                || caller.succeeds(task.principal(), task.route(), around.revocations());
    }
}
