package dev.reeve.hook;

import dev.reeve.gate.Effect.Told;
import dev.reeve.hook.HookEvent.UnreadableException;
import dev.reeve.hook.HostTool.Kind;
import dev.reeve.hook.HostTool.Named;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * Hooks of Gemini CLI: {@code BeforeTool} and {@code AfterTool}. Source: its hooks reference. It knows no question, so one is a refusal.
 */
record Gemini() implements HookProtocol {
    @Override
    public HookEvent read(Json.Obj event) throws UnreadableException {
        return switch (HookProtocol.text(event, "hook_event_name")) {
            case "BeforeTool" -> {
                HostTool tool = tool(event);
                yield new HookEvent.Before(session(event), call(tool), HookProtocol.text(event, "cwd"), tool);
            }
            case "AfterTool" -> new HookEvent.After(session(event), call(tool(event)), told(event));
            default -> HookProtocol.other(event);
        };
    }

    private static String session(Json.Obj event) {
        return event.string("session_id").orElse("");
    }

    private static String call(HostTool tool) {
        return HookEvent.fingerprint(tool.name(), tool.input());
    }

    private static Told told(Json.Obj event) {
        boolean failed = event.object("tool_response").flatMap(answer -> answer.get("error")).stream()
                .anyMatch(error -> error != Json.Null.NULL);
        return failed ? Told.FAILURE : Told.SUCCESS;
    }

    private static HostTool tool(Json.Obj event) throws UnreadableException {
        String name = HookProtocol.text(event, "tool_name");
        Json.Obj input =
                event.object("tool_input").orElseThrow(() -> new UnreadableException("the event has no `tool_input`"));
        return new HostTool(
                name, input, event.object("mcp_context").map(Gemini::mcp).orElseGet(() -> kind(name, input)));
    }

    private static Kind mcp(Json.Obj context) {
        Optional<String> server = context.string("server_name");
        Optional<String> tool = context.string("tool_name");
        return new Kind.Mcp(
                server.isPresent() && tool.isPresent() ? List.of(new Named(server.get(), tool.get())) : List.of());
    }

    private static Kind kind(String name, Json.Obj input) {
        return switch (name) {
            case "run_shell_command" -> Inputs.shell(input);
            case "read_file" -> Inputs.files(input, "read", "file_path", "absolute_path", "path");
            case "read_many_files" -> Inputs.search(input, List.of("include", "paths"), "dir_path");
            case "write_file", "replace" -> Inputs.files(input, "update", "file_path");
            case "list_directory" -> Inputs.files(input, "read", "dir_path", "path");
            case "glob", "grep_search", "search_file_content" ->
                Inputs.search(input, List.of("pattern", "include"), "dir_path", "path");
            default -> new Kind.Plain();
        };
    }

    @Override
    public HookReply allow(Json.Obj event) {
        return HookReply.out("{}");
    }

    @Override
    public HookReply deny(Json.Obj event, String why) {
        return HookReply.out(
                Json.object().put("decision", "deny").put("reason", why).build().toString());
    }

    @Override
    public HookReply ask(Json.Obj event, String why) {
        return deny(event, why + "\nThis program cannot ask you from a hook, so it is refused.");
    }
}
