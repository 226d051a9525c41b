package dev.reeve.control;

import dev.reeve.identity.PersonName;
import dev.reeve.json.Json;
import dev.reeve.store.SealedTable;
import dev.reeve.store.Store;
import dev.reeve.store.StoreException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Which groups people belong to: rules say {@code by: [group:supervisors]}. To be put in one widens what a person may approve (R27). */
public final class PeopleGroups {
    private static final SealedTable TABLE = new SealedTable("people_groups", List.of("person", "name"), List.of());
    /** The acts in the record. */
    static final String JOIN = "person_groups";

    static final String LEAVE = "person_groups_leave";
    /** What of the difference names the groups that were left. */
    static final String LEFT = "left";

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
    void set(String by, String person, Set<String> wanted) throws RefusedException {
        set(by, Optional.empty(), person, wanted);
    }

    /** These too, besides what the person is in by now. */
    synchronized void join(String by, String second, String person, Set<String> joined) throws RefusedException {
        Set<String> wanted = new TreeSet<>(of(person));
        wanted.addAll(joined);
        set(by, Optional.of(second), person, wanted);
    }

    /** @param second who agreed, where one asked and another had to agree */
    private synchronized void set(String by, Optional<String> second, String person, Set<String> wanted)
            throws RefusedException {
        check(person, wanted);
        Set<String> left = new TreeSet<>(of(person));
        left.removeAll(wanted);
        leave(by, person, left);
        Set<String> before = new TreeSet<>(of(person));
        if (!before.containsAll(wanted)) {
            Json.Builder difference = Json.object()
                    .put("before", Json.Arr.ofStrings(before))
                    .put("after", Json.Arr.ofStrings(new TreeSet<>(wanted)));
            second.ifPresent(name -> difference.put("seconded_by", name));
            administration.widen(by, JOIN, person, difference.build(), () -> save(person, Set.of(), wanted));
            of(person, wanted);
        }
    }

    void check(String person, Set<String> wanted) throws RefusedException {
        if (!NewAgent.isLine(person)
                || PersonName.isTaken(person)
                || wanted.size() > MOST_GROUPS
                || groups.size() >= MOST_PEOPLE) {
            throw RefusedException.invalid(
                    "a person has a name of one line and at most " + MOST_GROUPS + " groups", "");
        }
        for (String name : wanted) {
            if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")) {
                throw RefusedException.invalid(
                        "`" + name + "` is no name of a group", "letters, digits, `_`, `.` and `-`");
            }
        }
    }

    /** Narrows: in force at once, whatever the record and the store say (R14). */
    private void leave(String by, String person, Set<String> left) {
        if (left.isEmpty()) {
            return;
        }
        Json.Obj difference = Json.object().put(LEFT, Json.Arr.ofStrings(left)).build();
        administration.narrow(
                by, LEAVE, person, difference, () -> without(person, left), () -> save(person, left, Set.of()));
    }

    /** What the record says was left, and the store does not know (R29). */
    synchronized void leaveAgain(String person, Set<String> left) throws StoreException {
        without(person, left);
        save(person, left, Set.of());
    }

    private void without(String person, Set<String> left) {
        Set<String> now = new TreeSet<>(of(person));
        now.removeAll(left);
        of(person, now);
    }

    private void of(String person, Set<String> names) {
        Set<String> now = ConcurrentHashMap.newKeySet();
        now.addAll(names);
        groups.put(person, now);
    }

    private void save(String person, Set<String> gone, Set<String> joined) throws StoreException {
        store.write(writing -> {
            gone.forEach(name -> TABLE.remove(writing, List.of(person, name)));
            joined.forEach(name -> TABLE.put(writing, Map.of("person", person, "name", name)));
            return true;
        });
    }
}
