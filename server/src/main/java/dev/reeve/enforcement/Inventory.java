package dev.reeve.enforcement;

import dev.reeve.agents.Agent;
import dev.reeve.agents.Roster;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.ToolSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What there is that a search can find: who is enrolled, what the catalogue describes, what the vocabulary has words for. */
public final class Inventory {
    private final Supplier<PolicySource> policy;
    private final Supplier<Roster> roster;
    private final ToolSchemas tools;

    public Inventory(Supplier<PolicySource> policy, Supplier<Roster> roster, ToolSchemas tools) {
        this.policy = policy;
        this.roster = roster;
        this.tools = tools;
    }

    /** Agents of the point's segment that may act now, by name. */
    public NavigableSet<String> agents(Point point) {
        NavigableSet<String> names = new TreeSet<>();
        for (Agent agent : roster.get().agents()) {
            if (agent.state() == Agent.State.ACTIVE && point.segment().maySpeakFor(agent.name(), agent.roles())) {
                names.add(agent.name());
            }
        }
        return names;
    }

    /** Users that the segment names; a pattern names nobody. */
    public NavigableSet<String> users(Point point) {
        NavigableSet<String> names = new TreeSet<>(point.segment().people().keySet());
        point.segment().users().stream().filter(glob -> glob.isLiteral()).forEach(glob -> names.add(glob.toString()));
        return names;
    }

    /** Ids of the resources of a type that the catalogue spells out. */
    public NavigableSet<String> resources(String type) {
        Stream<String> found = switch (type) {
            case ResourceType.CATALOGUE -> names().filter(name -> name.indexOf(':') < 0);
            case ResourceType.TOOL -> tools();
            case ResourceType.DATABASE -> tables();
            default ->
                names().filter(name -> name.startsWith(type + ":")).map(name -> name.substring(type.length() + 1));
        };
        NavigableSet<String> ids = new TreeSet<>();
        found.filter(id -> id.indexOf('*') < 0 && !id.isEmpty()).forEach(ids::add);
        return ids;
    }

    private Stream<String> names() {
        return policy.get().resources().stream().map(PolicySource.Resource::name);
    }

    private Stream<String> tools() {
        List<String> subjects = new ArrayList<>();
        tools.upstreams()
                .forEach(upstream -> tools.tools(upstream).forEach(tool -> subjects.add(upstream + "." + tool)));
        return subjects.stream();
    }

    private Stream<String> tables() {
        return policy.get().resources().stream()
                .flatMap(resource -> resource.database().stream()
                        .flatMap(database -> database.schema().tables().keySet().stream()
                                .map(table -> resource.name() + "/" + table)));
    }

    /** Words for what can be done. */
    public NavigableSet<String> actions() {
        return policy.get().actions();
    }
}
