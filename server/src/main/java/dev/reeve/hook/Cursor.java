package dev.reeve.hook;

import dev.reeve.hook.HookEvent.UnreadableException;
import dev.reeve.hook.HostTool.Kind;
import dev.reeve.hook.HostTool.Named;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Hooks of Cursor: {@code beforeShellExecution}, {@code beforeMCPExecution}, {@code beforeReadFile}, and {@code preToolUse} for the tools that
 * have no event of their own. Source: Cursor's page on agent hooks. It tells nothing afterwards that names the call, so outcomes are not observed.
 */
record Cursor() implements HookProtocol {
    /** Events that carry a tool, of something that was done. */
    private static final Set<String> PAST = Set.of(
            "afterShellExecution",
            "afterMCPExecution",
            "afterFileEdit",
            "afterTabFileEdit",
            "postToolUse",
            "postToolUseFailure");

    @Override
    public HookEvent read(Json.Obj event) throws UnreadableException {
        String name = HookProtocol.text(event, "hook_event_name");
        Optional<HostTool> tool = switch (name) {
            case "beforeShellExecution" ->
                Optional.of(new HostTool("Shell", input(event, "command", "cwd"), Inputs.shell(event)));
            case "beforeReadFile", "beforeTabFileRead" ->
                Optional.of(new HostTool("Read", input(event, "file_path"), Inputs.files(event, "read", "file_path")));
            case "beforeMCPExecution" -> Optional.of(mcp(event));
            case "preToolUse" -> Optional.of(tool(event));
            default -> Optional.empty();
        };
        if (tool.isEmpty()) {
            return PAST.contains(name) ? new HookEvent.Other() : HookProtocol.other(event);
        }
        return new HookEvent.Before(event.string("conversation_id").orElse(""), "", folder(event), tool.get());
    }

    private static Json.Obj input(Json.Obj event, String... names) {
        Json.Builder input = Json.object();
        for (String name : names) {
            event.get(name).ifPresent(value -> input.put(name, value));
        }
        return input.build();
    }

    private static String folder(Json.Obj event) throws UnreadableException {
        return event.string("cwd")
                .filter(text -> !text.isEmpty())
                .or(() -> event.array("workspace_roots")
                        .flatMap(roots -> roots.items().stream().findFirst())
                        .filter(Json.Str.class::isInstance)
                        .map(root -> ((Json.Str) root).value()))
                .orElseThrow(() -> new UnreadableException("the event names no folder"));
    }

    /** Its server is known by command or address only; the tool's name alone says too little to find a server of ours. */
    private static HostTool mcp(Json.Obj event) throws UnreadableException {
        String tool = HookProtocol.text(event, "tool_name");
        List<Named> named = event.string("server_name").or(() -> event.string("server")).stream()
                .map(server -> new Named(server, tool))
                .toList();
        return new HostTool(
                "mcp__" + tool, input(event, "tool_name", "tool_input", "url", "command"), new Kind.Mcp(named));
    }

    private static HostTool tool(Json.Obj event) throws UnreadableException {
        String name = HookProtocol.text(event, "tool_name");
        Json.Obj input =
                event.object("tool_input").orElseThrow(() -> new UnreadableException("the event has no `tool_input`"));
        Kind kind = switch (name) {
            case "Shell" -> Inputs.shell(input);
            case "Read" -> Inputs.files(input, "read", "file_path", "path", "target_file");
            case "Write", "Edit", "MultiEdit" -> Inputs.files(input, "update", "file_path", "path", "target_file");
            case "Delete" -> Inputs.files(input, "delete", "file_path", "path", "target_file");
            case "Grep" -> Inputs.search(input, List.of("glob"), "path");
            default -> new Kind.Plain();
        };
        return new HostTool(name.replace(':', '.'), input, kind);
    }

    @Override
    public HookReply allow(Json.Obj event) {
        return permission("allow", Optional.empty());
    }

    @Override
    public HookReply deny(Json.Obj event, String why) {
        return permission("deny", Optional.of(why));
    }

    /** The two oldest events can ask; the others take the word and let the call through. */
    @Override
    public HookReply ask(Json.Obj event, String why) {
        String name = event.string("hook_event_name").orElse("");
        return name.equals("beforeShellExecution") || name.equals("beforeMCPExecution")
                ? permission("ask", Optional.of(why))
                : deny(event, why + "\nThis program cannot ask you from a hook, so it is refused.");
    }

    private static HookReply permission(String permission, Optional<String> why) {
        Json.Builder reply = Json.object().put("permission", permission);
        why.ifPresent(text -> reply.put("user_message", text).put("agent_message", text));
        return HookReply.out(reply.build().toString());
    }
}
