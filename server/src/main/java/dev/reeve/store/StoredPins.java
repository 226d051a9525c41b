package dev.reeve.store;

import dev.reeve.definitions.Definitions.State;
import dev.reeve.definitions.Kind;
import dev.reeve.definitions.Pin;
import dev.reeve.definitions.Pins;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The pins of one tenant, in the store. An outage is an {@link UncheckedIOException}. */
public final class StoredPins implements Pins {
    private static final SealedTable TABLE = new SealedTable(
            "pins",
            List.of("tenant", "upstream", "name"),
            List.of("fingerprint", "definition", "state", "drift", "decided_by", "changed"));

    private final Store store;
    private final String tenant;

    public StoredPins(Store store, String tenant) {
        this.store = store;
        this.tenant = tenant;
    }

    @Override
    public List<Pin> all() {
        try {
            return store.read(reading -> TABLE.rows(reading).stream()
                    .filter(row -> row.text("tenant").equals(tenant))
                    .map(StoredPins::pin)
                    .toList());
        } catch (StoreException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void put(Pin pin) {
        Map<String, @Nullable Object> row = new HashMap<>();
        row.put("tenant", tenant);
        row.put("upstream", pin.upstream());
        row.put("name", pin.kind().key(pin.name()));
        row.put("fingerprint", pin.fingerprint());
        row.put("definition", JsonWriter.text(pin.definition()));
        row.put("state", pin.state().name());
        row.put("drift", pin.drift().map(JsonWriter::text).orElse(null));
        row.put("decided_by", pin.decidedBy().orElse(null));
        row.put("changed", Micros.of(pin.changed()));
        try {
            store.write(writing -> {
                TABLE.put(writing, row);
                return true;
            });
        } catch (StoreException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Pin pin(Row row) {
        Kind kind = kind(row.text("name"));
        return new Pin(
                kind,
                row.text("upstream"),
                row.text("name").substring(kind.key("").length()),
                object(row.text("definition")),
                row.text("fingerprint"),
                state(row.text("state")),
                row.optionalText("drift").map(StoredPins::object),
                row.optionalText("decided_by"),
                row.time("changed"));
    }

    /** The name of a tool has no colon; before that of anything else stands what it is. */
    private static Kind kind(String name) {
        return Kind.find(name.substring(0, Math.max(0, name.indexOf(':')))).orElse(Kind.TOOL);
    }

    /** A state that only a newer version knows is one that lets nothing through. */
    private static State state(String name) {
        Optional<State> known = Arrays.stream(State.values())
                .filter(state -> state.name().equals(name))
                .findFirst();
        return known.orElse(State.HIDDEN);
    }

    private static Json.Obj object(String text) {
        try {
            return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
        } catch (JsonRefusedException e) {
            throw new IllegalStateException("a pin with the right MAC is not what was written", e);
        }
    }
}
