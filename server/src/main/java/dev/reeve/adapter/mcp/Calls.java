package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.adapter.mcp.Governed.Outcome;
import dev.reeve.adapter.mcp.Governed.Outcome.NotAllowed;
import dev.reeve.adapter.mcp.Route.Target;
import dev.reeve.definitions.Definitions;
import dev.reeve.json.Json;
import dev.reeve.upstream.InputRequired;
import dev.reeve.upstream.TaskResults;
import java.util.Optional;

/** The three methods that reach an upstream for the caller. What the caller may not see answers like what does not exist (R10). */
final class Calls {
    private static final int LONGEST_NAME = 256;
    static final int LONGEST_URI = 8192;

    private final Surroundings around;
    private final Governed governed;
    private final Rounds rounds;
    private final Tasks tasks;
    private final Skills skills;
    private final Answers answers;

    Calls(
            Surroundings around,
            Governed governed,
            Answers answers,
            McpLimits limits,
            Running running,
            LargeAnswers room) {
        this.around = around;
        this.governed = governed;
        this.rounds = new Rounds(around, governed, limits);
        this.skills = new Skills(around, governed, answers);
        this.answers = answers;
        TaskBook book = new TaskBook(around.ids(), limits, around.revocations());
        this.tasks = new Tasks(
                governed,
                answers,
                book,
                around.people()
                        .map(people -> new HeldCalls(
                                around, people, rounds, book, this::told, running, room, limits.answers())));
    }

    /** What all three need to know of a request. */
    record Call(Caller caller, Revision revision, Json.Obj params, Meta meta, Ongoing ongoing) {}

    Tasks tasks() {
        return tasks;
    }

    Skills skills() {
        return skills;
    }

    Json.Obj tool(Call call) throws RpcException {
        String name = name(call.params(), "tool");
        Target target = call.caller().route().named(name).orElse(new Target(NOWHERE, name));
        Json.Obj arguments = arguments(call.params());
        Operation.ToolCall operation = new Operation.ToolCall(target.upstream(), target.name(), arguments);
        Rounds.Went went = go(call, Method.TOOLS_CALL, target, arguments, operation);
        return switch (went.outcome()) {
            case Outcome.Done(Json.Obj result) when InputRequired.is(result) -> answers.inputRequired(result);
            case Outcome.Done(Json.Obj result) when TaskResults.is(result) -> tasks.begun(call, operation, result);
            case NotAllowed not when !isUnknown(target, not) && UrlQuestion.isFor(call, not) -> asked(call, not);
            case NotAllowed not
            when !isUnknown(target, not) && HeldCalls.isFor(call, not) -> {
                Optional<Json.Obj> task = tasks.held(call, operation, target, went.last(), not);
                yield task.isPresent() ? task.get() : told(call, target, not);
            }
            case Outcome outcome -> told(call, target, outcome);
        };
    }

    private Json.Obj told(Call call, Target target, Outcome outcome) throws RpcException {
        return told(call.revision(), call.caller().route(), target, outcome);
    }

    /** What came of a call of a tool, as its result. */
    private Json.Obj told(Revision revision, Route route, Target target, Outcome outcome) throws RpcException {
        return switch (outcome) {
            case Outcome.Done done -> answers.toolResult(revision, route, target.upstream(), done.result());
            case Outcome.Failed failed -> throw failed.thrown();
            case NotAllowed not -> {
                if (isUnknown(target, not)) {
                    throw RpcError.invalidParams("Unknown tool: " + asked(route, target))
                            .thrown();
                }
                yield answers.complete(revision, Denials.toolResult(not));
            }
        };
    }

    private static String asked(Route route, Target target) {
        return target.upstream().equals(NOWHERE) ? target.name() : route.shown(target.upstream(), target.name());
    }

    private boolean isUnknown(Target target, NotAllowed not) {
        return not.denial().concealed() || !exists(target);
    }

    private Json.Obj asked(Call call, NotAllowed not) throws RpcException {
        if (call.revision().stateless()) {
            return answers.inputRequired(UrlQuestion.result(not));
        }
        throw UrlQuestion.error(not).thrown();
    }

    private Outcome rounds(Call call, Method method, Target target, Json.Obj arguments, Operation operation)
            throws RpcException {
        return go(call, method, target, arguments, operation).outcome();
    }

    private Rounds.Went go(Call call, Method method, Target target, Json.Obj arguments, Operation operation)
            throws RpcException {
        SealedStates.Binding binding = new SealedStates.Binding(
                call.caller().principal(),
                call.caller().route(),
                method,
                target.upstream() + " " + target.name(),
                arguments);
        return rounds.go(call, rounds.begin(call, binding, operation));
    }

