package dev.reeve.authzen;

import dev.reeve.action.Operation.ToolCall;
import dev.reeve.enforcement.Asked;
import dev.reeve.enforcement.ResourceType;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/** May this subject do this to this resource? All of it is there and of the right type. */
record Question(Entity subject, String action, Json.Obj actionProperties, Entity resource, Json.Obj context) {
    /** What a tool is asked about with; what it then does to what, the catalogue says. */
    static final List<String> CALLS = List.of("call", "execute", "tools/call");

    private static final int LONGEST_ACTION = 128;
    /** As it is called in MCP's {@code _meta}, too. */
    private static final String REASONING = "dev.reeve/reasoning";

    static Question of(Parts parts) throws BadRequestException {
        return new Question(
                Entity.read("subject", parts.subject()),
                actionName(parts),
                Entity.properties("action", Entity.need("action", parts.action())),
                Entity.read("resource", parts.resource()),
                parts.context().orElse(Json.Obj.EMPTY));
    }

    static String actionName(Parts parts) throws BadRequestException {
        return Entity.text("action.name", Entity.need("action", parts.action()), "name", LONGEST_ACTION);
    }

    /** The same question in the words of the gate. */
    Asked asked() throws BadRequestException {
        Json.Obj claims = Json.object()
                .put("subject", subject.claimed())
                .put("action", actionProperties.with("name", new Json.Str(action)))
                .put("resource", resource.claimed())
                .put("context", context)
                .build();
        return new Asked(name(), action, claims, call(), context.string(REASONING));
    }

    private String name() throws BadRequestException {
        if (!resource.type().equals(ResourceType.CATALOGUE)) {
            return resource.type() + ":" + resource.id();
        }
        if (resource.id().indexOf(':') >= 0) {
            throw BadRequestException.invalid("`resource.id` holds a `:`; what stands before it is the type");
        }
        return resource.id();
    }

    private Optional<ToolCall> call() throws BadRequestException {
        if (!resource.type().equals(ResourceType.TOOL)) {
            return Optional.empty();
        }
        int dot = resource.id().indexOf('.');
        if (dot < 1 || dot == resource.id().length() - 1) {
            throw BadRequestException.invalid("`resource.id` of a tool is `SERVER.TOOL`");
        }
        if (!CALLS.contains(action)) {
            throw BadRequestException.invalid("`action.name` of a tool is `call`");
        }
        Optional<Json> arguments = resource.properties().get("arguments");
        if (arguments.isPresent() && !(arguments.get() instanceof Json.Obj)) {
            throw BadRequestException.invalid("`resource.properties.arguments` must be an object");
        }
        return Optional.of(new ToolCall(
                resource.id().substring(0, dot),
                resource.id().substring(dot + 1),
                arguments.map(Json.Obj.class::cast).orElse(Json.Obj.EMPTY)));
    }
}
