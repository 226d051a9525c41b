package dev.reeve.analysis;

import dev.reeve.policy.Glob;
import dev.reeve.policy.ServerFiles;
import java.util.List;
import java.util.Optional;

/**
 * Something that an actor can do: what {@code by} says of what lies behind {@code door}.
 *
 * @param names both must match the narrowest name of what is touched
 * @param tools all must match the tool
 * @param verbs never none
 * @param held a person must approve it
 * @param unless denies that may stop it: under their condition, or for some of it
 * @param asks rules that may hold it, as above
 * @param resource its name for people
 */
public record Edge(
        Actor actor,
        Door door,
        Statement by,
        List<Glob> names,
        List<Glob> tools,
        long verbs,
        boolean held,
        List<Statement> unless,
        List<Statement> asks,
        String resource) {
    public Edge {
        names = List.copyOf(names);
        tools = List.copyOf(tools);
        unless = List.copyOf(unless);
        asks = List.copyOf(asks);
    }

    /** Nothing that it depends on but the names: no condition, and no deny or approval beside. */
    public boolean isPlain() {
        return by.conditions().isEmpty() && !by.asksClient() && by.isEnforced() && unless.isEmpty() && asks.isEmpty();
    }

    /** How a resource is named for people: the narrowest of the patterns; a database by its name, a file at any server by its bare one. */
    static String resource(Door door, List<Glob> names) {
        String narrowest = shown(names);
        String shown =
                narrowest.startsWith("mcp:*/") ? ServerFiles.bare(narrowest).orElse(narrowest) : narrowest;
        return door.whole().filter(it -> shown.equals("db:" + it + "/**")).orElse(shown);
    }

    /** The same for the tool; empty if it leads through no tool. */
    public Optional<String> tool() {
        return door.direct() ? Optional.empty() : Optional.of(shown(tools));
    }

    private static String shown(List<Glob> patterns) {
        Glob best = patterns.getFirst();
        for (Glob one : patterns) {
            if (!one.equals(best) && dev.reeve.policy.NameSearch.covers(best, one)) {
                best = one;
            }
        }
        return best.toString();
    }
}
