package dev.reeve.store;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What waits for a second administrator, in the store. Whoever could write a row could have others agree to it, so it is under the seal (R29). */
public final class StoredSeconds {
    private static final SealedTable TABLE = new SealedTable("seconds", List.of("id"), List.of("body"));

    private final Store store;

    public StoredSeconds(Store store) {
        this.store = store;
    }

    /** By id. */
    public Map<String, Json.Obj> all() throws StoreException {
        Map<String, Json.Obj> all = new LinkedHashMap<>();
        store.read(TABLE::rows).forEach(row -> all.put(row.text("id"), JsonRows.object(row.text("body"))));
        return all;
    }

    /** Durable when it returns. */
    public void put(String id, Json.Obj body) throws StoreException {
        store.write(writing -> {
            TABLE.put(writing, Map.of("id", id, "body", JsonWriter.text(body)));
            return true;
        });
    }

    /** Durable when it returns; nothing if there is none. */
    public void remove(String id) throws StoreException {
        store.write(writing -> {
            TABLE.remove(writing, List.of(id));
            return true;
        });
    }

    /** As {@link #remove}, without waiting, for what is over by itself: a row that is left is over at the next start too. */
    public void forget(Collection<String> ids) {
        store.writeLater(writing -> ids.forEach(id -> TABLE.remove(writing, List.of(id))));
    }
}
