package dev.reeve.adapter.mcp;

import dev.reeve.approval.KeptResults;
import dev.reeve.json.CanonicalLength;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Results in memory, as a table has them. */
final class MemoryResults implements KeptResults {
    private final Map<String, Row> all = new ConcurrentHashMap<>();

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
    public Size put(String ticket, String agent, Json.Obj body) {
        all.put(ticket, new Row(agent, body));
        return new Size(ticket, agent, CanonicalLength.of(body));
    }

    @Override
    public void remove(String ticket) {
        all.remove(ticket);
    }
}
