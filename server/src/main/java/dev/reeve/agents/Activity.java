package dev.reeve.agents;

import dev.reeve.store.Micros;
import dev.reeve.store.Store;
import dev.reeve.store.StoreException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** When each instance was last believed. Grants nothing, so it is kept in memory and written now and then; a crash forgets a little. */
public final class Activity {
    private final Store store;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();
    private final Map<String, Instant> written = new ConcurrentHashMap<>();

    private record Seen(String tenant, String agent, Instant last) {}

    private Activity(Store store) {
        this.store = store;
    }

    public static Activity open(Store store) throws StoreException {
        Activity activity = new Activity(store);
        store.read(reading -> {
            reading.sql()
                    .query(
                            "SELECT instance, tenant, agent, last_seen FROM activity",
                            List.of(),
                            row -> Map.entry(
                                    row.getString("instance"),
                                    new Seen(
                                            row.getString("tenant"),
                                            row.getString("agent"),
                                            Micros.instant(row.getLong("last_seen")))))
                    .forEach(entry -> {
                        activity.seen.put(entry.getKey(), entry.getValue());
                        activity.written.put(entry.getKey(), entry.getValue().last());
                    });
            return true;
        });
        return activity;
    }

    /** Only instances that exist are ever put here, so it grows no further than they do. */
    void seen(Credential credential, Instant now) {
        seen.put(credential.id(), new Seen(credential.tenant(), credential.agent(), now));
    }

    public Optional<Instant> last(String instance) {
        return Optional.ofNullable(seen.get(instance)).map(Seen::last);
    }

    public Optional<Instant> lastOfAgent(String agent) {
        return seen.values().stream()
                .filter(one -> one.agent().equals(agent))
                .map(Seen::last)
                .max(Instant::compareTo);
    }

    /** Writes what changed. */
    public void flush() throws StoreException {
        Map<String, Seen> changed = new HashMap<>();
        seen.forEach((instance, one) -> {
            if (!one.last().equals(written.get(instance))) {
                changed.put(instance, one);
            }
        });
        if (changed.isEmpty()) {
            return;
        }
        store.write(writing -> {
            changed.forEach((instance, one) -> writing.sql()
                    .execute(
                            "INSERT INTO activity (instance, tenant, agent, last_seen, version) VALUES (?, ?, ?, ?, 1)"
                                    + " ON CONFLICT (instance) DO UPDATE SET last_seen = excluded.last_seen,"
                                    + " version = activity.version + 1",
                            instance,
                            one.tenant(),
                            one.agent(),
                            Micros.of(one.last())));
            return true;
        });
        changed.forEach((instance, one) -> written.put(instance, one.last()));
    }
}
