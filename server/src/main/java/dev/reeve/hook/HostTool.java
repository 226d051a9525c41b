package dev.reeve.hook;

import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * A tool of a coding agent in the terms of Reeve.
 *
 * @param name the agent's own name for it
 * @param input as the agent gave it
 */
record HostTool(String name, Json.Obj input, Kind kind) {
    /** What kind of thing it does. */
    sealed interface Kind {
        record Shell(String command, Optional<String> folder) implements Kind {}

        /** @param files none: it cannot be said which */
        record Files(List<String> files, String verb) implements Kind {}

        /** Looks through a folder for what a pattern matches. */
        record Search(Optional<String> folder, Optional<String> pattern) implements Kind {}

        record Fetch(List<String> urls) implements Kind {
            public Fetch {
                urls = List.copyOf(urls);
            }
        }

        /** A tool of an MCP server; the server may be one that Reeve stands before. */
        record Mcp(List<Named> candidates) implements Kind {}

        /** Anything else. */
        record Plain() implements Kind {}
    }

    /** A server and its tool; where names are joined, there are several ways to part them. */
    record Named(String server, String tool) {}
}
