package dev.reeve.connect;

/** A first policy for what a coding agent does by itself. A person reads it before it is written. */
final class HookDraft {
    private HookDraft() {}

    /** The paths hold nothing that means something in a pattern: {@link HookPlanner} has checked. */
    static String text(Client client, String role, Surroundings around) {
        return TEXT.replace("CLIENT", client.id())
                .replace("ROLE", role)
                .replace("PROJECT", around.project().toString())
                .replace("REEVE", around.home().toString())
                .replace("KEYS", around.keys().toString());
    }

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
                  - { resource: "shell:git status", actions: [execute], conditions: [git_only_looks] }
                  - { resource: "shell:git diff", actions: [execute], conditions: [git_only_looks] }
                  - { resource: "shell:git log", actions: [execute], conditions: [git_only_looks] }
                  - { resource: "shell:git show", actions: [execute], conditions: [git_only_looks] }
                  - { resource: "shell:git blame", actions: [execute], conditions: [git_only_looks] }
                  # tools of CLIENT that touch nothing
                  - { resource: "tool:CLIENT.TodoWrite", actions: [execute] }
                  - { resource: "tool:CLIENT.Task", actions: [execute] }
                  - { resource: "tool:CLIENT.Agent", actions: [execute] }
                  - { resource: "tool:CLIENT.BashOutput", actions: [execute] }
                  - { resource: "tool:CLIENT.AskUserQuestion", actions: [execute] }
                  - { resource: "tool:CLIENT.EnterPlanMode", actions: [execute] }
                  - { resource: "tool:CLIENT.ExitPlanMode", actions: [execute] }
            conditions:
              # `git diff --output=FILE` writes, `--ext-diff` runs a program, `--no-index` and `--contents` read any file
              git_only_looks: arguments.literal && !arguments.args.exists(a, a.startsWith("--o") || a.startsWith("--ext") || a.startsWith("--textc") || a.startsWith("--no-i") || a.startsWith("--cont"))
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
              # what could switch off the hook, or change what git runs
              - deny: { resource: "file:PROJECT/.claude/**", action: write, role: ROLE }
                reason: the settings of coding agents are not the agent's to change
                tell: agent
              - deny: { resource: "file:PROJECT/.cursor/**", action: write, role: ROLE }
                reason: the settings of coding agents are not the agent's to change
                tell: agent
              - deny: { resource: "file:PROJECT/.git/**", action: write, role: ROLE }
                reason: use git to change what git keeps
                tell: agent
              # Reeve's own files and keys
              - deny: { resource: "file:REEVE/**", role: ROLE }
              - deny: { resource: "glob:REEVE/**", role: ROLE }
              - deny: { resource: "file:KEYS/**", role: ROLE }
              - deny: { resource: "glob:KEYS/**", role: ROLE }
            """;
}
