package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.gate.Finding;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.TimedGrant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One permission of a role, compiled. */
record Grant(RuleRef rule, Glob resource, long verbs, List<Bound> conditions, Treatment treatment, Notes notes)
        implements NameIndex.Written {
    Grant {
        conditions = List.copyOf(conditions);
    }

    Grant(RuleRef rule, Glob resource, long verbs, List<Bound> conditions, Treatment treatment) {
        this(rule, resource, verbs, conditions, treatment, new Notes());
    }

    /**
     * What was found for the last verb that was asked for: it is nearly always the same one, and a map for each of ten thousand permissions costs
     * misses of the processor's cache. Two threads that race make it twice, which harms nothing.
     */
    static final class Notes {
        private volatile @Nullable Noted last;
    }

    private record Noted(String verb, List<Finding> findings) {}

    @Override
    public Glob names() {
        return resource;
    }

    /** Why it grants nothing of this column of a table; empty if it may. */
    Optional<String> leavesOut(Access access) {
        return treatment.admits(access.narrowest())
                ? Optional.empty()
                : Optional.of("its `columns` leave `" + access.narrowest() + "` out");
    }

    /** True if it filters no rows. */
    boolean isWhole() {
        for (int i = 0; i < conditions.size(); i++) {
            if (!(conditions.get(i) instanceof Bound.Check)) {
                return false;
            }
        }
        return true;
    }

    /** What is found where people gave it for a time: the rule is what they gave. */
    Finding.Pass note(TimedGrant.Permission given, String verb) {
        return new Finding.Pass(
                Authorise.NAME,
                Optional.of(new RuleRef(given.id(), rule.file(), rule.line())),
                "`" + given.grantable() + "` was granted for a time by " + String.join(", ", given.by()) + ": " + verb
                        + " on " + resource);
    }

    /**
     * What is found, as a list that decisions share.
     *
     * @param verb one of the catalogue's, never an agent's: there are at most as many as bits
     */
    List<Finding> note(String verb) {
        Noted known = notes.last;
        if (known == null || !known.verb().equals(verb)) {
            known = new Noted(
                    verb,
                    List.of(new Finding.Pass(
                            Authorise.NAME, Optional.of(rule), "role grants " + verb + " on " + resource)));
            notes.last = known;
        }
        return known.findings();
    }
}
