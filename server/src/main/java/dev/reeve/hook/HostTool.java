package dev.reeve.hook;

import dev.reeve.json.Json;
import java.util.List;

/**
 * A tool of a coding agent in the terms of Reeve.
 *
 * @param name the agent's own name for it
 * @param input as the agent gave it
 */
record HostTool(String name, Json.Obj input, Kind kind) {
    /** What kind of thing it does. */
    sealed interface Kind {
        /** @param folders that its input names: it may run there, or in the event's */
        record Shell(String command, List<String> folders) implements Kind {
            public Shell {
                folders = List.copyOf(folders);
            }
        }

        /** @param files none: it cannot be said which */
        record Files(List<String> files, String verb) implements Kind {}

        /**
         * Looks through folders for what patterns match.
         *
         * @param folders an empty one is the event's
         */
        record Search(List<String> folders, List<String> patterns) implements Kind {
            public Search {
                folders = List.copyOf(folders);
                patterns = List.copyOf(patterns);
            }
        }

        /**
         * What it does cannot be told from its input.
         *
         * @param what {@code shell} or {@code file}
         */
        record Unclear(String what, String why) implements Kind {}

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
