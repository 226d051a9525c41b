package dev.reeve.action;

import dev.reeve.json.Json;

/** What is to be done. Closed: a new kind breaks the build wherever it must be thought about. */
public sealed interface Operation {
    /** The system it is done on; a name of the operator's file. */
    String upstream();

    /** The stable name for records and rules: {@code tool_call}, {@code resource_read}, ... */
    String kind();

    /** What it is done to, as people read it: {@code pg.query_database}, a URI, ... */
    String subject();

    /** Arguments that rules may look at; empty where there are none. */
    Json.Obj arguments();

    /** A tool of an MCP server. {@code tool} is the server's own name for it, without prefix. */
    record ToolCall(String upstream, String tool, Json.Obj arguments) implements Operation {
        @Override
        public String kind() {
            return "tool_call";
        }

        @Override
        public String subject() {
            return upstream + "." + tool;
        }
    }

    /** Reading a resource of an MCP server. */
    record ResourceRead(String upstream, String uri) implements Operation {
        @Override
        public String kind() {
            return "resource_read";
        }

        @Override
        public String subject() {
            return uri;
        }

        @Override
        public Json.Obj arguments() {
            return Json.object().put("uri", uri).build();
        }
    }

    /** Getting a prompt of an MCP server. */
    record PromptGet(String upstream, String prompt, Json.Obj arguments) implements Operation {
        @Override
        public String kind() {
            return "prompt_get";
        }

        @Override
        public String subject() {
            return upstream + "." + prompt;
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
        PROMPTS("prompts");

        private final String wire;

        Offer(String wire) {
            this.wire = wire;
        }

        public String wire() {
            return wire;
        }
    }
}
