package dev.reeve.cli;

import dev.reeve.config.PolicyFiles;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve agent}. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description = "Creates, shows and ends the identities of agents.",
        footer = {"", "Example:  reeve agent list"},
        subcommands = {
            AgentCommand.Create.class,
            AgentCommand.ListAll.class,
            AgentCommand.Show.class,
            AgentCommand.Suspend.class,
            AgentCommand.Resume.class,
            AgentCommand.Retire.class
        })
final class AgentCommand {
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Creates an agent. Asking again for the same is fine.",
            footer = {"", "Example:  reeve agent create clerk --role data_analyst --owner ana@example.com"})
    static final class Create extends ControlCommand {
        @Parameters(paramLabel = "NAME", description = "the agent")
        private String name = "";

        @Option(
                names = "--role",
                split = ",",
                paramLabel = "ROLE",
                description = "a role of the policy; may be given again")
        private List<String> roles = new ArrayList<>();

        @Option(names = "--owner", description = "who answers for it, such as ana@example.com")
        private @Nullable String owner;

        @Option(
                names = "--attribute",
                paramLabel = "NAME=VALUE",
                description = "for conditions, such as department=sales; may be given again")
        private Map<String, String> attributes = new LinkedHashMap<>();

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Builder nested = Json.object();
            attributes.forEach(nested::put);
            Json.Builder body = Json.object()
                    .put("name", name)
                    .put("roles", Json.Arr.ofStrings(roles))
                    .put("attributes", nested);
            if (owner != null) {
                body.put("owner", owner);
            }
            Json.Obj agent = control.call("POST", "/v1/agents", body.build());
            if (json) {
                return printed(agent);
            }
            screen.line(changed(agent, "created", "is there already, unchanged"));
            note("make a key for it: reeve key create " + name);
            tellUnknownRoles();
            return ExitCodes.OK;
        }

        /** The role may be written later. A misspelt one would show only as denials. */
        private void tellUnknownRoles() {
            PolicyFiles.read(home.home().folder(), PolicyRoom::schema).value().ifPresent(set -> {
                List<String> known =
                        set.source().roles().stream().map(role -> role.name()).toList();
                roles.stream()
                        .filter(role -> !known.contains(role))
                        .forEach(role -> note("warning: no policy has a role `" + role + "`"
                                + (known.isEmpty() ? "" : "; known are " + String.join(", ", known))));
            });
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists all agents.",
            footer = {"", "Example:  reeve agent list --json"})
    static final class ListAll extends ControlCommand {
        @Override
        int run(Control control, Screen screen) throws CommandException {
            return listed(
                    screen,
                    control.get("/v1/agents"),
                    "agents",
                    List.of("NAME", "STATE", "ROLES", "OWNER", "KEYS", "LAST USED", "FROM"),
                    agent -> List.of(
                            text(agent, "name"),
                            text(agent, "state"),
                            roles(agent),
                            text(agent, "owner"),
                            agent.get("active_keys").orElse(Json.of(0)).toString(),
                            text(agent, "last_used"),
                            text(agent, "origin")));
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one agent and its keys.",
            footer = {"", "Example:  reeve agent show clerk"})
    static final class Show extends ControlCommand {
        @Parameters(paramLabel = "NAME", description = "the agent")
        private String name = "";

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Obj agent = control.get("/v1/agents/" + segment(name));
            if (json) {
                return printed(agent);
            }
            for (String member : List.of("name", "state", "owner", "origin", "created", "last_used")) {
                screen.line(member + ": " + text(agent, member));
            }
            screen.line("roles: " + roles(agent));
            agent.object("attributes")
                    .orElse(Json.Obj.EMPTY)
                    .members()
                    .forEach((key, value) -> screen.line("attribute " + key + ": " + value));
            KeyCommand.table(screen, agent);
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "suspend",
            mixinStandardHelpOptions = true,
            description = "Refuses an agent at once, until it is resumed.",
            footer = {"", "Example:  reeve agent suspend clerk"})
    static final class Suspend extends ControlCommand {
        @Parameters(paramLabel = "NAME", description = "the agent")
        private String name = "";

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Obj agent = control.call("POST", "/v1/agents/" + segment(name) + "/suspend", Json.Obj.EMPTY);
            if (json) {
                return printed(agent);
            }
            screen.line(changed(agent, "suspended", "was suspended already"));
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Lets a suspended agent act again.",
            footer = {"", "Example:  reeve agent resume clerk"})
    static final class Resume extends ControlCommand {
        @Parameters(paramLabel = "NAME", description = "the agent")
        private String name = "";

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Obj agent = control.call("POST", "/v1/agents/" + segment(name) + "/resume", Json.Obj.EMPTY);
            if (json) {
                return printed(agent);
            }
            screen.line(changed(agent, "resumed", "was active already"));
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "retire",
            mixinStandardHelpOptions = true,
            description = "Ends an agent for ever: revokes all its keys, tries each one, and reports.",
            footer = {"", "Example:  reeve agent retire clerk"})
    static final class Retire extends ControlCommand {
        @Parameters(paramLabel = "NAME", description = "the agent")
        private String name = "";

        @Override
        int run(Control control, Screen screen) throws CommandException {
            Json.Obj report = control.call("POST", "/v1/agents/" + segment(name) + "/retire", Json.Obj.EMPTY);
            boolean complete = report.get("complete").orElse(Json.Null.NULL) == Json.Bool.TRUE;
            if (json) {
                printed(report);
                return complete ? ExitCodes.OK : ExitCodes.FAILED;
            }
            screen.line("agent " + name + ": retired");
            for (Json item : report.array("credentials").orElse(Json.Arr.EMPTY).items()) {
                Json.Obj one = (Json.Obj) item;
                screen.line("  " + text(one, "id") + " tried again: " + text(one, "tried"));
            }
            if (!complete) {
                screen.bad("not everything is gone; run it again, and look at `reeve status`");
            }
            return complete ? ExitCodes.OK : ExitCodes.FAILED;
        }
    }

    private static String changed(Json.Obj agent, String now, String already) {
        boolean changed = agent.get("changed").orElse(Json.Null.NULL) == Json.Bool.TRUE;
        return "agent " + ControlCommand.text(agent, "name") + ": " + (changed ? now : already);
    }

    private static String roles(Json.Obj agent) {
        List<String> roles = agent.array("roles").orElse(Json.Arr.EMPTY).items().stream()
                .map(role -> role instanceof Json.Str text ? text.value() : role.toString())
                .toList();
        return roles.isEmpty() ? "-" : String.join(",", roles);
    }

    /** A part of a path of ours. A name that could not be one cannot exist either. */
    static String segment(String name) throws CommandException {
        if (!name.matches("[A-Za-z0-9_.-]{1,64}") || name.matches("\\.+")) {
            throw new CommandException(ExitCodes.FAILED, "there is no `" + name + "`");
        }
        return name;
    }
}
