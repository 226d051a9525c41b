package dev.reeve.hook;

import dev.reeve.gate.Effect.Told;
import dev.reeve.hook.HookEvent.UnreadableException;
import dev.reeve.hook.HostTool.Kind;
import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hooks of GitHub Copilot (its command line and its cloud agent) and of the agents of VS Code, which read the same files in {@code .github/hooks}. Sources:
 * the hooks reference of GitHub Copilot (both spellings of an event; a command hook before a tool that fails is a refusal, one that is late is none) and the
 * agent hooks of VS Code, a preview (exit code 2 blocks; {@code hookSpecificOutput}), as of October 2026. Each gets the decision in its own words, in one
 * answer. Where nobody can be asked (the cloud agent), Copilot takes {@code ask} for a refusal.
 */
record Copilot() implements HookProtocol {
    private static final String NAMELESS = "";
    private static final String[] FILES = {"path", "filePath", "file_path", "dirPath", "files"};

    @Override
    public HookEvent read(Json.Obj event) throws UnreadableException {
        agree(event, "hook_event_name", "hookEventName");
        agree(event, "tool_name", "toolName");
        agree(event, "tool_input", "toolArgs");
        return switch (name(event)) {
            case "PreToolUse" -> {
                HostTool tool = tool(event);
                yield new HookEvent.Before(session(event), call(event, tool), HookProtocol.text(event, "cwd"), tool);
            }
            case "PostToolUse" -> new HookEvent.After(session(event), call(event, tool(event)), Told.SUCCESS);
            case "PostToolUseFailure" -> new HookEvent.After(session(event), call(event, tool(event)), Told.FAILURE);
            case NAMELESS -> throw new UnreadableException("the event has no name");
            default -> HookProtocol.other(event);
        };
    }

    /** An event of the other spelling does not say what it is: what it brings tells. */
    private static String name(Json.Obj event) {
        return either(event, "hook_event_name", "hookEventName").orElseGet(() -> {
            if (!event.has("toolName")) {
                return NAMELESS;
            }
            return event.has("toolResult") ? "PostToolUse" : event.has("error") ? "PostToolUseFailure" : "PreToolUse";
        });
    }

    /** With two names that differ, an event could be read in two ways. */
    private static void agree(Json.Obj event, String one, String other) throws UnreadableException {
        if (event.has(one) && event.has(other) && !event.get(one).equals(event.get(other))) {
            throw new UnreadableException("the event has a `" + one + "` and another `" + other + "`");
        }
    }

    private static Optional<String> either(Json.Obj event, String one, String other) {
        return event.string(one).or(() -> event.string(other)).filter(text -> !text.isEmpty());
    }

    private static String session(Json.Obj event) {
        return either(event, "session_id", "sessionId").orElse("");
    }

    private static String call(Json.Obj event, HostTool tool) {
        return event.string("tool_use_id").orElseGet(() -> HookEvent.fingerprint(tool.name(), tool.input()));
    }

    private static HostTool tool(Json.Obj event) throws UnreadableException {
        String name = either(event, "tool_name", "toolName")
                .orElseThrow(() -> new UnreadableException("the event has no `tool_name`"));
        Json.Obj input = event.get("tool_input")
                .or(() -> event.get("toolArgs"))
                .flatMap(Copilot::object)
                .orElseThrow(() -> new UnreadableException("the event has no `tool_input` that is an object"));
        return new HostTool(name.replace('/', '.'), input, Inputs.mcp(name).orElseGet(() -> kind(name, input)));
    }

    /** Arguments may come as the text that the model wrote. */
    private static Optional<Json.Obj> object(Json value) {
        return switch (value) {
            case Json.Obj object -> Optional.of(object);
            case Json.Str text -> {
                try {
                    yield Optional.of(
                            StrictJson.readObject(text.value().getBytes(StandardCharsets.UTF_8), JsonLimits.REQUEST));
                } catch (JsonRefusedException e) {
                    yield Optional.empty();
                }
            }
            default -> Optional.empty();
        };
    }

    /** Names of Copilot, the names of Claude Code that it gives them in the other spelling, and names of VS Code. */
    private static Kind kind(String name, Json.Obj input) {
        return switch (name) {
            case "bash", "Bash", "run_in_terminal" -> Inputs.shell(input);
            case "view", "Read", "read_file", "list_dir", "view_image" -> Inputs.files(input, "read", FILES);
            case "create", "Write", "create_file", "create_directory", "edit_notebook_file" ->
                Inputs.files(input, "update", FILES);
            case "edit", "Edit", "str_replace_editor", "replace_string_in_file", "insert_edit_into_file" ->
                Inputs.edit(input, FILES);
            case "apply_patch" -> Inputs.patch(input, FILES);
            case "multi_replace_string_in_file" -> replacements(input);
            case "editFiles", "edit_files" -> Inputs.edit(input, FILES);
            case "grep", "rg", "Grep" -> Inputs.search(input, List.of("glob"), "path");
            case "glob", "Glob" -> Inputs.search(input, List.of("pattern"), "path");
            case "file_search" -> Inputs.search(input, List.of("query"));
            case "grep_search" -> Inputs.search(input, List.of("includePattern"));
            case "semantic_search" -> Inputs.search(input, List.of());
            case "web_fetch", "WebFetch", "fetch_webpage" -> fetch(input);
            default -> new Kind.Plain();
        };
    }

    private static Kind replacements(Json.Obj input) {
        List<String> files = Inputs.texts(input, FILES);
        List<Json> replacements =
                input.array("replacements").orElse(Json.Arr.EMPTY).items();
        if (replacements.isEmpty()) {
            return new Kind.Files(List.of(), "update");
        }
        for (Json one : replacements) {
            files.add(
                    one instanceof Json.Obj replacement
                            ? replacement.string("filePath").orElse("")
                            : "");
        }
        return new Kind.Files(Inputs.known(files), "update");
    }

    private static Kind fetch(Json.Obj input) {
        List<String> urls = new ArrayList<>();
        input.string("url").ifPresent(urls::add);
        for (Json one : input.array("urls").orElse(Json.Arr.EMPTY).items()) {
            urls.add(one instanceof Json.Str url ? url.value() : "");
        }
        return urls.isEmpty() ? new Kind.Plain() : new Kind.Fetch(urls);
    }

    @Override
    public HookReply allow(Json.Obj event) {
        return HookReply.out("{}");
    }

    @Override
    public HookReply deny(Json.Obj event, String why) {
        return name(event).equals("PreToolUse") ? decision("deny", why) : HookReply.refusal(why);
    }

    @Override
    public HookReply ask(Json.Obj event, String why) {
        return decision("ask", why);
    }

    private static HookReply decision(String decision, String why) {
        return HookReply.out(ClaudeCode.decided(decision, why)
                .with("permissionDecision", Json.of(decision))
                .with("permissionDecisionReason", Json.of(why))
                .toString());
    }
}
