package dev.reeve.action;

import dev.reeve.json.Json;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is to be done. Closed: a new kind breaks the build wherever it must be thought about. */
public sealed interface Operation {
    /** The system it is done on; a name of the operator's file. */
    String upstream();

    /** The stable name for records and rules: {@code tool_call}, {@code resource_read}, ... */
    String kind();

    /** What it is done to, as people read it: {@code pg.query_database}, a URI, ... */
    String subject();

    /**
     * Whether the subject begins with the system's name. A URI does not: whoever asks, or another server, could choose it so that it reads like a
     * tool of a system.
     */
    default boolean isNamedByUpstream() {
        return true;
    }

    /** Arguments that rules may look at; empty where there are none. */
    Json.Obj arguments();

    /** What the caller gave to what the system asked before it would finish; it is decided on again with that (R20). */
    default Optional<Input> input() {
        return Optional.empty();
    }

    /** Whether somebody else does it, and Reeve only says whether it may be done: what comes back is never seen here. */
    default boolean isDoneElsewhere() {
        return false;
    }

    /** The enforcement point that asks, where one does; then the verdict is all that happens here, and all that is recorded. */
    default Optional<String> askedBy() {
        return Optional.empty();
    }

    /**
     * The caller's part of another round.
     *
     * @param responses by the keys under which they were asked for
     * @param state what the system wants back as it said it
     */
    record Input(Json.Obj responses, Optional<String> state) {
        /** As records and digests have it. */
        public Json.Obj asJson() {
            return Json.object().put("responses", responses).put("state", state).build();
        }
    }

    /** A tool of an MCP server. No record: its subject is asked for a dozen times on the way of each call, and made once. */
    final class ToolCall implements Operation {
        private final String upstream;
        private final String tool;
        private final String subject;
        private final Json.Obj arguments;
        private final Optional<Input> input;

        public ToolCall(String upstream, String tool, Json.Obj arguments, Optional<Input> input) {
            this(upstream, tool, upstream + "." + tool, arguments, input);
        }

        public ToolCall(String upstream, String tool, Json.Obj arguments) {
            this(upstream, tool, arguments, Optional.empty());
        }

        private ToolCall(String upstream, String tool, String subject, Json.Obj arguments, Optional<Input> input) {
            this.upstream = upstream;
            this.tool = tool;
            this.subject = subject;
            this.arguments = arguments;
            this.input = input;
        }

        /** The same call with these arguments instead. */
        public ToolCall with(Json.Obj others) {
            return new ToolCall(upstream, tool, subject, others, input);
        }

        @Override
        public String upstream() {
            return upstream;
        }

        /** The server's own name for it, without prefix. */
        public String tool() {
            return tool;
        }

        @Override
        public Json.Obj arguments() {
            return arguments;
        }

        @Override
        public Optional<Input> input() {
            return input;
        }

        @Override
        public String kind() {
            return "tool_call";
        }

        @Override
        public String subject() {
            return subject;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof ToolCall call
                    && upstream.equals(call.upstream)
                    && tool.equals(call.tool)
                    && arguments.equals(call.arguments)
                    && input.equals(call.input);
        }

        @Override
        public int hashCode() {
            return Objects.hash(upstream, tool, arguments, input);
        }

        @Override
        public String toString() {
            return "ToolCall[" + subject + ", arguments=" + arguments + ", input=" + input + "]";
        }
    }

    /** Reading a resource of an MCP server. */
    record ResourceRead(String upstream, String uri, Optional<Input> input) implements Operation {
        public ResourceRead(String upstream, String uri) {
            this(upstream, uri, Optional.empty());
        }

        @Override
        public String kind() {
            return "resource_read";
        }

        @Override
        public String subject() {
            return uri;
        }

        @Override
        public boolean isNamedByUpstream() {
            return false;
        }

        @Override
        public Json.Obj arguments() {
            return Json.object().put("uri", uri).build();
        }
    }

