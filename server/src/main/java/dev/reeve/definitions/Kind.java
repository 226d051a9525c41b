package dev.reeve.definitions;

import dev.reeve.action.Operation.Offer;
import dev.reeve.json.Json;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a pin is of. */
public enum Kind {
    TOOL("tool"),
    PROMPT("prompt"),
    RESOURCE("resource"),
    TEMPLATE("template"),
    /** An entry of {@code skills/list}, named by the URI of its {@code SKILL.md}; with it the digests of its files. */
    SKILL("skill"),
    /** What the server says of itself: instructions, information, capabilities. There is one, named {@code told}. */
    SERVER("server");

    static final String TOLD = "told";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
    private static final int LONGEST_URI = 8_192;

    private final String wire;

    Kind(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /** A wire name that is no kind is empty. */
    public static Optional<Kind> find(String wire) {
        for (Kind kind : values()) {
            if (kind.wire.equals(wire)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    public static Kind of(Offer offer) {
        return switch (offer) {
            case TOOLS -> TOOL;
            case PROMPTS -> PROMPT;
            case RESOURCES -> RESOURCE;
            case RESOURCE_TEMPLATES -> TEMPLATE;
            case SKILLS -> SKILL;
        };
    }

    /**
     * How it is called within its server, unique there: a tool by its name, anything else with the kind before it. A tool's name has no
     * colon, so the two never meet.
     */
    public String key(String name) {
        return this == TOOL ? name : wire + ":" + name;
    }

    /** The name that its pin has; empty if it has none that is allowed (R19). */
    Optional<String> nameOf(Json.Obj definition) {
        return switch (this) {
            case TOOL, PROMPT ->
                definition.string("name").filter(name -> NAME.matcher(name).matches());
            case RESOURCE -> uri(definition, "uri");
            case TEMPLATE -> uri(definition, "uriTemplate");
            case SKILL -> Skill.of(definition).map(Skill::uri).filter(uri -> uri.length() <= LONGEST_URI);
            case SERVER -> Optional.of(TOLD);
        };
    }

    private static Optional<String> uri(Json.Obj definition, String member) {
        return definition.string(member).filter(uri -> !uri.isEmpty() && uri.length() <= LONGEST_URI);
    }
}
