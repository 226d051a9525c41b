package dev.reeve.demo;

import dev.reeve.json.Json;
import java.util.List;

/** One of the company's systems: an MCP server of its own, with a few tools. */
public interface Desk {
    String name();

    List<DeskTool> tools();

    static Desk of(String name, DeskTool... tools) {
        List<DeskTool> all = List.of(tools);
        return new Desk() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public List<DeskTool> tools() {
                return all;
            }
        };
    }

    /** A tool: its definition as the server tells it, and what it does. */
    record DeskTool(Json.Obj definition, Handler handler) {
        public static DeskTool of(
                String name, String description, boolean readOnly, Json.Obj properties, Handler handler) {
            Json.Obj schema = Json.object()
                    .put("type", "object")
                    .put("properties", properties)
                    .put("required", Json.Arr.ofStrings(properties.members().keySet()))
                    .build();
            Json.Obj definition = Json.object()
                    .put("name", name)
                    .put("description", description)
                    .put("inputSchema", schema)
                    .put("annotations", Json.object().put("readOnlyHint", readOnly))
                    .build();
            return new DeskTool(definition, handler);
        }

        public static Json.Obj text() {
            return Json.object().put("type", "string").build();
        }

        public String name() {
            return definition.string("name").orElseThrow();
        }
    }

    /** Answers with the {@code structuredContent}. */
    @FunctionalInterface
    interface Handler {
        Json.Obj call(Json.Obj arguments) throws DeskException;
    }

    /** What a tool says when it cannot. */
    final class DeskException extends Exception {
        private static final long serialVersionUID = 1;

        public DeskException(String message) {
            super(message);
        }
    }
}
