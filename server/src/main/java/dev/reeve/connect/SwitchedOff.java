package dev.reeve.connect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which servers a client does not start, as far as its files say so: {@code disabled} or {@code enabled} in the entry of a server, and with Claude Code
 * the lists that its {@code /mcp} and its settings keep. Cursor and VS Code remember their own switches elsewhere, where nobody else reads them.
 */
final class SwitchedOff {
    private final Path projectServers;
    /** Name to the place that says so. */
    private final Map<String, String> everywhere = new HashMap<>();

    /** The same, of servers of the project's {@code .mcp.json} only. */
    private final Map<String, String> ofProject = new HashMap<>();

    private SwitchedOff(Path projectServers) {
        this.projectServers = projectServers;
    }

    /** @throws RefusedException if a file that may hold a mark is not understood, with its place: what is off must not be started by mistake */
    static SwitchedOff read(Client client, Surroundings around) throws IOException, RefusedException {
        SwitchedOff off = new SwitchedOff(WholeFiles.real(around.project().resolve(".mcp.json")));
        if (client == Client.CLAUDE_CODE) {
            Path state = around.userHome().resolve(".claude.json");
            List<String> project = List.of("projects", around.project().toString());
            add(state, project, "disabledMcpServers", off.everywhere);
            add(state, project, "disabledMcpjsonServers", off.ofProject);
            for (Path settings : List.of(
                    around.userHome().resolve(".claude/settings.json"),
                    around.project().resolve(".claude/settings.json"),
                    around.project().resolve(".claude/settings.local.json"))) {
                add(settings, List.of(), "disabledMcpjsonServers", off.ofProject);
            }
        }
        return off;
    }

    private static void add(Path file, List<String> place, String list, Map<String, String> names)
            throws IOException, RefusedException {
        String text = Planner.text(file).orElse("");
        if (text.isBlank()) {
            return;
        }
        try {
            JsonText.Node at = Replaced.find(JsonText.read(text, true), place).orElse(null);
            if (at instanceof JsonText.Obj object && object.get(list).orElse(null) instanceof JsonText.Arr array) {
                array.items().stream()
                        .filter(JsonText.Str.class::isInstance)
                        .forEach(name ->
                                names.put(((JsonText.Str) name).value(), "`" + list + "` of " + file + " names it"));
            }
        } catch (RefusedException e) {
            throw new RefusedException(file + ": " + e.getMessage());
        }
    }

    /**
     * Why it is off, and what to do, in words for a person; empty if it is on.
     *
     * @param config the file in which the entry stands
     */
    Optional<String> reason(Path config, String name, JsonText.Node entry) {
        return inEntry(entry)
                .or(() -> Optional.ofNullable(everywhere.get(name)))
                .or(() -> config.equals(projectServers) ? Optional.ofNullable(ofProject.get(name)) : Optional.empty())
                .map(mark -> "it is switched off (" + mark
                        + "), so Reeve does not start it either; switch it on and run this again, or remove it");
    }

    private static Optional<String> inEntry(JsonText.Node node) {
        if (node instanceof JsonText.Obj entry) {
            return entry.get("disabled").filter(mark -> is(mark, "true")).isPresent()
                    ? Optional.of("`disabled: true`")
                    : entry.get("enabled").filter(mark -> is(mark, "false")).map(mark -> "`enabled: false`");
        }
        return Optional.empty();
    }

    private static boolean is(JsonText.Node mark, String word) {
        return mark instanceof JsonText.Plain plain && plain.text().equals(word);
    }
}
