package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import dev.reeve.policy.LintRule;
import dev.reeve.policy.Place;
import dev.reeve.policy.PolicySource.Never;
import dev.reeve.policy.Problem;
import dev.reeve.policy.UrlPatterns;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether what must never be can be. Of a role it is asked for every known agent that has it, always or in some context, and for one that has nothing else; of an agent, for the
 * known agents of that name. Held counts as possible unless the sentence ends in approval.
 */
public final class Invariants {
    private static final Pattern SENTENCE =
            Pattern.compile("(?:(role|agent) (\\S{1,128})|anybody) (\\S{1,64}) (\\S{1,512})( unless approval)?");

    private final Reach reach;
    private final List<Actor> actors;
    private final List<String> roles;

    /** @param roles every role that is written */
    public Invariants(Reach reach, List<Actor> actors, List<String> roles) {
        this.reach = reach;
        this.actors = List.copyOf(actors);
        this.roles = List.copyOf(roles);
    }

    /**
     * How it can be after all; the surest way of all.
     *
     * @param inContext by an agent that has the role for a time only, by {@code assign}
     */
    public record Broken(Never never, Edge edge, Optional<Example> example, boolean inContext) {}

    /**
     * {@code role intern write sales_database}, {@code agent bot-* * mail:**}, {@code anybody delete crm unless approval}.
     *
     * @return empty if it is no such sentence
     */
    public static Optional<Never> parse(String sentence) {
        Matcher matcher = SENTENCE.matcher(sentence.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Optional<String> kind = Optional.ofNullable(matcher.group(1));
        return Optional.of(new Never(
                kind.filter("role"::equals).map(it -> matcher.group(2)),
                kind.filter("agent"::equals).map(it -> matcher.group(2)),
                matcher.group(3),
                matcher.group(4),
                matcher.group(5) != null,
                "",
                new Place("--never", 0, 0)));
    }

    /** What is wrong with it, if it cannot be asked. */
    public Optional<String> unaskable(Never never) {
        if (!never.action().equals("*") && !reach.knows(never.action())) {
            return Optional.of("unknown action `" + never.action() + "`");
        }
        if (never.role().filter(role -> !roles.contains(role)).isPresent()) {
            return Optional.of("unknown role `" + never.role().get() + "`");
        }
        try {
            UrlPatterns.of(never.resource());
            never.agent().ifPresent(Glob::of);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** @param never one that can be asked */
    public Optional<Broken> broken(Never never) {
        List<Broken> found = new ArrayList<>();
        for (Glob resource : UrlPatterns.surelyRestricted(Glob.of(never.resource()))) {
            Reach.Question question = new Reach.Question(
                    Optional.of(resource),
                    Optional.empty(),
                    Optional.of(never.action()).filter(it -> !it.equals("*")));
            for (Actor actor : asked(never)) {
                for (Edge edge : reach.of(actor, question)) {
                    if (!edge.held() || !never.unlessApproval()) {
                        found.add(new Broken(never, edge, Example.of(edge), isInContext(never, actor)));
                    }
                }
            }
        }
        return found.stream().min(Comparator.comparingInt(Invariants::doubt));
    }

    private static int doubt(Broken broken) {
        boolean certain = broken.example().filter(Example::certain).isPresent();
        return (certain ? 0 : 4)
                + (broken.edge().held() ? 2 : 0)
                + (broken.edge().actor().isAnybody() ? 1 : 0);
    }

    private List<Actor> asked(Never never) {
        List<Actor> asked = new ArrayList<>();
        if (never.agent().isPresent()) {
            Glob named = Glob.of(never.agent().get());
            actors.stream().filter(one -> named.matches(one.name())).forEach(asked::add);
            return asked;
        }
        actors.stream()
                .filter(one ->
                        never.role().filter(role -> !one.roles().contains(role)).isEmpty())
                .forEach(asked::add);
        never.role().ifPresent(role -> asked.addAll(inContext(role)));
        if (never.role().isPresent()) {
            asked.add(Actor.anybodyOf(never.role().get()));
        } else {
            asked.add(new Actor("", java.util.Set.of()));
            roles.forEach(role -> asked.add(Actor.anybodyOf(role)));
        }
        return asked;
    }

    /** Agents while they have the role by {@code assign}: what their other roles let them do they do then too, and what the role denies is denied them. */
    private List<Actor> inContext(String role) {
        List<Actor> having = new ArrayList<>();
        for (Actor one : actors) {
            if (!one.roles().contains(role) && reach.mayBecome(one, role)) {
                Set<String> all = new HashSet<>(one.roles());
                all.add(role);
                having.add(new Actor(one.name(), all));
            }
        }
        return having;
    }

    private boolean isInContext(Never never, Actor actor) {
        return never.role()
                .filter(role -> actors.stream()
                        .anyMatch(one ->
                                one.name().equals(actor.name()) && !one.roles().contains(role)))
                .isPresent();
    }

    /** Each that is broken, or cannot be asked, as an error where it is written. */
    public List<Problem> check(List<Never> nevers) {
        List<Problem> problems = new ArrayList<>();
        for (Never never : nevers) {
            Optional<String> unaskable = unaskable(never);
            Optional<Problem> problem = unaskable.isPresent()
                    ? unaskable.map(why -> Problem.error(never.place(), "never", why))
                    : broken(never).map(Invariants::problem);
            problem.map(it -> it.by(LintRule.BROKEN_INVARIANT)).ifPresent(problems::add);
        }
        return problems;
    }

    private static Problem problem(Broken broken) {
        return Problem.error(broken.never().place(), "never", said(broken)).withFix(LintRule.BROKEN_INVARIANT.help());
    }

    /** One sentence: who, what, through what, by which rule, under which condition. */
    public static String said(Broken broken) {
        Edge edge = broken.edge();
        String who = edge.actor().isAnybody()
                ? "an agent "
                        + (edge.actor().roles().isEmpty()
                                ? "without a role"
                                : "of role `" + String.join("`, `", edge.actor().roles()) + "`")
                : "agent `" + edge.actor().name() + "`"
                        + (broken.inContext()
                                ? ", while it has the role `"
                                        + broken.never().role().orElse("") + "`,"
                                : "");
        String what = broken.example().map(Example::resource).orElse(edge.resource());
        String through = edge.door().direct()
                ? edge.door().name()
                : "`"
                        + broken.example()
                                .map(Example::subject)
                                .orElse(edge.door().name()) + "`";
        String reason =
                broken.never().reason().isEmpty() ? "" : " (" + broken.never().reason() + ")";
        return who + " can " + broken.never().action().replace("*", "do something to") + " `" + what + "` through "
                + through + " by " + edge.by().place() + (edge.held() ? ", once a person approved" : "")
                + conditions(edge) + reason;
    }

    private static String conditions(Edge edge) {
        StringBuilder text = new StringBuilder();
        edge.by().conditions().stream()
                .sorted()
                .forEach(it -> text.append(", if `").append(it).append('`'));
        if (edge.by().asksClient()) {
            text.append(", if its client's person agrees");
        }
        edge.unless().forEach(it -> text.append(", unless ").append(it.place()).append(" denies it"));
        edge.asks().forEach(it -> text.append(", unless ").append(it.place()).append(" holds it"));
        return text.toString();
    }
}
