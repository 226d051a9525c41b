package dev.reeve.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Action;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.json.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record is found by its number, its ticket, or the beginning of its ticket. */
final class LookupTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @SuppressWarnings("NullAway.Init")
    private AuditHouse house;

    @BeforeEach
    void open() throws Exception {
        house = new AuditHouse(home);
        decide("rv_aaaa1111", Ruling.ALLOW);
        decide("rv_aaaa2222", Ruling.DENY);
        house.journal.control("c_1", "local:ana", "key_revoke", "k_1", Json.Obj.EMPTY);
        house.journal.completed(AuditHouse.completion(action("rv_aaaa1111")));
        decide("rv_bbbb1111", Ruling.ALLOW);
    }

    @AfterEach
    void close() throws Exception {
        house.close();
    }

    /** Its arguments name a ticket, as an agent may that wants to be mistaken. */
    private static Action action(String id) {
        return AuditHouse.action(
                id, "clerk", Json.object().put("id", "rv_bbbb1111").build());
    }

    private void decide(String id, Ruling ruling) throws Exception {
        house.journal.decided(AuditHouse.decision(action(id), ruling));
    }

    private String at(long index) throws Exception {
        return house.reader().at(index).map(LookupTest::shown).orElse("nothing");
    }

    private List<String> find(String begin) throws Exception {
        return house.reader().find(begin).stream().map(LookupTest::shown).toList();
    }

    private static String shown(Happened happened) {
        return happened.record().id() + " " + happened.record().index()
                + happened.outcome().map(stored -> " " + stored.index()).orElse("");
    }

    @Test
    void theNumberOfADecisionAndOfItsOutcomeFindTheSameAction() throws Exception {
        assertEquals("rv_aaaa1111 0 3", at(0));
        assertEquals("rv_aaaa1111 0 3", at(3));
        assertEquals("rv_aaaa2222 1", at(1));
        assertEquals("c_1 2", at(2));
        assertEquals("rv_bbbb1111 4", at(4), "it still runs");
        assertEquals("nothing", at(5));
    }

    @Test
    void aTicketIsFoundWholeOrByItsBeginningAndWithItsOutcome() throws Exception {
        assertEquals(List.of("rv_aaaa1111 0 3"), find("rv_aaaa1111"));
        assertEquals(List.of("rv_aaaa1111 0 3"), find("rv_aaaa1"));
        assertEquals(List.of("rv_bbbb1111 4"), find("rv_bbbb1"));
        assertEquals(List.of("c_1 2"), find("c_1"));
        assertEquals(List.of(), find("rv_cccc1"));
        assertEquals(List.of(), find("\"rv_"));
    }

    @Test
    void allThatBeginAlikeAreTold() throws Exception {
        assertEquals(List.of("rv_aaaa1111 0 3", "rv_aaaa2222 1"), find("rv_aaaa"));
    }

    @Test
    void ofVeryManyThatBeginAlikeAFewAreTold() throws Exception {
        for (int i = 0; i < 20; i++) {
            decide("rv_cccc000" + i, Ruling.DENY);
        }
        assertTrue(find("rv_cccc").size() <= 5);
    }
}
