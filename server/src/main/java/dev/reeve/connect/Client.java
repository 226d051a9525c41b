package dev.reeve.connect;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The MCP clients whose config we understand. Sources: the clients' own documentation of {@code .mcp.json} and {@code ~/.claude.json} (Claude Code),
 * {@code .cursor/mcp.json} (Cursor), {@code .vscode/mcp.json} (VS Code), as of October 2026.
 */
enum Client {
    CLAUDE_CODE("claude-code", "Claude Code", false),
    CURSOR("cursor", "Cursor", true),
    VSCODE("vscode", "VS Code", true);

    private final String id;
    private final String title;
    private final boolean comments;

    Client(String id, String title, boolean comments) {
        this.id = id;
        this.title = title;
        this.comments = comments;
    }

    static Optional<Client> find(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "claude", "claude-code" -> Optional.of(CLAUDE_CODE);
            case "cursor" -> Optional.of(CURSOR);
            case "vscode", "vs-code", "code" -> Optional.of(VSCODE);
            default -> Optional.empty();
        };
    }

    /** The name of the agent that stands for this client. */
    String id() {
        return id;
    }

    String title() {
        return title;
    }

    /** Whether its files may hold comments and trailing commas. */
    boolean comments() {
        return comments;
    }

    /** Where its servers may stand; files need not exist. Those of the project come first, as they do for the client. */
    List<Path> files(Surroundings around) {
        Path project = around.project();
        Path home = around.userHome();
        return switch (this) {
            case CLAUDE_CODE -> List.of(project.resolve(".mcp.json"), home.resolve(".claude.json"));
            case CURSOR -> List.of(project.resolve(".cursor/mcp.json"), home.resolve(".cursor/mcp.json"));
            case VSCODE ->
                List.of(
                        project.resolve(".vscode/mcp.json"),
                        home.resolve(".config/Code/User/mcp.json"),
                        home.resolve("Library/Application Support/Code/User/mcp.json"));
        };
    }

    /** The objects of a config that map names to servers. */
    List<JsonText.Obj> sections(JsonText.Obj config, Surroundings around) {
        List<JsonText.Obj> sections = new ArrayList<>();
        if (this == VSCODE) {
            config.object("servers").ifPresent(sections::add);
        }
        config.object("mcpServers").ifPresent(sections::add);
        if (this == CLAUDE_CODE) {
            // `claude mcp add` without a scope writes here: servers of one person in one project.
            config.object("projects")
                    .flatMap(projects -> projects.object(around.project().toString()))
                    .flatMap(project -> project.object("mcpServers"))
                    .ifPresent(sections::add);
        }
        return sections;
    }
}
