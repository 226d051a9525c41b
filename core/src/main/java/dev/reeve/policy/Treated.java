package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.gate.RuleRef;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What must become of the result of one action, by what it touches: the answer holds something of each, so all of it counts.
 *
 * @param rules that say so
 */
record Treated(Map<Access, Treatment> byAccess, Set<RuleRef> rules) {
    static final Treated NOTHING = new Treated(Map.of(), Set.of());

    boolean isNothing() {
        return byAccess.isEmpty();
    }

    Treated with(Access access, Treatment treatment, RuleRef rule) {
        Map<Access, Treatment> all = new LinkedHashMap<>(byAccess);
        all.put(access, treatment);
        Set<RuleRef> by = new LinkedHashSet<>(rules);
        by.add(rule);
        return new Treated(Collections.unmodifiableMap(all), Collections.unmodifiableSet(by));
    }

    Optional<RuleRef> rule() {
        return rules.stream().findFirst();
    }

    Treatment all() {
        Treatment all = Treatment.NONE;
        for (Treatment one : byAccess.values()) {
            all = all.and(one);
        }
        return all;
    }

    /** Columns by table that are read and masked, in lower case. */
    Map<String, Set<String>> maskedColumns() {
        Map<String, Set<String>> masked = new HashMap<>();
        byAccess.forEach((access, treatment) -> ColumnName.of(access.narrowest())
                .filter(column -> access.verb().equals("query") && isMasked(access, column, treatment.masks()))
                .ifPresent(column -> masked.computeIfAbsent(column.table(), ignored -> new TreeSet<>())
                        .add(column.path())));
        return masked;
    }

    private static boolean isMasked(Access access, ColumnName column, Treatment.Masks masks) {
        return masks.fields().stream().anyMatch(column::meets) || !Collections.disjoint(masks.tags(), access.tags());
    }

    /** A tag that is masked and that something carries, be it the whole of it. */
    boolean carriesMaskedTag() {
        return byAccess.entrySet().stream()
                .anyMatch(one -> !Collections.disjoint(
                        one.getValue().masks().tags(), one.getKey().tags()));
    }
}
