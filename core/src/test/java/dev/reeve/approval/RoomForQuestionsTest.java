package dev.reeve.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.approval.Approval.State;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** R8 and R15: what agents ask people fills neither memory nor rows, neither while it waits nor afterwards. */
final class RoomForQuestionsTest {
    /** Room for three questions of 500 characters. */
    private static final Limits NARROW = new Limits(20, 60, 60, new Limits.Room(1_000, 2_500, 2_500, 2));

    private static ApprovalHouse open(Limits limits) {
        try {
            return new ApprovalHouse(limits);
        } catch (UnrecordableException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsTooLargeForPeopleIsDeniedAndNotKept() {
        ApprovalHouse house = open(Limits.USUAL);
        house.payee = "x".repeat(64 << 10);
        assertEquals("too_large_to_ask", ApprovalHouse.word(house.pays(1)));
        assertEquals(List.of(), house.desk().list(ApprovalDesk.Filter.ALL));
        house.payee = "x".repeat(60 << 10);
        assertEquals("hold", ApprovalHouse.word(house.pays(1)));
    }

    @Test
    void manySmallValuesWeighMoreThanTheirText() {
        Json zeros = new Json.Arr(Collections.nCopies(3_000, Json.of(0)));
        assertTrue(
                Weight.of(zeros) > Limits.Room.USUAL.question(),
                Weight.of(zeros) + " for some 6,000 characters of JSON");
    }

    @Test
    void allThatOneAgentAsksIsBoundedUntilItEnds() {
        ApprovalHouse house = open(NARROW);
        house.payee = "x".repeat(500);
        String first = house.held(1);
        house.held(2);
        house.says("ana", house.held(3), true);
        assertEquals("too_many_approvals", ApprovalHouse.word(house.pays(4)), "what is approved is kept too");
        assertEquals("hold", ApprovalHouse.word(house.pays(1)), "what waits is no new question");
        house.says("ana", first, false);
        assertEquals("hold", ApprovalHouse.word(house.pays(4)));
    }

    @Test
    void allThatIsAskedTogetherIsBounded() {
        ApprovalHouse house = open(new Limits(20, 60, 60, new Limits.Room(1_000, 1_000, 1_000, 2)));
        house.payee = "x".repeat(500);
        house.held(1);
        assertEquals("too_many_approvals", ApprovalHouse.word(house.pays(2)));
    }

    @Test
    void ofWhatHasEndedTheArgumentsAreInTheRecordOnly() throws Exception {
        ApprovalHouse house = open(Limits.USUAL);
        String denied = house.held(1);
        String used = house.held(2);
        String expired = house.held(3);
        assertTrue(house.rows.stored(denied).asked().arguments().isPresent());
        house.says("ana", denied, false);
        house.says("ana", used, true);
        house.pays(2);
        house.now = house.now.plus(Duration.ofHours(2));
        house.room.tick();
        for (String ticket : List.of(denied, used, expired)) {
            assertEquals(Optional.empty(), house.rows.stored(ticket).asked().arguments(), ticket);
            Approval shown = house.desk().show(ticket).orElseThrow();
            assertEquals(Optional.empty(), shown.asked().arguments(), ticket);
            assertEquals(List.of(), shown.asked().touches(), ticket);
        }
    }

    @Test
    void onlySoManyThatEndedAreKeptButThoseThatStillRefuseAre() throws Exception {
        ApprovalHouse house = open(NARROW);
        for (int i = 0; i < 5; i++) {
            house.says("ana", house.held(i), true);
            house.pays(i);
        }
        house.now = house.now.plus(Duration.ofMinutes(70));
        String no = house.held(100);
        house.says("ana", no, false);
        house.room.tick();
        assertEquals(
                2,
                house.desk().list(ApprovalDesk.Filter.ALL).stream()
                        .filter(one -> one.state() == State.REDEEMED)
                        .count());
        assertEquals("approval_denied", ApprovalHouse.word(house.pays(100)));
        assertEquals(3, house.rows.approvals().size());
    }
}
