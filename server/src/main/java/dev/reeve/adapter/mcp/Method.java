package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The closed table of methods (R18): what clients may send, in which revision, and what it is to the gate. Whatever is not here is
 * denied: an unknown request is {@code -32601}, an unknown notification is dropped.
 */
enum Method {
    // Reeve answers these itself; they touch no upstream and tell nothing about one.
    INITIALIZE(
            "initialize", Kind.REQUEST, In.SESSIONS, Acts.BY_ITSELF, "protocolVersion", "capabilities", "clientInfo"),
    INITIALIZED("notifications/initialized", Kind.NOTIFICATION, In.SESSIONS, Acts.BY_ITSELF),
    PING("ping", Kind.REQUEST, In.SESSIONS, Acts.BY_ITSELF),
    DISCOVER("server/discover", Kind.REQUEST, In.STATELESS, Acts.BY_ITSELF),
    LISTEN("subscriptions/listen", Kind.REQUEST, In.STATELESS, Acts.BY_ITSELF, "notifications"),
    CANCELLED("notifications/cancelled", Kind.NOTIFICATION, In.BOTH, Acts.BY_ITSELF, "requestId", "reason"),

    // These are attempts: each becomes the operation beside it and passes the gate.
    TOOLS_LIST("tools/list", Kind.REQUEST, In.BOTH, Acts.LISTING, "cursor"),
    TOOLS_CALL("tools/call", Kind.REQUEST, In.BOTH, Acts.TOOL_CALL, "name", "arguments"),
    RESOURCES_LIST("resources/list", Kind.REQUEST, In.BOTH, Acts.LISTING, "cursor"),
    TEMPLATES_LIST("resources/templates/list", Kind.REQUEST, In.BOTH, Acts.LISTING, "cursor"),
    RESOURCES_READ("resources/read", Kind.REQUEST, In.BOTH, Acts.RESOURCE_READ, "uri"),
    PROMPTS_LIST("prompts/list", Kind.REQUEST, In.BOTH, Acts.LISTING, "cursor"),
    PROMPTS_GET("prompts/get", Kind.REQUEST, In.BOTH, Acts.PROMPT_GET, "name", "arguments");

    enum Kind {
        REQUEST,
        NOTIFICATION
    }

    enum In {
        SESSIONS,
        STATELESS,
        BOTH;

        boolean has(Revision revision) {
            return this == BOTH || (this == STATELESS) == revision.stateless();
        }
    }

    /** The operation that a method is. */
    enum Acts {
        BY_ITSELF(Optional.empty()),
        LISTING(Optional.of(Operation.Listing.class)),
        TOOL_CALL(Optional.of(Operation.ToolCall.class)),
        RESOURCE_READ(Optional.of(Operation.ResourceRead.class)),
        PROMPT_GET(Optional.of(Operation.PromptGet.class));

        private final Optional<Class<? extends Operation>> operation;

        Acts(Optional<Class<? extends Operation>> operation) {
            this.operation = operation;
        }

        Optional<Class<? extends Operation>> operation() {
            return operation;
        }
    }

    private static final Map<String, Method> BY_NAME = new HashMap<>();

    static {
        for (Method method : EnumSet.allOf(Method.class)) {
            BY_NAME.put(method.wire, method);
        }
    }

    private final String wire;
    private final Kind kind;
    private final In in;
    private final Acts acts;
    // Made by Set.of alone, so it is immutable although its type does not say so.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> params;

    Method(String wire, Kind kind, In in, Acts acts, String... params) {
        this.wire = wire;
        this.kind = kind;
        this.in = in;
        this.acts = acts;
        this.params = Set.of(params);
    }

    static Optional<Method> find(String wire, Kind kind, Revision revision) {
        return Optional.ofNullable(BY_NAME.get(wire)).filter(method -> method.kind == kind && method.in.has(revision));
    }

    String wire() {
        return wire;
    }

    Acts acts() {
        return acts;
    }

    /** Members that {@code params} may have, beside {@code _meta}. */
    Set<String> params() {
        return params;
    }
}
