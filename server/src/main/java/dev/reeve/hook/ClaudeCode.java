package dev.reeve.hook;

import dev.reeve.gate.Effect.Told;
import dev.reeve.hook.HookEvent.UnreadableException;
import dev.reeve.hook.HostTool.Kind;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * Hooks of Claude Code, and of Codex, which took over their form. Sources: the hooks reference of Claude Code ({@code hook_event_name},
 * {@code tool_name}, {@code tool_input}, {@code tool_use_id}, {@code hookSpecificOutput.permissionDecision}), and the hooks page of Codex, whose
 * {@code ask} is not supported and lets the call through: there a question is a refusal.
 *
 * @param asks whether {@code ask} is understood
 */
record ClaudeCode(boolean asks) implements HookProtocol {
    @Override
    public HookEvent read(Json.Obj event) throws UnreadableException {
        return switch (HookProtocol.text(event, "hook_event_name")) {
            case "PreToolUse" -> {
                HostTool tool = tool(event);
                yield new HookEvent.Before(session(event), call(event, tool), HookProtocol.text(event, "cwd"), tool);
            }
            case "PostToolUse" -> new HookEvent.After(session(event), call(event, tool(event)), Told.SUCCESS);
            case "PostToolUseFailure" -> new HookEvent.After(session(event), call(event, tool(event)), Told.FAILURE);
            default -> HookProtocol.other(event);
        };
    }

    private static String session(Json.Obj event) {
        return event.string("session_id").orElse("");
    }

    private static String call(Json.Obj event, HostTool tool) {
        return event.string("tool_use_id").orElseGet(() -> HookEvent.fingerprint(tool.name(), tool.input()));
    }

    private static HostTool tool(Json.Obj event) throws UnreadableException {
        String name = HookProtocol.text(event, "tool_name");
        Json.Obj input =
                event.object("tool_input").orElseThrow(() -> new UnreadableException("the event has no `tool_input`"));
        return new HostTool(name, input, Inputs.mcp(name).orElseGet(() -> kind(name, input)));
    }

    private static Kind kind(String name, Json.Obj input) {
        return switch (name) {
            case "Bash" -> Inputs.shell(input);
            case "Read", "NotebookRead" -> Inputs.files(input, "read", "file_path", "notebook_path");
            case "Write", "Edit", "MultiEdit", "NotebookEdit" ->
                Inputs.files(input, "update", "file_path", "notebook_path");
            case "Glob" -> Inputs.search(input, List.of("pattern"), "path");
            case "Grep" -> Inputs.search(input, List.of("glob"), "path");
            case "LS" -> Inputs.files(input, "read", "path");
            case "WebFetch" ->
                input.string("url")
                        .<Kind>map(url -> new Kind.Fetch(List.of(url)))
                        .orElseGet(Kind.Plain::new);
            case "apply_patch" -> Inputs.patch(input, "path", "file_path");
            default -> new Kind.Plain();
        };
    }

    @Override
    public HookReply allow(Json.Obj event) {
        return HookReply.out("{}");
    }

    @Override
    public HookReply deny(Json.Obj event, String why) {
        return before(event) ? decision("deny", why) : HookReply.refusal(why);
    }

    @Override
    public HookReply ask(Json.Obj event, String why) {
        return asks
                ? decision("ask", why)
                : decision("deny", why + "\nThis program cannot ask you from a hook, so it is refused.");
    }

    private static boolean before(Json.Obj event) {
        return event.string("hook_event_name").equals(Optional.of("PreToolUse"));
    }

    private static HookReply decision(String decision, String why) {
        return HookReply.out(decided(decision, why).toString());
    }

    /** The words that others took over. */
    static Json.Obj decided(String decision, String why) {
        return Json.object()
                .put(
                        "hookSpecificOutput",
                        Json.object()
                                .put("hookEventName", "PreToolUse")
                                .put("permissionDecision", decision)
                                .put("permissionDecisionReason", why))
                .build();
    }
}