    /** Getting a prompt of an MCP server. */
    record PromptGet(String upstream, String prompt, Json.Obj arguments, Optional<Input> input) implements Operation {
        public PromptGet(String upstream, String prompt, Json.Obj arguments) {
            this(upstream, prompt, arguments, Optional.empty());
        }

        @Override
        public String kind() {
            return "prompt_get";
        }

        @Override
        public String subject() {
            return upstream + "." + prompt;
        }
    }

    /**
     * Asking a server how an argument of a prompt or a variable of a resource template could go on.
     *
     * @param arguments which argument, with what was typed so far, and what was filled in before, in the words of the protocol
     */
    record Completion(String upstream, Completed of, String name, Json.Obj arguments) implements Operation {
        /** What has the argument. */
        public enum Completed {
            PROMPT,
            RESOURCE_TEMPLATE
        }

        @Override
        public String kind() {
            return "completion";
        }

        @Override
        public String subject() {
            return of == Completed.PROMPT ? upstream + "." + name : name;
        }

        @Override
        public boolean isNamedByUpstream() {
            return of == Completed.PROMPT;
        }
    }

    /**
     * Getting the entry of a skill of an MCP server: what it is for, and which files it has (extension {@code io.modelcontextprotocol/skills}).
     *
     * @param uri of its {@code SKILL.md}
     */
    record SkillGet(String upstream, String uri) implements Operation {
        @Override
        public String kind() {
            return "skill_get";
        }

        @Override
        public String subject() {
            return uri;
        }

        @Override
        public boolean isNamedByUpstream() {
            return false;
        }

        @Override
        public Json.Obj arguments() {
            return Json.object().put("uri", uri).build();
        }
    }

    /** Asking what lies directly in a directory of an MCP server's resources. What comes back is filtered for the caller. */
    record DirectoryRead(String upstream, String uri) implements Operation {
        @Override
        public String kind() {
            return "directory_read";
        }

        @Override
        public String subject() {
            return uri;
        }

        @Override
        public boolean isNamedByUpstream() {
            return false;
        }

        @Override
        public Json.Obj arguments() {
            return Json.object().put("uri", uri).build();
        }
    }

    /** Wanting to hear when a resource of an MCP server changes, or no longer. */
    record Subscription(String upstream, String uri, boolean begin) implements Operation {
        @Override
        public String kind() {
            return begin ? "subscription" : "unsubscription";
        }

        @Override
        public String subject() {
            return uri;
        }

        @Override
        public boolean isNamedByUpstream() {
            return false;
        }

        @Override
        public Json.Obj arguments() {
            return Json.object().put("uri", uri).build();
        }
    }

    /**
     * What a server asks of the client that works with it: to put a form or a URL before the user, to ask its model, to name its folders. The
     * principal is the one whose client is asked.
     *
     * @param arguments the parameters of the question
     */
    record Question(String upstream, Asks asks, Json.Obj arguments) implements Operation {
        @Override
        public String kind() {
            return "question";
        }

        @Override
        public String subject() {
            return upstream + "." + asks.wire();
        }
    }

    /** What can be asked of a client. */
    enum Asks {
        FORM("elicitation_form"),
        URL("elicitation_url"),
        SAMPLING("sampling"),
        ROOTS("roots");

        private final String wire;

        Asks(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }

    /**
     * What is done about a task that a server took on for this principal. It touches what the call that began it touched, and is decided as that; but
     * for ending it, which touches nothing, gives nothing back and needs no argument of the call: who began a task may always end it.
     *
     * @param task the server's own id for it
     * @param begun the call that it began with
     */
    record Task(String task, Does does, ToolCall begun, Optional<Input> input) implements Operation {
        /** What can be done about one. */
        public enum Does {
            GET("task_get"),
            UPDATE("task_update"),
            CANCEL("task_cancel");

            private final String wire;

            Does(String wire) {
                this.wire = wire;
            }
        }

        public boolean ends() {
            return does == Does.CANCEL;
        }

        @Override
        public String upstream() {
            return begun.upstream();
        }

