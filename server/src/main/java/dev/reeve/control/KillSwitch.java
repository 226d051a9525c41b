package dev.reeve.control;

import dev.reeve.action.Operation;
import dev.reeve.agents.AgentDirectory;
import dev.reeve.control.Administration.Done;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Stops;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.store.Micros;
import dev.reeve.store.Row;
import dev.reeve.store.SealedTable;
import dev.reeve.store.Store;
import dev.reeve.store.StoreException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stops an agent, a tool, a tenant or everything, until a person undoes it.
 *
 * <p>Security guarantees: a stop is in force before it is recorded or stored, for the next decision and for what runs (R14); it outlives the
 * process, and is taken from the record where the store does not know it (R29). Undoing widens: it is recorded first, or it does not happen.
 */
public final class KillSwitch implements Stops {
    static final String KILL = "kill";
    static final String UNDO = "kill_undo";
    private static final String CODE = "stopped_by_operator";
    private static final int MOST = 1_000;
    private static final SealedTable TABLE =
            new SealedTable("stops", List.of("scope", "name"), List.of("since", "person", "reason"));

    private final Store store;
    private final Administration administration;
    private final AgentDirectory directory;
    private final GateClock clock;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    /** By subject. Swapped as a whole. */
    private volatile Map<String, Stop> stops;

    private KillSwitch(
            Store store,
            Administration administration,
            AgentDirectory directory,
            GateClock clock,
            Map<String, Stop> stops) {
        this.store = store;
        this.administration = administration;
        this.directory = directory;
        this.clock = clock;
        this.stops = stops;
    }

    static KillSwitch open(Store store, Administration administration, AgentDirectory directory, GateClock clock)
            throws StoreException {
        Map<String, Stop> stops = new TreeMap<>();
        for (Row row : store.read(TABLE::rows)) {
            Stop stop = new Stop(
                    Stop.Scope.read(row.text("scope")).orElseThrow(),
                    row.text("name"),
                    row.time("since"),
                    row.text("person"),
                    row.text("reason"));
            stops.put(stop.subject(), stop);
        }
        return new KillSwitch(store, administration, directory, clock, stops);
    }

    @Override
    public Optional<Denial> stopped(Principal principal, Operation operation) {
        Map<String, Stop> now = stops;
        if (now.isEmpty()) {
            return Optional.empty();
        }
        return now.values().stream()
                .filter(stop -> stop.stops(principal, operation))
                .findFirst()
                .map(KillSwitch::denial);
    }

    private static Denial denial(Stop stop) {
        String why = stop.reason().isEmpty() ? "" : ": " + stop.reason();
        return Denial.of(
                        CODE,
                        ReasonClass.POLICY,
                        "`" + stop.subject() + "` was stopped by " + stop.person() + " at " + stop.since() + why)
                .withTell("an operator has stopped this; it stays so until a person undoes it")
                .withHelp("`reeve kill --undo " + stop.subject() + "`");
    }

    /** Whether nothing of this principal may go on. */
    public boolean stops(Principal principal) {
        Map<String, Stop> now = stops;
        return !now.isEmpty() && now.values().stream().anyMatch(stop -> stop.stops(principal));
    }

    public Collection<Stop> all() {
        return stops.values();
    }

    /** @param listener called whenever something is stopped or goes on: it cuts what runs */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** In force at once, whatever can be recorded. */
    Done<Stop> kill(String person, Stop.Scope scope, String name, String reason) throws RefusedException {
        Stop stop = stop(scope, name, person, reason);
        if (scope == Stop.Scope.AGENT && directory.roster().agent(name).isEmpty()) {
            throw RefusedException.noAgent(name);
        }
        Optional<Stop> known = add(stop);
        if (known.isPresent()) {
            return new Done<>(known.get(), false);
        }
        listeners.forEach(Runnable::run);
        Json.Obj difference = Json.object().put("reason", reason).build();
        administration.narrow(person, KILL, stop.subject(), difference, () -> {}, () -> save(stop));
        return new Done<>(stop, true);
    }

    private Stop stop(Stop.Scope scope, String name, String person, String reason) throws RefusedException {
        try {
            return new Stop(scope, name, Micros.instant(Micros.of(clock.latest())), person, reason);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid(String.valueOf(e.getMessage()), "");
        }
    }

    /** @return the one that is there already */
    private synchronized Optional<Stop> add(Stop stop) throws RefusedException {
        Optional<Stop> known = Optional.ofNullable(stops.get(stop.subject()));
        if (known.isEmpty()) {
            if (stops.size() >= MOST) {
                throw RefusedException.conflict(
                        "too_many_stops", MOST + " things are stopped already", "`reeve kill all` stops everything");
            }
            Map<String, Stop> more = new TreeMap<>(stops);
            more.put(stop.subject(), stop);
            stops = more;
        }
        return known;
    }

    private synchronized void remove(String subject) {
        Map<String, Stop> fewer = new TreeMap<>(stops);
        fewer.remove(subject);
        stops = fewer;
    }

    /** Nothing if it was undone in the meantime. */
    private void save(Stop stop) throws StoreException {
        if (!stop.equals(stops.get(stop.subject()))) {
            return;
        }
        store.write(writing -> {
            TABLE.put(
                    writing,
                    Map.of(
                            "scope",
                            stop.scope().word(),
                            "name",
                            stop.name(),
                            "since",
                            Micros.of(stop.since()),
                            "person",
                            stop.person(),
                            "reason",
                            stop.reason()));
            return true;
        });
    }

    /** Goes on. Recorded and durable first. */
    Done<Stop> undo(String person, Stop.Scope scope, String name) throws RefusedException {
        Stop asked = stop(scope, name, person, "");
        Stop known = stops.get(asked.subject());
        if (known == null) {
            return new Done<>(asked, false);
        }
        Json.Obj difference = Json.object()
                .put("since", known.since().toString())
                .put("stopped_by", known.person())
                .build();
        administration.widen(person, UNDO, known.subject(), difference, () -> {
            store.write(writing -> {
                TABLE.remove(writing, List.of(known.scope().word(), known.name()));
                return true;
            });
            remove(known.subject());
        });
        listeners.forEach(Runnable::run);
        return new Done<>(known, true);
    }

    /** What the record says was stopped and the store does not know. */
    void stopAgain(Collection<Stop> missing) throws StoreException {
        for (Stop stop : missing) {
            synchronized (this) {
                Map<String, Stop> more = new TreeMap<>(stops);
                more.putIfAbsent(stop.subject(), stop);
                stops = more;
            }
            save(stop);
        }
    }

    boolean knows(String subject) {
        return stops.containsKey(subject);
    }

    /** From a record. Empty if it is none. */
    static Optional<Stop> read(String subject, Instant since, String person, String reason) {
        int space = subject.indexOf(' ');
        String scope = space < 0 ? subject : subject.substring(0, space);
        String name = space < 0 ? "" : subject.substring(space + 1);
        try {
            return Stop.Scope.read(scope).map(it -> new Stop(it, name, since, person, reason));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
