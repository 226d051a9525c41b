package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.adapter.mcp.Governed.Outcome;
import dev.reeve.adapter.mcp.Governed.Outcome.NotAllowed;
import dev.reeve.adapter.mcp.Route.Target;
import dev.reeve.definitions.Definitions;
import dev.reeve.json.Json;
import java.util.Optional;

/** The three methods that reach an upstream for the caller. What the caller may not see answers like what does not exist (R10). */
final class Calls {
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_URI = 8192;

    private final Surroundings around;
    private final Governed governed;
    private final Answers answers;

    Calls(Surroundings around, Governed governed, Answers answers) {
        this.around = around;
        this.governed = governed;
        this.answers = answers;
    }

    /** What all three need to know of a request. */
    record Call(Caller caller, Revision revision, Json.Obj params, Meta meta, Ongoing ongoing) {}

    Json.Obj tool(Call call) throws RpcException {
        String name = name(call.params(), "tool");
        Target target = call.caller().route().named(name).orElse(new Target(NOWHERE, name));
        Json.Obj arguments = arguments(call.params());
        Outcome outcome = governed.send(
                call.caller(),
                new Operation.ToolCall(target.upstream(), target.name(), arguments),
                call.meta().reasoning(),
                call.ongoing());
        return switch (outcome) {
            case Outcome.Done done ->
                answers.toolResult(call.revision(), call.caller().route(), target.upstream(), done.result());
            case Outcome.Failed failed -> throw failed(failed);
            case NotAllowed not -> {
                if (not.denial().concealed() || !exists(target)) {
                    throw RpcError.invalidParams("Unknown tool: " + name).thrown();
                }
                yield answers.complete(call.revision(), Denials.toolResult(not));
            }
        };
    }

    private boolean exists(Target target) {
        return around.definitions()
                .tool(target.upstream(), target.name())
                .filter(tool -> tool.state() != Definitions.State.HIDDEN)
                .isPresent();
    }

    Json.Obj resource(Call call) throws RpcException {
        String uri = text(call.params(), "uri", LONGEST_URI);
        Target target = call.caller().route().uri(uri).orElse(new Target(NOWHERE, uri));
        Outcome outcome = governed.send(
                call.caller(),
                new Operation.ResourceRead(target.upstream(), target.name()),
                call.meta().reasoning(),
                call.ongoing());
        return switch (outcome) {
            case Outcome.Done done ->
                answers.readResult(call.revision(), call.caller().route(), target.upstream(), done.result());
            case Outcome.Failed failed -> throw failed(failed);
            case NotAllowed not -> {
                if (not.denial().concealed() || !known(target)) {
                    throw noResource(call.revision(), uri).thrown();
                }
                throw Denials.error(not).thrown();
            }
        };
    }

    private static RpcError noResource(Revision revision, String uri) {
        Json.Obj data = Json.object().put("uri", uri).build();
        int code = revision.stateless() ? RpcError.INVALID_PARAMS : RpcError.RESOURCE_NOT_FOUND;
        return RpcError.of(code, "Resource not found", data);
    }

    Json.Obj prompt(Call call) throws RpcException {
        String name = name(call.params(), "prompt");
        Target target = call.caller().route().named(name).orElse(new Target(NOWHERE, name));
        Outcome outcome = governed.send(
                call.caller(),
                new Operation.PromptGet(target.upstream(), target.name(), arguments(call.params())),
                call.meta().reasoning(),
                call.ongoing());
        return switch (outcome) {
            case Outcome.Done done ->
                answers.promptResult(call.revision(), call.caller().route(), target.upstream(), done.result());
            case Outcome.Failed failed -> throw failed(failed);
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

    private static RpcException failed(Outcome.Failed failed) {
        return RpcError.upstream(
                        failed.error().code(),
                        failed.error().message(),
                        failed.error().data())
                .thrown();
    }

    private static String name(Json.Obj params, String what) throws RpcException {
        Optional<String> name = params.string("name").filter(text -> !text.isEmpty() && text.length() <= LONGEST_NAME);
        return name.orElseThrow(() -> RpcError.invalidParams(
                        "`name` must be the " + what + "'s name, at most " + LONGEST_NAME + " characters")
                .thrown());
    }

    private static String text(Json.Obj params, String member, int longest) throws RpcException {
        Optional<String> value = params.string(member).filter(text -> !text.isEmpty() && text.length() <= longest);
        return value.orElseThrow(
                () -> RpcError.invalidParams("`" + member + "` must be a string of at most " + longest + " characters")
                        .thrown());
    }

    private static Json.Obj arguments(Json.Obj params) throws RpcException {
        if (params.has("arguments") && params.object("arguments").isEmpty()) {
            throw RpcError.invalidParams("`arguments` must be an object").thrown();
        }
        return params.object("arguments").orElse(Json.Obj.EMPTY);
    }
}
