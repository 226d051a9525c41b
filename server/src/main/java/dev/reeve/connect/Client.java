package dev.reeve.connect;

import java.nio.file.Path;
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

    /** The places of a config that map names to servers, as the names that lead there; not every one is in every config. */
    List<List<String>> sections(Surroundings around) {
        return switch (this) {
            // `claude mcp add` without a scope writes to the second: servers of one person in one project.
            case CLAUDE_CODE ->
                List.of(
                        List.of("mcpServers"),
                        List.of("projects", around.project().toString(), "mcpServers"));
            case CURSOR -> List.of(List.of("mcpServers"));
            case VSCODE -> List.of(List.of("servers"), List.of("mcpServers"));
        };
    }
}
