package dev.reeve.policy;

import dev.reeve.gate.Finding;
import dev.reeve.gate.RuleRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** One permission of a role, compiled. */
record Grant(RuleRef rule, Glob resource, long verbs, List<Bound> conditions, Notes notes) {
    Grant {
        conditions = List.copyOf(conditions);
    }

    Grant(RuleRef rule, Glob resource, long verbs, List<Bound> conditions) {
        this(rule, resource, verbs, conditions, new Notes());
    }

    /** What was found for a verb, made once: it is the same for each decision. */
    static final class Notes {
        private final Map<String, Finding.Pass> byVerb = new ConcurrentHashMap<>(2);
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

    /** @param verb one of the catalogue's, never an agent's: there are at most as many as bits */
    Finding.Pass note(String verb) {
        Finding.Pass known = notes.byVerb.get(verb);
        if (known == null) {
            known = new Finding.Pass(Authorise.NAME, Optional.of(rule), "role grants " + verb + " on " + resource);
            notes.byVerb.put(verb, known);
        }
        return known;
    }
}
