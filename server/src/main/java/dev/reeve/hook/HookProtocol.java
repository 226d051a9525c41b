package dev.reeve.hook;

import dev.reeve.hook.HookEvent.UnreadableException;
import dev.reeve.json.Json;
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

    static Optional<HookProtocol> find(String client) {
        return Optional.ofNullable(KNOWN.get(client));
    }

    HookEvent read(Json.Obj event) throws UnreadableException;

    /** Reeve has nothing against it. Where the agent would ask its user by itself, it still does. */
    HookReply allow(Json.Obj event);

    HookReply deny(Json.Obj event, String why);

    /** Allowed if the agent asks its user. An agent that cannot be made to ask is refused. */
    HookReply ask(Json.Obj event, String why);

    static String text(Json.Obj event, String name) throws UnreadableException {
        return event.string(name)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new UnreadableException("the event has no `" + name + "`"));
    }
}