        @Override
        public String kind() {
            return does.wire;
        }

        @Override
        public String subject() {
            return begun.subject();
        }

        @Override
        public Json.Obj arguments() {
            return ends() ? Json.Obj.EMPTY : begun.arguments();
        }
    }

    /**
     * Something that an agent's own program does by itself: a shell command, an edit. Reeve decides and records it, and does not do it.
     *
     * @param upstream the program: {@code claude-code}, ...
     * @param tool that program's name for it
     * @param touches everything that it would touch, read from the arguments
     */
    record HostCall(String upstream, String tool, Json.Obj arguments, List<Touch> touches) implements Operation {
        public HostCall {
            touches = List.copyOf(touches);
        }

        @Override
        public boolean isDoneElsewhere() {
            return true;
        }

        @Override
        public String kind() {
            return "host_call";
        }

        @Override
        public String subject() {
            return upstream + "." + tool;
        }
    }

    /** What an enforcement point asks. It acts itself, so nothing is sent. */
    sealed interface PointQuestion extends Operation {
        /** The enforcement point's name. */
        String point();

        @Override
        default boolean isDoneElsewhere() {
            return true;
        }

        @Override
        default Optional<String> askedBy() {
            return Optional.of(point());
        }
    }

    /**
     * An enforcement point asks whether a subject may do something to a resource that the point guards.
     *
     * @param point its name
     * @param resource a name of the catalogue, or a resource form and a value as the point wrote it
     * @param verb what is to be done
     * @param claims what the point says of subject, action, resource and surroundings. Conditions see it as {@code arguments}: it is what it
     *     is, a claim, and takes the place of no fact
     * @param entitled whether the point may speak for the subject; otherwise the principal is the point itself, and it is refused
     */
    record AccessEvaluation(String point, String resource, String verb, Json.Obj claims, boolean entitled)
            implements PointQuestion {
        @Override
        public String upstream() {
            return point;
        }

        @Override
        public String kind() {
            return "access_evaluation";
        }

        @Override
        public String subject() {
            return resource;
        }

        @Override
        public boolean isNamedByUpstream() {
            return false;
        }

        @Override
        public Json.Obj arguments() {
            return claims;
        }
    }

    /**
     * An enforcement point asks whether a tool may be called so. It is admitted and read as the call would be, and never sent.
     *
     * @param point its name
     */
    record ToolEvaluation(String point, ToolCall call) implements PointQuestion {
        @Override
        public String upstream() {
            return call.upstream();
        }

        @Override
        public String kind() {
            return "tool_evaluation";
        }

        @Override
        public String subject() {
            return call.subject();
        }

        @Override
        public Json.Obj arguments() {
            return call.arguments();
        }
    }

    /**
     * An enforcement point asks who may do something, what something may be done to, or what may be done. What is found is filtered for it.
     *
     * @param entity what is looked for: {@code subject}, {@code resource}, {@code action}
     * @param asked the question in the words of the protocol
     */
    record AccessSearch(String point, String entity, Json.Obj asked) implements PointQuestion {
        @Override
        public String upstream() {
            return point;
        }

        @Override
        public String kind() {
            return "access_search";
        }

        @Override
        public String subject() {
            return point + " " + entity;
        }

        @Override
        public Json.Obj arguments() {
            return asked;
        }
    }

    /** Asking what a server offers. What comes back is filtered for the caller. */
    record Listing(String upstream, Offer offer) implements Operation {
        @Override
        public String kind() {
            return "listing";
        }

        @Override
        public String subject() {
            return upstream + " " + offer.wire();
        }

        @Override
        public Json.Obj arguments() {
            return Json.Obj.EMPTY;
        }
    }

    /** What can be listed. */
    enum Offer {
        TOOLS("tools"),
        RESOURCES("resources"),
        RESOURCE_TEMPLATES("resource_templates"),
        PROMPTS("prompts"),
        SKILLS("skills");

        private final String wire;

        Offer(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }
}
