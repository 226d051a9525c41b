package dev.reeve.hook;

import dev.reeve.hook.HookEvent.UnreadableException;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How one coding agent talks to its hooks. Whatever is not certain is a refusal: exit code 2, which each of these agents documents as one
 * before an action.
 */
interface HookProtocol {
    /** By the name on the command line, which is also the name of the agent's program in records. */
    Map<String, HookProtocol> KNOWN = Map.of(
            "claude-code", new ClaudeCode(true),
            "codex", new ClaudeCode(false),
            "copilot", new Copilot(),
            "cursor", new Cursor(),
            "gemini", new Gemini(),
            "vscode", new Copilot());

    List<String> CARRY_A_TOOL = List.of(
            "tool_name", "toolName", "tool", "tool_input", "toolInput", "toolArgs", "command", "file_path", "filePath");

    static Optional<HookProtocol> find(String client) {
        return Optional.ofNullable(KNOWN.get(client));
    }

    HookEvent read(Json.Obj event) throws UnreadableException;

    /** Reeve has nothing against it. Where the agent would ask its user by itself, it still does. */
    HookReply allow(Json.Obj event);

    HookReply deny(Json.Obj event, String why);

    /** Allowed if the agent asks its user. An agent that cannot be made to ask is refused. */
    HookReply ask(Json.Obj event, String why);

    /**
     * An event that is not decided here. One that carries a tool may be the one before it, under a name that we do not know.
     *
     * @throws UnreadableException if it does
     */
    static HookEvent other(Json.Obj event) throws UnreadableException {
        for (String member : CARRY_A_TOOL) {
            if (event.has(member)) {
                throw new UnreadableException("an event of a name that is not known here has `" + member + "`");
            }
        }
        return new HookEvent.Other();
    }

    static String text(Json.Obj event, String name) throws UnreadableException {
        return event.string(name)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new UnreadableException("the event has no `" + name + "`"));
    }
}
