package dev.reeve.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Configs as they are found in the wild: what exactly comes out, and that undo gives back every byte. */
final class ClientConfigsTest {
    @TempDir
    Path folder;

    record Case(
            String name,
            String client,
            String file,
            String before,
            String after,
            String operator,
            Map<String, String> secrets) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(
                        "Claude Code, two spaces, variables",
                        "claude-code",
                        "project/.mcp.json",
                        """
                        {
                          "mcpServers": {
                            "github": {
                              "command": "npx",
                              "args": ["-y", "@modelcontextprotocol/server-github"],
                              "env": {
                                "GITHUB_TOKEN": "plain-token-1"
                              }
                            }
                          }
                        }
                        """,
                        """
                        {
                          "mcpServers": {
                            "github": {
                              "command": "/opt/reeve/reeve",
                              "args": ["mcp", "github", "--home", "HOME", "--as", "claude-code"]
                            }
                          }
                        }
                        """,
                        """
                        upstreams:
                          github:
                            stdio: [npx, "-y", "@modelcontextprotocol/server-github"]
                            folder: PROJECT
                            env: [GITHUB_TOKEN]
                            confine: none
                            definitions: hold
                        """,
                        Map.of("github.GITHUB_TOKEN", "plain-token-1")),
                new Case(
                        "Claude Code, http with headers, unknown members kept",
                        "claude",
                        "project/.mcp.json",
                        """
                        {"mcpServers": {"api": {"type": "http", "url": "https://api.example.com/mcp", "headers": {"Authorization": "Bearer abc"}, "timeout": 9000}}}""",
                        """
                        {"mcpServers": {"api": {"type": "stdio", "command": "/opt/reeve/reeve", "args": ["mcp", "api", "--home", "HOME", "--as", "claude-code"], "timeout": 9000}}}""",
                        """
                        upstreams:
                          api:
                            url: "https://api.example.com/mcp"
                            headers: [Authorization]
                            definitions: hold
                        """,
                        Map.of("api.Authorization", "Bearer abc")),
                new Case(
                        "Claude Code, user file with much else and a server of one project",
                        "claude-code",
                        "user/.claude.json",
                        """
                        {
                          "numStartups": 12,
                          "oauthAccount": { "accessToken": "do-not-show-me" },
                          "mcpServers": {},
                          "projects": {
                            "PROJECT": {
                              "allowedTools": [],
                              "mcpServers": {
                                "memory": { "type": "stdio", "command": "npx", "args": [], "env": {} }
                              }
                            },
                            "/elsewhere": { "mcpServers": { "other": { "command": "x" } } }
                          }
                        }
                        """,
                        """
                        {
                          "numStartups": 12,
                          "oauthAccount": { "accessToken": "do-not-show-me" },
                          "mcpServers": {},
                          "projects": {
                            "PROJECT": {
                              "allowedTools": [],
                              "mcpServers": {
                                "memory": { "type": "stdio", "command": "/opt/reeve/reeve", "args": ["mcp", "memory", "--home", "HOME", "--as", "claude-code"] }
                              }
                            },
                            "/elsewhere": { "mcpServers": { "other": { "command": "x" } } }
                          }
                        }
                        """,
                        """
                        upstreams:
                          memory:
                            stdio: [npx]
                            folder: PROJECT
                            confine: none
                            definitions: hold
                        """,
                        Map.of()),
                new Case(
                        "Cursor, tabs, comments, two servers, no arguments",
                        "cursor",
                        "project/.cursor/mcp.json",
                        """
                        {
                        \t// ours
                        \t"mcpServers": {
                        \t\t"My Files!": {
                        \t\t\t// started by hand before
                        \t\t\t"command": "./bin/files",
                        \t\t\t"env": { "A": "1" }, // a setting
                        \t\t\t"disabled": false
                        \t\t},
                        \t\t"web": { "url": "https://web.example.com/mcp" },
                        \t},
                        }
                        """,
                        """
                        {
                        \t// ours
                        \t"mcpServers": {
                        \t\t"My Files!": {
                        \t\t\t// started by hand before
                        \t\t\t"command": "/opt/reeve/reeve",
                        \t\t\t"args": ["mcp", "My-Files", "--home", "HOME", "--as", "cursor"],
                        \t\t\t // a setting
                        \t\t\t"disabled": false
                        \t\t},
                        \t\t"web": { "command": "/opt/reeve/reeve", "args": ["mcp", "web", "--home", "HOME", "--as", "cursor"] },
                        \t},
                        }
                        """,
                        """
                        upstreams:
                          My-Files:
                            stdio: [PROJECT/bin/files]
                            folder: PROJECT
                            env: [A]
                            confine: none
                            definitions: hold
                          web:
                            url: "https://web.example.com/mcp"
                            definitions: hold
                        """,
                        Map.of("My-Files.A", "1")),
                new Case(
                        "Cursor, CRLF, cwd and variables of the editor",
                        "cursor",
                        "project/.cursor/mcp.json",
                        "{\r\n  \"mcpServers\": {\r\n    \"db\": {\r\n      \"cwd\": \"${workspaceFolder}/db\",\r\n      \"command\": \"uvx\",\r\n      \"args\": [\r\n        \"mcp-db\"\r\n      ],\r\n      \"env\": {\"PW\": \"${env:DB_PW}\"}\r\n    }\r\n  }\r\n}\r\n",
                        "{\r\n  \"mcpServers\": {\r\n    \"db\": {\r\n      \"command\": \"/opt/reeve/reeve\",\r\n      \"args\": [\"mcp\", \"db\", \"--home\", \"HOME\", \"--as\", \"cursor\"]\r\n    }\r\n  }\r\n}\r\n",
                        """
                        upstreams:
                          db:
                            stdio: [uvx, mcp-db]
                            folder: PROJECT/db
                            env: [PW]
                            confine: none
                            definitions: hold
                        """,
                        Map.of("db.PW", "from-the-environment")),
                new Case(
                        "VS Code, comments, inputs, trailing comma",
                        "vscode",
                        "project/.vscode/mcp.json",
                        """
                        {
                          "inputs": [
                            { "type": "promptString", "id": "key", "description": "Key", "password": true }
                          ],
                          "servers": {
                            /* the one
                               with a key */
                            "perplexity": {
                              "type": "stdio",
                              "command": "npx",
                              "args": ["-y", "server-perplexity-ask"],
                              "env": {
                                "KEY": "${input:key}", // asked for
                                "PORT": 8080,
                              },
                            },
                          },
                        }
                        """,
                        """
                        {
                          "inputs": [
                            { "type": "promptString", "id": "key", "description": "Key", "password": true }
                          ],
                          "servers": {
                            /* the one
                               with a key */
                            "perplexity": {
                              "type": "stdio",
                              "command": "/opt/reeve/reeve",
                              "args": ["mcp", "perplexity", "--home", "HOME", "--as", "vscode"],
                            },
                          },
                        }
                        """,
                        """
                        upstreams:
                          perplexity:
                            stdio: [npx, "-y", server-perplexity-ask]
                            folder: PROJECT
                            env: [KEY, PORT]
                            confine: none
                            definitions: hold
                        """,
                        Map.of("perplexity.KEY", "typed-by-hand", "perplexity.PORT", "8080")));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void comesOutExactlySoAndGoesBackByteForByte(Case one) throws Exception {
        Desk desk = new Desk(folder);
        desk.environment.put("DB_PW", "from-the-environment");
        desk.write(one.file(), desk.filled(one.before()));
        Map<String, String> untouched = desk.files();
        ScriptedPerson person = new ScriptedPerson(java.util.Optional.of("typed-by-hand"));

        Report report = desk.run(one.client(), person);

        assertEquals(Map.of(), report.left());
        assertEquals(desk.filled(one.after()), desk.read(one.file()));
        assertTrue(desk.read("home/reeve.yaml").endsWith(desk.filled(one.operator())), desk.read("home/reeve.yaml"));
        for (Map.Entry<String, String> secret : one.secrets().entrySet()) {
            assertTrue(desk.read("keys/secrets.yaml").contains(secret.getKey() + ": \"" + secret.getValue() + "\"\n"));
        }
        noneOf(
                List.of(
                        "plain-token-1",
                        "Bearer abc",
                        "from-the-environment",
                        "typed-by-hand",
                        "do-not-show-me",
                        FakeInstallation.REGISTRATION),
                person.everything());

        Map<String, String> after = desk.files();
        assertEquals(List.of(), desk.run(one.client(), new ScriptedPerson()).written());
        assertEquals(after, desk.files(), "the second time nothing changes");

        desk.connect(new ScriptedPerson()).undo(one.client());
        assertEquals(untouched, desk.files());
    }

    private static void noneOf(List<String> secrets, String shown) {
        secrets.forEach(secret -> assertFalse(shown.contains(secret), () -> secret + " is shown:\n" + shown));
    }
}
