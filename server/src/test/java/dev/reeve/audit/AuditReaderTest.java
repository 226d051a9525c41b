package dev.reeve.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Action;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventQuery.BadQueryException;
import dev.reeve.audit.EventQuery.Part;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditReaderTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @SuppressWarnings("NullAway.Init")
    private AuditHouse house;

    @BeforeEach
    void open() throws Exception {
        house = new AuditHouse(home);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    private static EventFilter filter(@Nullable String agent, @Nullable String status, @Nullable String text)
            throws BadQueryException {
        Map<Part, String> asked = new EnumMap<>(Part.class);
        if (agent != null) {
            asked.put(Part.AGENT, agent);
        }
        if (status != null) {
            asked.put(Part.STATUS, status);
        }
        if (text != null) {
            asked.put(Part.TEXT, text);
        }
        return EventFilter.of(EventQuery.of(asked));
    }

    private static EventFilter only(Part part, String value) throws BadQueryException {
        return EventFilter.of(EventQuery.of(Map.of(part, value)));
    }

    private List<String> last(int most, EventFilter filter) throws IOException {
        return house.reader().last(most, filter, house.reader().size()).stream()
                .map(happened -> happened.record().id())
                .toList();
    }

    @Test
    void theSizeIsThatOfTheLedgerAlsoWhileItIsWritten() throws Exception {
        assertEquals(0, house.reader().size());
        for (int i = 0; i < 50; i++) {
            house.done("rv_" + i, "clerk");
            assertEquals(house.ledger.size(), house.reader().size());
        }
    }

    @Test
    void theNewestComeInTheOrderInWhichTheyEnded() throws Exception {
        Action slow = house.decide("rv_slow", "clerk", Ruling.ALLOW);
        house.done("rv_1", "clerk");
        house.decide("rv_2", "clerk", Ruling.DENY);
        house.journal.completed(AuditHouse.completion(slow));
        house.decide("rv_open", "clerk", Ruling.ALLOW);
        assertEquals(List.of("rv_slow", "rv_open"), last(2, EventFilter.ALL));
        assertEquals(List.of("rv_1", "rv_2", "rv_slow", "rv_open"), last(9, EventFilter.ALL));
        assertEquals(List.of(), last(0, EventFilter.ALL));
    }

    @Test
    void anOutcomeFindsItsIntentThousandsOfRecordsBack() throws Exception {
        Action slow = house.decide("rv_slow", "slowpoke", Ruling.ALLOW);
        for (int i = 0; i < 2_500; i++) {
            house.journal.control("c_" + i, "local:ana", "agent_create", "a", Json.Obj.EMPTY);
        }
        house.journal.completed(AuditHouse.completion(slow));
        assertEquals(List.of("c_2499", "rv_slow"), last(2, EventFilter.ALL));
        Happened found = house.reader()
                .last(1, filter("slowpoke", "success", null), house.ledger.size())
                .getFirst();
        assertEquals(house.ledger.size() - 1, found.finished());
    }

    @Test
    void whatIsFoundFromTheEndIsWhatReadingAllOfItFinds() throws Exception {
        for (int i = 0; i < 400; i++) {
            house.done("rv_a" + i, "agent" + i % 3);
            house.decide("rv_d" + i, "agent" + i % 5, i % 2 == 0 ? Ruling.DENY : Ruling.HOLD);
        }
        for (EventFilter filter : List.of(
                EventFilter.ALL,
                filter("agent1", null, null),
                filter("agent4", "denied", null),
                filter(null, "held", null),
                filter(null, "success", null),
                filter("agent2", "success", "SELECT"),
                filter("agent9", null, null))) {
            List<String> all = new ArrayList<>();
            house.reader().read(0, happened -> {
                if (filter.matches(happened)) {
                    all.add(happened.record().id());
                }
                return true;
            });
            assertEquals(all, last(10_000, filter));
            assertEquals(all.subList(Math.max(0, all.size() - 7), all.size()), last(7, filter));
        }
    }

    @Test
    void followingGoesOnWhereItEndedAndKeepsWhatIsStillOpen() throws Exception {
        List<String> seen = new ArrayList<>();
        AuditReader.Following following =
                house.reader().follow(0, happened -> seen.add(happened.record().id()));
        Action slow = house.decide("rv_slow", "clerk", Ruling.ALLOW);
        following.advance();
        assertEquals(List.of(), seen);
        house.journal.completed(AuditHouse.completion(slow));
        house.decide("rv_1", "clerk", Ruling.DENY);
        following.advance();
        following.advance();
        assertEquals(List.of("rv_slow", "rv_1"), seen);
    }

    @Test
    void operatorsAndCountsAreFoundByKindAndPerson() throws Exception {
        house.done("rv_1", "clerk");
        house.journal.control("c_ana", "local:ana", "key_create", "k_1", Json.Obj.EMPTY);
        house.journal.control("c_bo", "local:bo", "key_create", "k_2", Json.Obj.EMPTY);
        house.journal.summary(
                "s_1", house.now, Json.object().put("mcp-http.key_unknown", 7).build());
        assertEquals(List.of("rv_1"), last(9, only(Part.KIND, "action")));
        assertEquals(List.of("c_ana", "c_bo"), last(9, only(Part.KIND, "control")));
        assertEquals(List.of("c_bo"), last(9, only(Part.PERSON, "local:bo")));
        assertEquals(List.of("s_1"), last(9, only(Part.KIND, "summary")));
    }

    @Test
    void anAdministrativeActIsShownWithItsDifference() throws Exception {
        Json.Obj difference = Json.object().put("revoked", "k_1").build();
        house.journal.control("c_1", "local:ana", "key_revoke", "k_1", difference);
        Happened act = house.reader().find("c_1").getFirst();
        assertEquals(
                difference,
                act.json()
                        .object("disclosed")
                        .orElseThrow()
                        .object("difference")
                        .orElseThrow());
        assertTrue(EventText.whole(act).stream().anyMatch(line -> line.contains("revoked")));
    }
}
