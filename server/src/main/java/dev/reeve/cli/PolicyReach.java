package dev.reeve.cli;

import dev.reeve.analysis.Actor;
import dev.reeve.analysis.Combination;
import dev.reeve.analysis.Edge;
import dev.reeve.analysis.Invariants;
import dev.reeve.analysis.Reach;
import dev.reeve.analysis.ReachDrawing;
import dev.reeve.analysis.ReachRow;
import dev.reeve.config.Loaded;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.UpstreamConfig;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.policy.Glob;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.PolicySource.Never;
import dev.reeve.policy.UrlPatterns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reeve policy reach}: who can do what to what, by the files as they are written. */
@Command(
        name = "reach",
        mixinStandardHelpOptions = true,
        description = "Says who can do what: by agent, by resource, by tool; and whether something can ever be.",
        footer = {
            "",
            "Never says too little: what a condition may let through is shown with its condition. While `reeve serve` runs, its agents and",
            "tools are asked for; otherwise only agents of the files are known. Ends with 1 if a --never is broken.",
            "",
            "Example:  reeve policy reach --agent clerk --svg clerk.svg",
            "          reeve policy reach --resource db:crm/people.email --action read",
            "          reeve policy reach --never \"role intern write crm\" --never \"anybody delete crm unless approval\""
        })
final class PolicyReach implements Checked {
    @Mixin
    private HomeOptions home = new HomeOptions();

    @Option(names = "--agent", paramLabel = "AGENT", description = "everything that this agent can do")
    private @Nullable String agent;

    @Option(names = "--role", paramLabel = "ROLE", description = "everything that an agent of only this role can do")
    private @Nullable String role;

    @Option(
            names = "--resource",
            paramLabel = "NAME",
            description = "what can be done to it, or to a part of it; a name or a pattern")
    private @Nullable String resource;

    @Option(names = "--tool", paramLabel = "TOOL", description = "what can be done with it; a name or a pattern")
    private @Nullable String tool;

    @Option(names = "--action", paramLabel = "ACTION", description = "only this action")
    private @Nullable String action;

    @Option(
            names = "--never",
            paramLabel = "SENTENCE",
            description =
                    "`role NAME ACTION RESOURCE`, `agent NAME ...` or `anybody ...`, perhaps with `unless approval`: fails if it can be")
    private List<String> never = new ArrayList<>();

    @Option(names = "--svg", paramLabel = "FILE", description = "draws what --agent or --role can do")
    private @Nullable Path svg;

    @Option(names = "--json", description = "one object: reach, combinations, never")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    /** What is known of an installation. */
    private record Known(PolicySource source, Reach reach, List<Actor> actors, boolean asked, KnownGrants grants) {
        List<String> roles() {
            return source.roles().stream().map(PolicySource.Role::name).toList();
        }
    }

    @Override
    public int run() throws CommandException, IOException {
        Known known = known();
        Screen screen = Screen.on(Objects.requireNonNull(spec).commandLine().getOut());
        Reach.Question question = question(known.reach());
        if (!never.isEmpty()) {
            return neverCan(known, screen);
        }
        List<Actor> actors = chosen(known);
        List<ReachRow> rows = new ArrayList<>();
        List<Combination> combinations = new ArrayList<>();
        boolean whole = question.equals(Reach.Question.EVERYTHING);
        for (Actor actor : actors) {
            List<Edge> edges = known.reach().of(actor, question);
            rows.addAll(ReachRow.of(known.reach(), edges));
            if (whole) {
                Combination.of(known.reach(), actor, edges).ifPresent(combinations::add);
            }
        }
        draw(actors, rows);
        if (json) {
            Objects.requireNonNull(spec)
                    .commandLine()
                    .getOut()
                    .println(JsonWriter.text(ReachText.json(rows, combinations)));
            Objects.requireNonNull(spec).commandLine().getOut().flush();
        } else {
            ReachText.print(screen, rows, combinations, known.asked());
            known.grants().lines(Optional.ofNullable(agent)).forEach(line -> screen.line("granted now  " + line));
        }
        return ExitCodes.OK;
    }

