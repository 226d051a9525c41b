package dev.reeve.definitions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.definitions.Definitions.State;
import dev.reeve.gate.Admissions.Admission;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PinnedDefinitionsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    private final MemoryPins stored = new MemoryPins();
    private final List<String> recorded = new ArrayList<>();
    private boolean unrecordable;
    private final PinRecords records = (act, pin) -> {
        if (unrecordable) {
            throw new UnrecordableException("for the test");
        }
        recorded.add(act + " " + pin.name());
    };
    private final PinnedDefinitions definitions = new PinnedDefinitions(stored, records, CLOCK);

    @Test
    void aNewToolIsHeldUntilAPersonApprovesExactlyWhatTheySaw() throws UnrecordableException {
        definitions.compare("pg", List.of(tool("query", "reads")), false);
        assertInstanceOf(Admission.Held.class, admit("query"));
        String seen =
                PinnedDefinitions.fingerprint(definitions.waiting("pg", "query").orElseThrow());
        definitions.compare("pg", List.of(tool("query", "reads, and mails it away")), false);
        assertFalse(definitions.approve("pg", "query", seen, "ana"), "approved something else than was seen");
        assertInstanceOf(Admission.Held.class, admit("query"));
        approveWhatWaits("query");
        assertInstanceOf(Admission.Admitted.class, admit("query"));
    }

    @Test
    void aChangeIsHeldAlsoWhereFirstUseIsTrusted() {
        definitions.compare("pg", List.of(tool("query", "reads")), true);
        assertInstanceOf(Admission.Admitted.class, admit("query"));
        definitions.compare("pg", List.of(tool("query", "changed")), true);
        assertInstanceOf(Admission.Held.class, admit("query"));
        assertEquals(
                "reads",
                definitions
                        .tool("pg", "query")
                        .orElseThrow()
                        .definition()
                        .string("description")
                        .orElseThrow());
        definitions.compare("pg", List.of(tool("query", "reads")), true);
        assertInstanceOf(
                Admission.Admitted.class, admit("query"), "what went back to the pinned form is the pinned form");
    }

    @Test
    void aToolThatVanishesAndComesBackChangedIsNoNewTool() {
        definitions.compare("pg", List.of(tool("query", "reads")), true);
        definitions.compare("pg", List.of(), true);
        assertInstanceOf(Admission.Refused.class, admit("query"));
        definitions.compare("pg", List.of(tool("query", "changed")), true);
        assertInstanceOf(Admission.Held.class, admit("query"));
    }

    @Test
    void pinsAndDriftSurviveARestart() {
        definitions.compare("pg", List.of(tool("query", "reads")), true);
        definitions.compare("pg", List.of(tool("query", "changed")), true);
        PinnedDefinitions again = new PinnedDefinitions(stored, records, CLOCK);
        assertEquals(State.HELD, again.tool("pg", "query").orElseThrow().state());
        assertTrue(again.tool("pg", "query").orElseThrow().drift().isPresent());
    }

    @Test
    void unsafeNamesAndSchemasAreNeverShown() {
        List<String> news = definitions.compare(
                "pg",
                List.of(
                        tool("a b", "space"),
                        tool("que\u0440y", "cyrillic"),
                        tool("", "none"),
                        tool("remote", "x")
                                .with("inputSchema", ArgumentSchemaTest.object("{\"$ref\":\"http://127.0.0.1/x\"}"))),
                true);
        assertEquals(
                List.of("remote"),
                definitions.tools("pg").stream()
                        .map(Definitions.PinnedTool::name)
                        .toList());
        assertEquals(
                State.HIDDEN, definitions.tool("pg", "remote").orElseThrow().state());
        assertInstanceOf(Admission.Refused.class, admit("remote"));
        assertEquals(4, news.size());
    }

    @Test
    void whatCannotBeRecordedMayHoldAToolAndNeverLetsOneThrough() {
        unrecordable = true;
        definitions.compare("pg", List.of(tool("query", "reads")), true);
        assertInstanceOf(Admission.Refused.class, admit("query"), "not pinned, so unknown");
        unrecordable = false;
        definitions.compare("pg", List.of(tool("query", "reads")), true);
        unrecordable = true;
        definitions.compare("pg", List.of(tool("query", "changed")), true);
        assertInstanceOf(Admission.Held.class, admit("query"));
        definitions.compare("pg", List.of(tool("query", "reads")), true);
        assertInstanceOf(Admission.Held.class, admit("query"), "its way back could not be recorded");
        assertEquals(List.of("pin_new query"), recorded);
    }

    @Test
    void listenersHearOfChangesOnly() {
        List<String> heard = new ArrayList<>();
        definitions.onChange(heard::add);
        definitions.compare("pg", List.of(tool("query", "reads")), true);
        definitions.compare("pg", List.of(tool("query", "reads")), true);
        assertEquals(List.of("pg"), heard);
    }

    private void approveWhatWaits(String name) throws UnrecordableException {
        Json.Obj waiting = definitions.waiting("pg", name).orElseThrow();
        assertTrue(definitions.approve("pg", name, PinnedDefinitions.fingerprint(waiting), "ana"));
    }

    private Admission admit(String name) {
        return definitions.admit(new Operation.ToolCall("pg", name, Json.Obj.EMPTY));
    }

    private static Json.Obj tool(String name, String description) {
        return Json.object()
                .put("name", name)
                .put("description", description)
                .put("inputSchema", Json.object().put("type", "object"))
                .build();
    }

    private static final class MemoryPins implements Pins {
        private final Map<String, Pin> pins = new LinkedHashMap<>();

        @Override
        public List<Pin> all() {
            return List.copyOf(pins.values());
        }

        @Override
        public void put(Pin pin) {
            pins.put(pin.upstream() + "." + pin.name(), pin);
        }
    }
}
