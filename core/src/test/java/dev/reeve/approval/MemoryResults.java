package dev.reeve.approval;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.CanonicalLength;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Results in memory, as a table has them; a test can break it. */
public final class MemoryResults implements KeptResults {
    private final Map<String, Row> all = new ConcurrentHashMap<>();
    volatile boolean full;
    /** It removes nothing. */
    volatile boolean stuck;

    private record Row(String agent, Json.Obj body) {}

    @Override
    public List<Size> sizes() {
        return all.entrySet().stream()
                .map(one -> new Size(
                        one.getKey(),
                        one.getValue().agent(),
                        CanonicalLength.of(one.getValue().body())))
                .toList();
    }

    @Override
    public Optional<Json.Obj> read(String ticket) {
        return Optional.ofNullable(all.get(ticket)).map(Row::body);
    }

    @Override
    public Size put(String ticket, String agent, Json.Obj body) throws UnrecordableException {
        if (full) {
            throw new UnrecordableException("the disk is full");
        }
        all.put(ticket, new Row(agent, body));
        return new Size(ticket, agent, CanonicalLength.of(body));
    }

    @Override
    public void remove(String ticket) throws UnrecordableException {
        if (stuck) {
            throw new UnrecordableException("the disk is full");
        }
        all.remove(ticket);
    }
}
