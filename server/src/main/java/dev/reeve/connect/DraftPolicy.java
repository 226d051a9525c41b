package dev.reeve.connect;

import dev.reeve.definitions.PinnedDefinitions;
import dev.reeve.definitions.checks.Check;
import dev.reeve.definitions.checks.Finding;
import dev.reeve.definitions.checks.Neighbours;
import dev.reeve.definitions.checks.Review;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A first policy for one server, from what its tools say of themselves. Such words give no trust (R19): they sort a draft, which a person
 * reads before it is written.
 */
final class DraftPolicy {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
    private static final int SHOWN = 160;

    /** @param readOnly what the tool claims */
    record Tool(
            String name,
            boolean readOnly,
            String hints,
            String description,
            String fingerprint,
            List<Finding> findings) {
        Tool {
            findings = List.copyOf(findings);
        }

        /** A check holds it: it is neither pinned nor drafted. */
        boolean held() {
            return findings.stream().anyMatch(Finding::holds);
        }
    }

    private DraftPolicy() {}

    static String role(String agent, String upstream) {
        return agent + "-" + upstream;
    }

    /** Tools that can have a rule, sorted by name. */
    static List<Tool> tools(List<Json.Obj> definitions) {
        List<Tool> tools = new ArrayList<>();
        for (Json.Obj definition : definitions) {
            definition
                    .string("name")
                    .filter(name -> NAME.matcher(name).matches())
                    .ifPresent(name -> tools.add(tool(name, definition)));
        }
        tools.sort(Comparator.comparing(Tool::name));
        return tools;
    }

    private static Tool tool(String name, Json.Obj definition) {
        Json.Obj annotations = definition.object("annotations").orElse(Json.Obj.EMPTY);
        boolean reads = hint(annotations, "readOnlyHint").equals(Optional.of(true));
        List<String> hints = new ArrayList<>();
        hints.add(reads ? "says that it only reads" : "does not say that it only reads");
        if (!reads && hint(annotations, "destructiveHint").equals(Optional.of(false))) {
            hints.add("says that it destroys nothing");
        }
        if (hint(annotations, "openWorldHint").equals(Optional.of(true))) {
            hints.add("reaches beyond its own system");
        }
        List<Finding> findings = Review.of(definition, Neighbours.NONE, Set.of());
        boolean drafted =
                reads && findings.stream().noneMatch(one -> one.holds() || one.check() == Check.READS_ONLY_CLAIM);
        return new Tool(
                name,
                drafted,
                String.join(", ", hints),
                shorten(definition.string("description").orElse("")),
                PinnedDefinitions.fingerprint(definition),
                findings);
    }

    private static Optional<Boolean> hint(Json.Obj annotations, String name) {
        return annotations.get(name).map(value -> value.equals(Json.Bool.TRUE));
    }

    private static String shorten(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return Terminal.escape(line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line);
    }

    /** Only names that {@link #NAME} allows stand in it: no foreign text can end a comment and become a rule. */
    static String text(String agent, String upstream, List<Tool> tools) {
        StringBuilder out = new StringBuilder();
        out.append("# What ")
                .append(agent)
                .append(" may do with ")
                .append(upstream)
                .append(": a draft of `reeve connect`, from what the tools say of themselves.\n");
        out.append("# Nobody has checked that they say the truth. A tool without a line of its own is denied.\n");
        out.append("# To allow a tool, take away the `# ` before its line; to deny one, put it back.\n");
        out.append("agent_roles:\n  ").append(role(agent, upstream)).append(":\n    permissions:");
        if (tools.stream().noneMatch(Tool::readOnly)) {
            out.append(" []   # becomes a list when you allow the first one: remove the `[]`");
        }
        out.append('\n');
        for (Tool tool : tools) {
            out.append("      # ").append(tool.hints()).append('\n');
            out.append("      ")
                    .append(tool.readOnly() ? "" : "# ")
                    .append("- { resource: \"tool:")
                    .append(upstream)
                    .append('.')
                    .append(tool.name())
                    .append("\", actions: [execute] }\n");
        }
        return out.toString();
    }
}
