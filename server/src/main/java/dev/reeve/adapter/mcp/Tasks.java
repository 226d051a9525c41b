package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Asks;
import dev.reeve.action.Operation.Task.Does;
import dev.reeve.adapter.mcp.Governed.Outcome;
import dev.reeve.adapter.mcp.Governed.Outcome.NotAllowed;
import dev.reeve.adapter.mcp.TaskBook.AtServer;
import dev.reeve.json.Json;
import dev.reeve.upstream.Offered;
import dev.reeve.upstream.Questions;
import dev.reeve.upstream.TaskResults;
import java.util.Map;
import java.util.Optional;

/**
 * Work that goes on after its call was answered (extension {@code io.modelcontextprotocol/tasks}): a server's own, where what is asked about it is
 * decided as the call that began it, and calls that wait for people, which are kept here.
 */
final class Tasks {
    private final Governed governed;
    private final Answers answers;
    private final TaskBook book;
    private final Optional<HeldCalls> holding;

    /** @param holding empty where people cannot be asked */
    Tasks(Governed governed, Answers answers, TaskBook book, Optional<HeldCalls> holding) {
        this.governed = governed;
        this.answers = answers;
        this.book = book;
        this.holding = holding;
    }

    /** The result of a call that became a task of its server, with an id of ours in it. */
    Json.Obj begun(Calls.Call call, Operation.ToolCall begun, Json.Obj result) {
        String ours = book.put(new AtServer(
                call.caller().principal(),
                call.caller().route(),
                result.string("taskId").orElse(""),
                begun));
        return answers.withServerInfo(result.with("taskId", Json.of(ours)));
    }

    /** The result of a call that waits for people; empty if it cannot be a task. */
    Optional<Json.Obj> held(
            Calls.Call call, Operation.ToolCall begun, Route.Target target, Rounds.Request request, NotAllowed not) {
        return holding.flatMap(them -> them.hold(call, begun, target, request, not))
                .map(held -> answers.complete(call.revision(), held.shown(held.state()))
                        .with("resultType", Json.of(TaskResults.TYPE)));
    }

    /** What is given, the policy or the time is another one. */
    void lookAgain() {
        holding.ifPresent(HeldCalls::lookAgain);
    }

    void close() {
        holding.ifPresent(HeldCalls::close);
    }

    Json.Obj get(Calls.Call call) throws RpcException {
        String ours = id(call);
        return switch (find(call, ours)) {
            case HeldCall held ->
                answers.complete(call.revision(), holding.orElseThrow().get(call.caller(), held));
            case AtServer task -> get(call, ours, task);
        };
    }

    private Json.Obj get(Calls.Call call, String ours, AtServer task) throws RpcException {
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

    private Json.Obj shown(Calls.Call call, AtServer task, Json.Obj result) throws RpcException {
        Json.Obj whole = result;
        Optional<Json.Obj> done = result.object("result");
        if (done.isPresent()) {
            Json.Obj shaped = answers.toolResult(
                    call.revision(), call.caller().route(), task.begun().upstream(), done.get());
            whole = whole.with("result", shaped);
        }
        Optional<Json.Obj> error = result.object("error");
        if (error.isPresent()) {
            whole = whole.with("error", RpcError.upstream(error.get()));
        }
        Optional<Json.Obj> asked = result.object("inputRequests");
        if (asked.isPresent()) {
            whole = whole.with("inputRequests", questions(call, task, asked.get()));
        }
        return answers.complete(call.revision(), whole);
    }

    /** Each is an action of its own, as everywhere. */
    private Json.Obj questions(Calls.Call call, AtServer task, Json.Obj asked) throws RpcException {
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
        return switch (find(call, id(call))) {
            case HeldCall held -> {
                holding.orElseThrow().update(call.caller(), held, input.responses());
                yield answers.complete(call.revision(), Json.Obj.EMPTY);
            }
            case AtServer task -> acknowledged(call, task, Does.UPDATE, Optional.of(input));
        };
    }

    Json.Obj cancel(Calls.Call call) throws RpcException {
        return switch (find(call, id(call))) {
            case HeldCall held -> {
                holding.orElseThrow().cancel(held);
                yield answers.complete(call.revision(), Json.Obj.EMPTY);
            }
            case AtServer task -> acknowledged(call, task, Does.CANCEL, Optional.empty());
        };
    }

    private Json.Obj acknowledged(Calls.Call call, AtServer task, Does does, Optional<Operation.Input> input)
            throws RpcException {
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

    /** One of somebody else, one that was forgotten and one of before a restart are told apart by nobody. */
    private TaskBook.Task find(Calls.Call call, String ours) throws RpcException {
        return book.find(call.caller(), ours)
                .filter(task -> !(task instanceof HeldCall held
                        && holding.filter(them -> them.isGone(held)).isPresent()))
                .orElseThrow(() -> RpcError.invalidParams("Unknown task: there is none of yours with this id, or it is"
                                + " over and forgotten, or Reeve was started again since. Make the same call again: what a"
                                + " person approved and nothing used yet still counts.")
                        .thrown());
    }
}