    private Known known() throws CommandException {
        ReeveConfig config = home.read();
        Loaded<PolicySet> loaded = PolicyFiles.read(config.home(), PolicyRoom::schema);
        PolicySet set = loaded.value()
                .orElseThrow(() ->
                        new CommandException(ExitCodes.USAGE, loaded.text().strip()));
        PolicySource source = set.source();
        KnownTools tools = KnownTools.of(
                Optional.of(config),
                config.upstreams().stream().map(UpstreamConfig::name).collect(Collectors.toSet()));
        KnownAgents agents = KnownAgents.of(Optional.of(config));
        Reach reach = Reach.of(source, tools, set.askers())
                .orElseThrow(
                        () -> new CommandException(ExitCodes.USAGE, "the catalogue uses too many different actions"));
        return new Known(
                source, reach, agents.orOf(source), agents.actors().isPresent(), KnownGrants.of(Optional.of(config)));
    }

    private Reach.Question question(Reach reach) throws CommandException {
        if (action != null && !reach.knows(action)) {
            throw new CommandException(ExitCodes.USAGE, "unknown action `" + action + "`");
        }
        return new Reach.Question(
                pattern("--resource", resource, UrlPatterns::of),
                pattern("--tool", tool, Glob::of),
                Optional.ofNullable(action));
    }

    private static Optional<Glob> pattern(String option, @Nullable String text, Function<String, Glob> read)
            throws CommandException {
        try {
            return Optional.ofNullable(text).map(read);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCodes.USAGE, option + ": " + e.getMessage());
        }
    }

    private List<Actor> chosen(Known known) throws CommandException {
        if (role != null) {
            if (!known.roles().contains(role)) {
                throw new CommandException(ExitCodes.USAGE, "there is no role `" + role + "`");
            }
            return List.of(Actor.anybodyOf(role));
        }
        List<Actor> actors = known.actors().stream()
                .filter(actor -> agent == null || actor.name().equals(agent))
                .toList();
        if (agent != null && actors.isEmpty()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "there is no agent `" + agent + "`"
                            + (known.asked()
                                    ? ""
                                    : " in the files; those of the store are known only while `reeve serve` runs"));
        }
        return actors;
    }

    private void draw(List<Actor> actors, List<ReachRow> rows) throws CommandException, IOException {
        if (svg == null) {
            return;
        }
        if (actors.size() != 1) {
            throw new CommandException(ExitCodes.USAGE, "--svg draws one agent: name it with --agent or --role");
        }
        Actor actor = actors.getFirst();
        String title = actor.name().isEmpty() ? "role " + role : actor.name();
        Files.writeString(svg, ReachDrawing.of(new Actor(title, actor.roles()), rows));
    }

    private int neverCan(Known known, Screen screen) throws CommandException {
        Invariants invariants = new Invariants(known.reach(), known.actors(), known.roles());
        List<Json> answers = new ArrayList<>();
        boolean broken = false;
        for (String sentence : never) {
            Never asked = Invariants.parse(sentence)
                    .orElseThrow(
                            () -> new CommandException(
                                    ExitCodes.USAGE,
                                    "`" + sentence
                                            + "` is no such sentence as `role intern write crm` or `anybody delete crm unless approval`"));
            Optional<String> unaskable = invariants.unaskable(asked);
            if (unaskable.isPresent()) {
                throw new CommandException(ExitCodes.USAGE, "`" + sentence + "`: " + unaskable.get());
            }
            Optional<Invariants.Broken> found = invariants.broken(asked);
            broken |= found.isPresent();
            Optional<String> how = found.map(Invariants::said);
            answers.add(Json.object()
                    .put("never", sentence)
                    .put("holds", how.isEmpty())
                    .put("counterexample", how)
                    .build());
            if (!json) {
                how.ifPresentOrElse(
                        it -> screen.bad("broken: " + sentence + ": " + it), () -> screen.good("holds: " + sentence));
            }
        }
        if (json) {
            screen.line(JsonWriter.text(
                    Json.object().put("never", new Json.Arr(answers)).build()));
        }
        return broken ? ExitCodes.FAILED : ExitCodes.OK;
    }
}
