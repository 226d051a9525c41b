package dev.reeve.connect;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A first policy for what a coding agent does by itself. A person reads it before it is written. */
final class HookDraft {
    private static final Pattern WORD = Pattern.compile("CLIENT|ROLE|PROJECT|LOOKS|OWN");

    private HookDraft() {}

    /** The paths hold nothing that means something in a pattern: {@link HookPlanner} has checked. */
    static String text(Client client, String role, Surroundings around) {
        boolean repository = Files.exists(around.project().resolve(".git"));
        String text = TEXT.replace("GIT\n", repository ? GIT : NO_GIT)
                .replace("CONDITIONS\n", repository ? CONDITIONS : "")
                .replace("SETTINGS", SETTINGS)
                .replace("REPOSITORY", REPOSITORY);
        // At once, so that a folder may be named like one of the words.
        return WORD.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        switch (found.group()) {
                            case "CLIENT" -> client.id();
                            case "ROLE" -> role;
                            case "PROJECT" -> around.project().toString();
                            // Its own name: the drafts of two clients stand side by side.
                            case "LOOKS" -> "git_only_looks_" + client.id().replace('-', '_');
                            default ->
                                "(?i)^(file|glob):(" + quoted(around.home()) + "|" + quoted(around.keys()) + ")(/|$)";
                        }));
    }

    private static String quoted(Path path) {
        return path.toString().replace(".", "[.]").replace("+", "[+]");
    }

    /**
     * Where coding agents keep hooks and settings, in the documentation of Claude Code, Cursor, Codex, Gemini CLI, GitHub Copilot and VS Code as of October
     * 2026. {@code .github} itself is there so that it is not deleted as a whole.
     */
    private static final String SETTINGS =
            "(?i)/([.](claude|claude-plugin|claude[.]json|mcp[.]json|cursor|codex|gemini|copilot|vscode|agents|github/(hooks|copilot|agents|extensions))(/|$)"
                    + "|[.]github$|[^/]*[.]code-workspace$)";

    /** Repositories at any depth, their `.git` files too, and the places where hooks of git are usually kept. */
    private static final String REPOSITORY = "(?i)/[.](git|husky|githooks)(/|$)";

    private static final String GIT = """
                  # only where the project's own repository answers: any other folder may hold a repository that was written to run something
                  - { resource: "shell:git status", actions: [execute], conditions: [LOOKS] }
                  - { resource: "shell:git diff", actions: [execute], conditions: [LOOKS] }
                  - { resource: "shell:git log", actions: [execute], conditions: [LOOKS] }
                  - { resource: "shell:git show", actions: [execute], conditions: [LOOKS] }
                  - { resource: "shell:git blame", actions: [execute], conditions: [LOOKS] }
            """;

    private static final String NO_GIT = """
                  # no `git` without a question: the project holds no `.git`, so that its files could be made a repository that runs something
            """;

    private static final String CONDITIONS = """
            conditions:
              # `git diff --output=FILE` writes, `--ext-diff` runs a program, `--no-index`, `--contents` and a path outside read any file
              LOOKS: arguments.literal && arguments.folders == ["PROJECT"] && !arguments.args.exists(a, a.startsWith("--o") || a.startsWith("-O") || a.startsWith("--ext") || a.startsWith("--textc") || a.startsWith("--no-i") || a.startsWith("--cont") || a.startsWith("/") || a.startsWith("~") || a == ".." || a.startsWith("../") || a.contains("/../") || a.endsWith("/.."))
            """;

    private static final String TEXT = """
            # What CLIENT may do by itself in PROJECT: a draft of `reeve connect --hook`. Read it.
            # Every program, file and address of a command is decided by itself, and all must be allowed. What no line here allows is denied.
            # Between a permission and `ask: client` the closer one counts: `shell:git push` is closer than `shell:git`, and that than `shell:**`.
            # `ask: client` makes CLIENT ask the person in front of it. That is no approval, and the record does not call it one.
            agent_roles:
              ROLE:
                permissions:
                  # the project: read and change its files; search it
                  - { resource: "file:PROJECT", actions: [read] }
                  - { resource: "file:PROJECT/**", actions: [read, write] }
                  - { resource: "glob:PROJECT/**", actions: [read] }
                  # programs that only look at the files they are given, and what the shell does by itself
                  - { resource: "shell:ls", actions: [execute] }
                  - { resource: "shell:cat", actions: [execute] }
                  - { resource: "shell:head", actions: [execute] }
                  - { resource: "shell:tail", actions: [execute] }
                  - { resource: "shell:wc", actions: [execute] }
                  - { resource: "shell:grep", actions: [execute] }
                  - { resource: "shell:diff", actions: [execute] }
                  - { resource: "shell:stat", actions: [execute] }
                  - { resource: "shell:sort", actions: [execute] }
                  - { resource: "shell:find", actions: [execute] }
                  - { resource: "shell:mkdir", actions: [execute] }
                  - { resource: "shell:touch", actions: [execute] }
                  - { resource: "shell:cd", actions: [execute] }
                  - { resource: "shell:pwd", actions: [execute] }
                  - { resource: "shell:echo", actions: [execute] }
                  - { resource: "shell:printf", actions: [execute] }
                  - { resource: "shell:test", actions: [execute] }
                  - { resource: "shell:[", actions: [execute] }
                  - { resource: "shell:true", actions: [execute] }
                  - { resource: "shell:false", actions: [execute] }
                  - { resource: "shell::", actions: [execute] }
                  - { resource: "shell:exit", actions: [execute] }
                  - { resource: "shell:set", actions: [execute] }
                  - { resource: "shell:sleep", actions: [execute] }
                  - { resource: "shell:which", actions: [execute] }
            GIT
                  # tools of CLIENT that touch nothing
                  - { resource: "tool:CLIENT.TodoWrite", actions: [execute] }
                  - { resource: "tool:CLIENT.Task", actions: [execute] }
                  - { resource: "tool:CLIENT.Agent", actions: [execute] }
                  - { resource: "tool:CLIENT.BashOutput", actions: [execute] }
                  - { resource: "tool:CLIENT.AskUserQuestion", actions: [execute] }
                  - { resource: "tool:CLIENT.EnterPlanMode", actions: [execute] }
                  - { resource: "tool:CLIENT.ExitPlanMode", actions: [execute] }
            CONDITIONS
            rules:
              - allow: { resource: "shell:**", role: ROLE }          # every other program
                ask: client
              - allow: { resource: "opaque:**", role: ROLE }         # what cannot be read with certainty
                ask: client
              - allow: { resource: "url:**", role: ROLE }
                ask: client
              - allow: { resource: "tool:CLIENT.**", role: ROLE }    # its other tools, and MCP servers that are not behind Reeve
                ask: client
              - deny: { resource: "shell:sudo", role: ROLE }
                reason: nothing runs as another user here
                tell: agent
              # what could switch off a hook, or change what git runs: at any depth, in letters of any case
              - deny: { resource: "file:**", action: write, role: ROLE }
                when: 'resource.name.matches("SETTINGS")'
                reason: the settings of coding agents are not the agent's to change
                tell: agent
              - deny: { resource: "file:**", action: write, role: ROLE }
                when: 'resource.name.matches("REPOSITORY")'
                reason: use git to change what git keeps
                tell: agent
              # Reeve's own files and keys
              - deny: { resource: "file:**", role: ROLE }
                when: 'resource.name.matches("OWN")'
              - deny: { resource: "glob:**", role: ROLE }
                when: 'resource.name.matches("OWN")'
            """;
}
