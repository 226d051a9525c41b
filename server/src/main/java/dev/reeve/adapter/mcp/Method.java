package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
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
    SET_LEVEL("logging/setLevel", Kind.REQUEST, In.SESSIONS, Acts.BY_ITSELF, "level"),
    CANCELLED("notifications/cancelled", Kind.NOTIFICATION, In.BOTH, Acts.BY_ITSELF, "requestId", "reason"),

    // These are attempts: each becomes the operation beside it and passes the gate.
    TOOLS_LIST("tools/list", Kind.REQUEST, In.BOTH, Acts.LISTING, "cursor"),
    // `task` is an experiment of 2025-11-25 that is not offered, so it is not read.
    TOOLS_CALL("tools/call", Kind.REQUEST, In.BOTH, Acts.TOOL_CALL, Rounds.POSSIBLE, "name", "arguments", "task"),
    RESOURCES_LIST("resources/list", Kind.REQUEST, In.BOTH, Acts.LISTING, "cursor"),
    TEMPLATES_LIST("resources/templates/list", Kind.REQUEST, In.BOTH, Acts.LISTING, "cursor"),
    SKILLS_LIST("skills/list", Kind.REQUEST, In.STATELESS, Acts.LISTING, "cursor"),
    SKILLS_GET("skills/get", Kind.REQUEST, In.STATELESS, Acts.SKILL_GET, "uri"),
    // One page holds all, so no cursor of ours ever comes back.
    DIRECTORY_READ("resources/directory/read", Kind.REQUEST, In.STATELESS, Acts.DIRECTORY_READ, "uri"),
    RESOURCES_READ("resources/read", Kind.REQUEST, In.BOTH, Acts.RESOURCE_READ, Rounds.POSSIBLE, "uri"),
    RESOURCES_SUBSCRIBE("resources/subscribe", Kind.REQUEST, In.SESSIONS, Acts.SUBSCRIPTION, "uri"),
    RESOURCES_UNSUBSCRIBE("resources/unsubscribe", Kind.REQUEST, In.SESSIONS, Acts.SUBSCRIPTION, "uri"),
    TASKS_GET("tasks/get", Kind.REQUEST, In.STATELESS, Acts.TASK, "taskId"),
    TASKS_UPDATE("tasks/update", Kind.REQUEST, In.STATELESS, Acts.TASK, Rounds.POSSIBLE, "taskId"),
    TASKS_CANCEL("tasks/cancel", Kind.REQUEST, In.STATELESS, Acts.TASK, "taskId"),
    COMPLETE("completion/complete", Kind.REQUEST, In.BOTH, Acts.COMPLETION, "ref", "argument", "context"),
    PROMPTS_LIST("prompts/list", Kind.REQUEST, In.BOTH, Acts.LISTING, "cursor"),
    PROMPTS_GET("prompts/get", Kind.REQUEST, In.BOTH, Acts.PROMPT_GET, Rounds.POSSIBLE, "name", "arguments");

    /** The table as people read it: docs/mcp.md. */
    static String table() {
        StringBuilder table = new StringBuilder(
                "| method | 2025-03-26 to 2025-11-25 | 2026-07-28 | what it is to the gate |\n|---|---|---|---|\n");
        for (Method method : values()) {
            table.append("| `")
                    .append(method.wire)
                    .append("` | ")
                    .append(method.in.has(Revision.V2025_11_25) ? "yes" : "")
                    .append(" | ")
                    .append(method.in.has(Revision.V2026_07_28) ? "yes" : "")
                    .append(" | ")
                    .append(
                            method.acts == Acts.BY_ITSELF
                                    ? "answered by Reeve itself"
                                    : "`" + method.acts.name().toLowerCase(Locale.ROOT) + "`")
                    .append(method.rounds == Rounds.POSSIBLE ? ", in rounds" : "")
                    .append(" |\n");
        }
        return table.toString();
    }

    enum Kind {
        REQUEST,
        NOTIFICATION
    }

    /** Whether a request may come again with what a server asked for (2026-07-28). */
    enum Rounds {
        ONE,
        POSSIBLE
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
        SKILL_GET(Optional.of(Operation.SkillGet.class)),
        DIRECTORY_READ(Optional.of(Operation.DirectoryRead.class)),
        SUBSCRIPTION(Optional.of(Operation.Subscription.class)),
        TASK(Optional.of(Operation.Task.class)),
        COMPLETION(Optional.of(Operation.Completion.class)),
        PROMPT_GET(Optional.of(Operation.PromptGet.class));

        private final Optional<Class<? extends Operation>> operation;

        Acts(Optional<Class<? extends Operation>> operation) {
            this.operation = operation;
        }

        Optional<Class<? extends Operation>> operation() {
            return operation;
        }
    }

    static final String RESPONSES = "inputResponses";
    static final String STATE = "requestState";
    private static final Set<String> ROUND = Set.of(RESPONSES, STATE);

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
    private final Rounds rounds;
    // Made by Set.of alone, so it is immutable although its type does not say so.
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> params;

    Method(String wire, Kind kind, In in, Acts acts, String... params) {
        this(wire, kind, in, acts, Rounds.ONE, params);
    }

    Method(String wire, Kind kind, In in, Acts acts, Rounds rounds, String... params) {
        this.rounds = rounds;
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

    /** Whether {@code params} may have this member, beside {@code _meta}. */
    boolean hasParam(String name, Revision revision) {
        boolean ofRounds = rounds == Rounds.POSSIBLE && revision.stateless();
        return params.contains(name) || (ofRounds && ROUND.contains(name));
    }
}
