package dev.reeve.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.audit.AuditReader;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventText;
import dev.reeve.json.Json;
import dev.reeve.record.Event;
import dev.reeve.record.Event.Stored;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who reads a record is told whether there were no arguments, or whether they cannot be seen. */
final class KeptArgumentsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    private static String shown(Stored stored) {
        Json event = Event.of(stored, Optional.empty()).get("arguments").orElseThrow();
        String word = Event.of(stored, Optional.empty())
                .object("reeve")
                .flatMap(ours -> ours.string("arguments"))
                .orElseThrow();
        String line = EventText.whole(new Happened(stored, Optional.empty())).stream()
                .filter(one -> one.startsWith("arguments "))
                .findFirst()
                .map(one -> one.substring("arguments ".length()).strip())
                .orElse("no line");
        return event + ", " + word + ", " + line;
    }

    @Test
    void whatCannotBeSeenIsNotShownAsNothing() throws Exception {
        Workshop.write(home, "policies/all.yaml", """
                agent_roles: { clerk: { permissions: [ { resource: "tool:pay.*", actions: [execute] } ] } }
                record: [ { less: { tool: pay.less } } ]
                agents: { cleo: { roles: [clerk] } }
                """);
        List<Stored> stored = new ArrayList<>();
        try (Workshop workshop = new Workshop(home)) {
            workshop.enforce();
            for (String tool : List.of("pay.out", "pay.less")) {
                workshop.does("cleo", Workshop.call(tool, "amount", "5"));
                workshop.does("cleo", Workshop.call(tool));
            }
            new AuditReader(workshop.house.folder).read(0, happened -> {
                stored.add(happened.record());
                return true;
            });
        }
        stored.removeIf(one -> !one.kind().equals("intent"));
        assertEquals(4, stored.size());
        assertEquals("{\"amount\":5}, kept, {\"amount\":5}", shown(stored.get(0)));
        assertEquals("{}, kept, no line", shown(stored.get(1)));
        assertEquals("null, not recorded, not recorded", shown(stored.get(2)));
        assertEquals("{}, kept, no line", shown(stored.get(3)));
        Map<String, Json> left = new HashMap<>(stored.getFirst().disclosed());
        assertTrue(left.remove("arguments") != null);
        assertEquals(
                "null, erased, erased", shown(new Stored(0, stored.getFirst().leaf(), left)));
    }
}
