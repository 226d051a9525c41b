package dev.reeve.control;

import dev.reeve.store.SealedTable;
import dev.reeve.store.Store;
import dev.reeve.store.StoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who made which token of a person or key of an agent, by its id. It is shown, and decides nothing; the record has it for ever. */
final class Makers {
    private static final SealedTable TABLE =
            new SealedTable("token_makers", List.of("id"), List.of("person", "seconded"));

    private final Store store;
    private final Map<String, Maker> byId = new ConcurrentHashMap<>();

    private Makers(Store store) {
        this.store = store;
    }

    /** @param second who agreed, where one asked and another had to agree */
    record Maker(String person, Optional<String> second) {}

    static Makers open(Store store) throws StoreException {
        Makers makers = new Makers(store);
        store.read(TABLE::rows)
                .forEach(row ->
                        makers.byId.put(row.text("id"), new Maker(row.text("person"), row.optionalText("seconded"))));
        return makers;
    }

    /** Empty for what was made before this was kept. */
    Optional<Maker> of(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Durable when it returns. */
    void save(String id, Maker maker) throws StoreException {
        store.write(writing -> {
            put(writing, id, maker);
            return true;
        });
        byId.put(id, maker);
    }

    /** Within another write; {@link #remember} follows. */
    void put(Store.Writing writing, String id, Maker maker) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("id", id);
        row.put("person", maker.person());
        row.put("seconded", maker.second().orElse(null));
        TABLE.put(writing, row);
    }

    void remember(String id, Maker maker) {
        byId.put(id, maker);
    }
}