    /** What a client may type next: asked only for what it may use. */
    Json.Obj complete(Call call) throws RpcException {
        Json.Obj ref = call.params()
                .object("ref")
                .orElseThrow(
                        () -> RpcError.invalidParams("`ref` must be an object").thrown());
        boolean prompt = ref.string("type").equals(Optional.of("ref/prompt"));
        if (!prompt && !ref.string("type").equals(Optional.of("ref/resource"))) {
            throw RpcError.invalidParams("`ref` must be of the type `ref/prompt` or `ref/resource`")
                    .thrown();
        }
        String name = prompt ? name(ref, "prompt") : uri(ref);
        Route route = call.caller().route();
        Target target = (prompt ? route.named(name) : route.uri(name)).orElse(new Target(NOWHERE, name));
        Operation.Completion operation = new Operation.Completion(
                target.upstream(),
                prompt ? Operation.Completion.Completed.PROMPT : Operation.Completion.Completed.RESOURCE_TEMPLATE,
                target.name(),
                completed(call.params()));
        Outcome outcome = governed.send(
                call.caller(),
                operation,
                call.meta().reasoning(),
                call.ongoing(),
                result -> Completing.readable(
                        operation, result, read -> around.visible(call.caller().principal(), read)));
        return switch (outcome) {
            case Outcome.Done done -> answers.completion(call.revision(), done.result());
            case Outcome.Failed failed -> throw failed.thrown();
            case NotAllowed not -> {
                if (not.denial().concealed() || !known(target)) {
                    throw RpcError.invalidParams((prompt ? "Unknown prompt: " : "Unknown resource template: ") + name)
                            .thrown();
                }
                throw Denials.error(not).thrown();
            }
        };
    }

    private static Json.Obj completed(Json.Obj params) throws RpcException {
        Optional<Json.Obj> argument = params.object("argument");
        if (argument.flatMap(it -> it.string("name")).isEmpty()
                || argument.flatMap(it -> it.string("value")).isEmpty()) {
            throw RpcError.invalidParams("`argument` must have `name` and `value`, both texts")
                    .thrown();
        }
        Json.Builder kept = Json.object()
                .put(
                        "argument",
                        Json.object()
                                .put("name", argument.get().string("name"))
                                .put("value", argument.get().string("value")));
        Optional<Json.Obj> before = params.object("context").flatMap(it -> it.object("arguments"));
        before.ifPresent(it -> kept.put("context", Json.object().put("arguments", it)));
        return kept.build();
    }

    private boolean exists(Target target) {
        return around.definitions()
                .tool(target.upstream(), target.name())
                .filter(tool -> tool.state() != Definitions.State.HIDDEN)
                .isPresent();
    }

    Json.Obj resource(Call call) throws RpcException {
        String uri = uri(call.params());
        Target target = call.caller().route().uri(uri).orElse(new Target(NOWHERE, uri));
        Outcome outcome = rounds(
                call,
                Method.RESOURCES_READ,
                target,
                Json.Obj.EMPTY,
                new Operation.ResourceRead(target.upstream(), target.name()));
        return switch (outcome) {
            case Outcome.Done(Json.Obj result) when InputRequired.is(result) -> answers.inputRequired(result);
            case Outcome.Done done ->
                answers.readResult(call.revision(), call.caller().route(), target.upstream(), done.result());
            case Outcome.Failed failed -> {
                // Revisions have two codes for a resource that is not there.
                if (failed.error().code() == RpcError.RESOURCE_NOT_FOUND) {
                    throw noResource(call.revision(), uri).thrown();
                }
                throw failed.thrown();
            }
            case NotAllowed not -> {
                if (not.denial().concealed() || !known(target)) {
                    throw noResource(call.revision(), uri).thrown();
                }
                throw Denials.error(not).thrown();
            }
        };
    }

    static RpcError noResource(Revision revision, String uri) {
        Json.Obj data = Json.object().put("uri", uri).build();
        int code = revision.stateless() ? RpcError.INVALID_PARAMS : RpcError.RESOURCE_NOT_FOUND;
        return RpcError.of(code, "Resource not found", data);
    }

    Json.Obj prompt(Call call) throws RpcException {
        String name = name(call.params(), "prompt");
        Target target = call.caller().route().named(name).orElse(new Target(NOWHERE, name));
        Json.Obj arguments = arguments(call.params());
        Outcome outcome = rounds(
                call,
                Method.PROMPTS_GET,
                target,
                arguments,
                new Operation.PromptGet(target.upstream(), target.name(), arguments));
        return switch (outcome) {
            case Outcome.Done(Json.Obj result) when InputRequired.is(result) -> answers.inputRequired(result);
            case Outcome.Done done ->
                answers.promptResult(call.revision(), call.caller().route(), target.upstream(), done.result());
            case Outcome.Failed failed -> throw failed.thrown();
            case NotAllowed not -> {
                if (not.denial().concealed() || !known(target)) {
                    throw RpcError.invalidParams("Unknown prompt: " + name).thrown();
                }
                throw Denials.error(not).thrown();
            }
        };
    }

    /** No upstream of the file has this name, so a name without one is denied and recorded like any other unknown name. */
    static final String NOWHERE = "(none)";

    private boolean known(Target target) {
        return around.upstreams().names().contains(target.upstream());
    }

    private static String name(Json.Obj params, String what) throws RpcException {
        Optional<String> name = params.string("name").filter(text -> !text.isEmpty() && text.length() <= LONGEST_NAME);
        return name.orElseThrow(() -> RpcError.invalidParams(
                        "`name` must be the " + what + "'s name, at most " + LONGEST_NAME + " characters")
                .thrown());
    }

    /** A URI as the protocol has it in {@code params}. */
    static String uri(Json.Obj params) throws RpcException {
        Optional<String> uri = params.string("uri").filter(text -> !text.isEmpty() && text.length() <= LONGEST_URI);
        return uri.orElseThrow(
                () -> RpcError.invalidParams("`uri` must be a string of at most " + LONGEST_URI + " characters")
                        .thrown());
    }

    private static Json.Obj arguments(Json.Obj params) throws RpcException {
        if (params.has("arguments") && params.object("arguments").isEmpty()) {
            throw RpcError.invalidParams("`arguments` must be an object").thrown();
        }
        return params.object("arguments").orElse(Json.Obj.EMPTY);
    }
}
