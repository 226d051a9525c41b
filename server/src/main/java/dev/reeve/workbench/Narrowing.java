package dev.reeve.workbench;

import dev.reeve.policy.Glob;
import dev.reeve.policy.NameSearch;
import dev.reeve.policy.PolicySource.Permission;
import dev.reeve.policy.ServerFiles;
import dev.reeve.workbench.PermissionUse.Used;
import dev.reeve.workbench.RecordedAction.Touched;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The narrowest permissions that still cover what one permission was used for: its values, and patterns only where they vary. Nothing in them
 * goes beyond the permission that they take the place of, and its conditions stay.
 */
final class Narrowing {
    /** More values than these below one place become a pattern of that place. */
    static final int MOST_VALUES = 8;

    private Narrowing() {}

    /** Whether it means nothing but itself where it stands as a pattern: agents choose names. */
    static boolean isPlain(String name) {
        return name.indexOf('*') < 0 && name.length() <= Glob.LONGEST;
    }

    /** What it was used for, and what nothing is proposed for, since a rule would read it as a pattern. */
    static Set<String> leftOut(Used used) {
        Set<String> names = new TreeSet<>();
        if (!used.isTooMany()) {
            used.touched().stream()
                    .map(one -> name(used.resource(), one))
                    .filter(name -> !isPlain(name))
                    .forEach(names::add);
        }
        return names;
    }

    /** Empty if it was not used, or for nothing that can be proposed. */
    static List<Permission> of(Used used) {
        Permission wide = used.permission();
        if (used.times() == 0) {
            return List.of();
        }
        if (used.isTooMany()) {
            return List.of(wide);
        }
        Map<String, Set<String>> verbsByName = new TreeMap<>();
        for (Touched one : used.touched()) {
            String name = name(used.resource(), one);
            if (isPlain(name)) {
                verbsByName.computeIfAbsent(name, ignored -> new TreeSet<>()).add(one.verb());
            }
        }
        Map<Set<String>, Set<String>> namesByVerbs = new java.util.LinkedHashMap<>();
        verbsByName.forEach((name, verbs) ->
                namesByVerbs.computeIfAbsent(verbs, ignored -> new TreeSet<>()).add(name));
        List<Permission> narrow = new ArrayList<>();
        namesByVerbs.forEach((verbs, names) -> patterns(names, used.resource())
                .forEach(resource -> narrow.add(new Permission(
                        resource,
                        List.copyOf(verbs),
                        wide.conditions(),
                        wide.treatment(),
                        wide.place(),
                        wide.ignore()))));
        return narrow;
    }

    /**
     * Of a database, the table, as columns are too many to read, unless the permission is about columns itself; of a server's file the name that it
     * has there; of anything else its one name.
     */
    private static String name(Glob permitted, Touched one) {
        List<String> names = one.names();
        if (ServerFiles.isName(one.exactly())) {
            return one.exactly();
        }
        boolean onlyColumns =
                names.subList(0, Math.min(2, names.size())).stream().noneMatch(permitted::matches);
        return onlyColumns ? names.getLast() : names.get(Math.min(1, names.size() - 1));
    }

    private static Set<String> patterns(Set<String> names, Glob within) {
        if (names.size() <= MOST_VALUES) {
            return names;
        }
        Map<String, Set<String>> byPlace = new TreeMap<>();
        names.forEach(name -> byPlace.computeIfAbsent(place(name).orElse(name), ignored -> new TreeSet<>())
                .add(name));
        Set<String> patterns = new TreeSet<>();
        byPlace.forEach((place, below) -> {
            boolean pattern = below.size() > MOST_VALUES && isWithin(place, within);
            patterns.addAll(pattern ? Set.of(place) : below);
        });
        return patterns;
    }

    /** {@code url:https://example.com/a/*} of what lies directly there, {@code mail:*@example.com} of addresses. */
    private static Optional<String> place(String name) {
        if (name.startsWith("mail:") && name.indexOf('@') > 0) {
            return Optional.of("mail:*" + name.substring(name.lastIndexOf('@')));
        }
        // `*` never looks into the query of a URL.
        int query = name.startsWith("url:") ? name.indexOf('?') : -1;
        int slash = name.lastIndexOf('/', query < 0 ? name.length() : query);
        return slash > 0 && !name.startsWith("db:")
                ? Optional.of(name.substring(0, slash + 1) + (query < 0 ? "*" : "*?**"))
                : Optional.empty();
    }

    private static boolean isWithin(String pattern, Glob within) {
        return pattern.length() <= Glob.LONGEST
                && (NameSearch.covers(within, Glob.of(pattern))
                        || ServerFiles.bare(pattern)
                                .filter(bare -> NameSearch.covers(within, Glob.of(bare)))
                                .isPresent());
    }
}
