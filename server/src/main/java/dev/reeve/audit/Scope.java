package dev.reeve.audit;

import dev.reeve.audit.AuditReader.Happened;
import java.util.Optional;
import java.util.Set;

/**
 * How much of the record somebody may see: all of it, or the actions of some agents. Who sees some agents sees nothing that operators did
 * and nothing that was only counted.
 *
 * @param agents empty if everything
 */
public record Scope(Optional<Set<String>> agents) {
    public static final Scope ALL = new Scope(Optional.empty());

    public Scope {
        agents = agents.map(Set::copyOf);
    }

    public static Scope of(Set<String> agents) {
        return new Scope(Optional.of(agents));
    }

    public boolean holds(Happened happened) {
        return agents.isEmpty()
                || (happened.isAction()
                        && agents.get()
                                .contains(
                                        happened.record().leaf().string("agent").orElse("")));
    }
}
