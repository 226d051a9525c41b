package dev.reeve.definitions.checks;

import java.util.Set;

/** Names of members that the protocol and JSON Schema give: nobody made them up, so nothing hides in them. */
final class Protocol {
    /** Shorter texts hold no order, no mark and no link. */
    static final int SHORTEST_ORDER = 4;

    private static final Set<String> KNOWN = Set.of(
            "name",
            "title",
            "description",
            "inputSchema",
            "outputSchema",
            "annotations",
            "type",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "enum",
            "default",
            "format",
            "minimum",
            "maximum",
            "anyOf",
            "oneOf",
            "allOf",
            "$schema",
            "$ref",
            "$defs",
            "const",
            "pattern",
            "minLength",
            "maxLength",
            "arguments",
            "uri",
            "uriTemplate",
            "mimeType",
            "icons",
            "_meta");

    private Protocol() {}

    static boolean knows(String name) {
        return KNOWN.contains(name);
    }
}
