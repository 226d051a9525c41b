package dev.reeve.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The permissions of all roles, by role and by the name that they spell out, in one table of numbers: a table for each of a thousand roles would be
 * cold in memory whenever another agent acts. Patterns have an index for each role that has any.
 */
final class GrantIndex {
    /** A slot: role and name in one number; where its permissions begin and end in another. A slot without permissions is free. */
    private static final int SLOT = 2;

    private static final NameIndex<Grant> NONE = NameIndex.of(List.of());

    private final Interned roles;
    private final Interned names;
    private final long[] slots;
    private final List<Grant> grants;
    /** By the number of the role. */
    private final List<NameIndex<Grant>> patterns;

    GrantIndex(Map<String, List<Grant>> byRole) {
        this.roles = new Interned(byRole.keySet());
        Set<String> spelled = new LinkedHashSet<>();
        byRole.values()
                .forEach(list -> list.stream()
                        .map(Grant::resource)
                        .filter(Glob::isLiteral)
                        .forEach(glob -> spelled.add(glob.toString())));
        this.names = new Interned(spelled);
        Map<Long, List<Grant>> literal = new LinkedHashMap<>();
        Map<Integer, List<Grant>> wild = new HashMap<>();
        byRole.forEach((role, list) -> list.forEach(grant -> {
            int of = roles.number(role);
            List<Grant> same = grant.resource().isLiteral()
                    ? literal.computeIfAbsent(
                            key(of, names.number(grant.resource().toString())), ignored -> new ArrayList<>(1))
                    : wild.computeIfAbsent(of, ignored -> new ArrayList<>());
            same.add(grant);
        }));
        this.slots = new long[Integer.highestOneBit(Math.max(1, literal.size())) * 4 * SLOT];
        List<Grant> all = new ArrayList<>();
        literal.forEach((key, list) -> {
            int at = start(key);
            while (slots[at + 1] != 0) {
                at = next(at);
            }
            slots[at] = key;
            slots[at + 1] = ((long) all.size() << 32) | (all.size() + list.size());
            all.addAll(list);
        });
        this.grants = List.copyOf(all);
        List<NameIndex<Grant>> indexes = new ArrayList<>();
        for (int role = 0; role < roles.size(); role++) {
            indexes.add(wild.containsKey(role) ? NameIndex.of(wild.get(role)) : NONE);
        }
        this.patterns = List.copyOf(indexes);
    }

    private static long key(int role, int name) {
        return ((long) role << 32) | name;
    }

    private int start(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 40) * SLOT & (slots.length - 1);
    }

    private int next(int at) {
        return (at + SLOT) & (slots.length - 1);
    }

    /** What a role may do to a thing, whatever the verb and the conditions. */
    <C> void find(String role, List<String> asked, C context, BiConsumer<? super C, ? super Grant> found) {
        int number = roles.number(role);
        if (number == Interned.UNKNOWN) {
            return;
        }
        NameIndex<Grant> wild = patterns.get(number);
        for (int i = 0; i < asked.size(); i++) {
            String name = asked.get(i);
            int spelled = names.number(name);
            if (spelled != Interned.UNKNOWN) {
                literal(key(number, spelled), context, found);
            }
            if (!wild.isEmpty()) {
                wild.find(name, context, found);
            }
        }
    }

    private <C> void literal(long key, C context, BiConsumer<? super C, ? super Grant> found) {
        for (int at = start(key); slots[at + 1] != 0; at = next(at)) {
            if (slots[at] == key) {
                int end = (int) slots[at + 1];
                for (int i = (int) (slots[at + 1] >>> 32); i < end; i++) {
                    found.accept(context, grants.get(i));
                }
                return;
            }
        }
    }
}
