package dev.reeve.control;

import dev.reeve.json.Json;
import dev.reeve.store.SealedTable;
import dev.reeve.store.Store;
import dev.reeve.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Which groups people belong to: rules say {@code by: [group:supervisors]}. To be put in one widens what a person may approve (R27). */
public final class PeopleGroups {
    private static final SealedTable TABLE = new SealedTable("people_groups", List.of("person", "name"), List.of());
    private static final int MOST_PEOPLE = 1_000;
    private static final int MOST_GROUPS = 50;

    private final Store store;
    private final Administration administration;
    private final Map<String, Set<String>> groups = new ConcurrentHashMap<>();

    private PeopleGroups(Store store, Administration administration) {
        this.store = store;
        this.administration = administration;
    }

    static PeopleGroups open(Store store, Administration administration) throws StoreException {
        PeopleGroups opened = new PeopleGroups(store, administration);
        store.read(TABLE::rows)
                .forEach(row -> opened.groups
                        .computeIfAbsent(row.text("person"), ignored -> ConcurrentHashMap.newKeySet())
                        .add(row.text("name")));
        return opened;
    }

    public Set<String> of(String person) {
        return Set.copyOf(groups.getOrDefault(person, Set.of()));
    }

    /** By person. */
    public Map<String, Set<String>> all() {
        return Map.copyOf(groups);
    }

    /** The groups of a person are these from now on. */
    synchronized void set(String by, String person, Set<String> wanted) throws RefusedException {
        if (!NewAgent.isLine(person) || wanted.size() > MOST_GROUPS || groups.size() >= MOST_PEOPLE) {
            throw RefusedException.invalid(
                    "a person has a name of one line and at most " + MOST_GROUPS + " groups", "");
        }
        for (String name : wanted) {
            if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")) {
                throw RefusedException.invalid(
                        "`" + name + "` is no name of a group", "letters, digits, `_`, `.` and `-`");
            }
        }
        Set<String> before = new TreeSet<>(of(person));
        Json.Obj difference = Json.object()
                .put("before", Json.Arr.ofStrings(before))
                .put("after", Json.Arr.ofStrings(new TreeSet<>(wanted)))
                .build();
        administration.widen(by, "person_groups", person, difference, () -> save(person, before, wanted));
        Set<String> now = ConcurrentHashMap.newKeySet();
        now.addAll(wanted);
        groups.put(person, now);
    }

    private void save(String person, Set<String> before, Set<String> wanted) throws StoreException {
        List<String> gone = new ArrayList<>(before);
        gone.removeAll(wanted);
        store.write(writing -> {
            gone.forEach(name -> TABLE.remove(writing, List.of(person, name)));
            wanted.forEach(name -> TABLE.put(writing, Map.of("person", person, "name", name)));
            return true;
        });
    }
}
