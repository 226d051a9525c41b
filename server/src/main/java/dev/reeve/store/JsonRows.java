package dev.reeve.store;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A sealed table of which each row is a key and one JSON object (R29). */
final class JsonRows {
    private static final String BODY = "body";

    private final Store store;
    private final String key;
    private final SealedTable table;

    /** @param key the column of the key */
    JsonRows(Store store, String table, String key) {
        this.store = store;
        this.key = key;
        this.table = new SealedTable(table, List.of(key), List.of(BODY));
    }

    /** Makes a value of a row. */
    interface Reader<T> {
        T read(String key, Json.Obj body, long version);
    }

    <T> List<T> all(Reader<T> reader) throws UnrecordableException {
        try {
            return store.read(reading -> table.rows(reading).stream()
                    .map(row -> reader.read(row.text(key), object(row.text(BODY)), row.version()))
                    .toList());
        } catch (StoreException e) {
            throw unrecordable(e);
        }
    }

    /** One of them; empty if there is none, or if it was altered. */
    <T> Optional<T> one(String name, Reader<T> reader) throws UnrecordableException {
        try {
            return store.read(reading -> table.row(reading, List.of(name))
                    .map(row -> reader.read(row.text(key), object(row.text(BODY)), row.version())));
        } catch (StoreException e) {
            throw unrecordable(e);
        }
    }

    /**
     * Writes it if the row still has this version; 0: if there is none.
     *
     * @return whether it was written; its version is one more then
     */
    boolean put(String name, Json.Obj body, long version) throws UnrecordableException {
        String text = JsonWriter.text(body);
        try {
            return store.write(writing -> table.replace(writing, Map.of(key, name, BODY, text), version));
        } catch (StoreException e) {
            throw unrecordable(e);
        }
    }

    void remove(String name) throws UnrecordableException {
        remove(List.of(name));
    }

    /** All or none, whatever was there. */
    void put(Map<String, Json.Obj> bodies) throws UnrecordableException {
        Map<String, String> texts = new LinkedHashMap<>();
        bodies.forEach((name, body) -> texts.put(name, JsonWriter.text(body)));
        write(writing -> texts.forEach((name, text) -> table.put(writing, Map.of(key, name, BODY, text))));
    }

    /** All or none. */
    void remove(Collection<String> names) throws UnrecordableException {
        List<String> all = List.copyOf(names);
        write(writing -> all.forEach(name -> table.remove(writing, List.of(name))));
    }

    private void write(Consumer<Store.Writing> work) throws UnrecordableException {
        try {
            store.write(writing -> {
                work.accept(writing);
                return true;
            });
        } catch (StoreException e) {
            throw unrecordable(e);
        }
    }

    private static UnrecordableException unrecordable(StoreException e) {
        return new UnrecordableException("the store has not taken it: " + e.getMessage(), e);
    }

    static Json.Obj object(String text) {
        try {
            return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
        } catch (JsonRefusedException e) {
            throw new IllegalStateException("a row with the right MAC is not what was written", e);
        }
    }
}
