package dev.reeve.turns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Waiting;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever some hold, and for however long, there is a place for who comes next. */
@Timeout(60)
final class TurnsTest {
    private static final Optional<String> HOG = Optional.of("t hog");
    private static final Optional<String> OTHER = Optional.of("t other");
    private static final Optional<String> OWN = Optional.empty();

    private static int takesAll(Turns turns, Optional<String> party) throws InterruptedException {
        int taken = 0;
        while (turns.take(party, 0)) {
            taken++;
        }
        return taken;
    }

    @Test
    void whoComesAfterManyWhoTookAllTheyCouldStillFindsAPlace() throws Exception {
        Turns turns = new Turns(256);
        assertEquals(128, takesAll(turns, HOG));
        for (int i = 0; i < 6; i++) {
            assertTrue(takesAll(turns, Optional.of("t hog" + i)) > 0);
        }
        assertTrue(turns.take(OTHER, 0));
    }

    @Test
    void ofFewPlacesOneHasTwoAndOfOnePlaceTheOnlyOne() throws Exception {
        Turns three = new Turns(3);
        assertEquals(2, takesAll(three, HOG));
        assertEquals(1, takesAll(three, OTHER));
        Turns one = new Turns(1);
        assertEquals(1, takesAll(one, HOG));
        assertFalse(one.take(OTHER, 0));
        one.giveBack(HOG);
        assertTrue(one.take(OTHER, 0));
    }

    @Test
    void reeveItselfHasAllThatAreLeft() throws Exception {
        assertEquals(7, takesAll(new Turns(7), OWN));
    }

    /** What is given back can be taken again, however often somebody was refused or gave up in between. */
    @Test
    void nothingIsLost() throws Exception {
        Turns turns = new Turns(4);
        for (int i = 0; i < 3; i++) {
            assertEquals(2, takesAll(turns, HOG));
            Thread waits = Thread.startVirtualThread(() -> {
                try {
                    boolean ignored = turns.take(HOG, TimeUnit.DAYS.toNanos(1));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Waiting.whilst(() -> turns.waiting() == 0);
            waits.interrupt();
            waits.join();
            turns.giveBack(HOG);
            turns.giveBack(HOG);
        }
        assertEquals(4, takesAll(turns, OWN));
    }

    @Test
    void whoHoldsLeastIsServedFirst() throws Exception {
        Turns turns = new Turns(3);
        List<String> served = Collections.synchronizedList(new ArrayList<>());
        assertEquals(2, takesAll(turns, HOG));
        assertTrue(turns.take(Optional.of("t third"), 0));
        Thread greedy = waits(turns, HOG, served);
        Waiting.whilst(() -> turns.waiting() < 1);
        Thread modest = waits(turns, OTHER, served);
        Waiting.whilst(() -> turns.waiting() < 2);
        turns.giveBack(Optional.of("t third"));
        modest.join();
        assertEquals(List.of("t other"), served);
        turns.giveBack(HOG);
        turns.giveBack(HOG);
        greedy.join();
        assertEquals(List.of("t other", "t hog"), served);
    }

    @Test
    void oneThatNeedsMuchIsNotPassedByForEver() throws Exception {
        Turns turns = new Turns(10);
        Optional<String> third = Optional.of("t third");
        assertTrue(turns.take(HOG, 5, 0));
        assertTrue(turns.take(OTHER, 4, 0));
        List<String> served = Collections.synchronizedList(new ArrayList<>());
        Thread big = waits(turns, third, 3, served);
        Waiting.whilst(() -> turns.waiting() < 1);
        assertFalse(turns.take(Optional.of("t fourth"), 1, 0), "what is free is for who came first");
        turns.giveBack(OTHER, 4);
        big.join();
        assertEquals(List.of("t third"), served);
        assertTrue(turns.take(Optional.of("t fourth"), 2, 0));
    }

    @Test
    void whoGivesUpMakesWayForThoseBehind() throws Exception {
        Turns turns = new Turns(4);
        assertTrue(turns.take(HOG, 3, 0));
        List<String> served = Collections.synchronizedList(new ArrayList<>());
        Thread big = waits(turns, OTHER, 4, served);
        Waiting.whilst(() -> turns.waiting() < 1);
        Thread small = waits(turns, Optional.of("t third"), 1, served);
        Waiting.whilst(() -> turns.waiting() < 2);
        big.interrupt();
        small.join();
        assertEquals(List.of("t third"), served);
    }

    /** What is larger than a half goes by itself, and what more the same one wants waits for all others. */
    @Test
    void oneAloneHasHalfOrOneThatIsLarger() throws Exception {
        Turns turns = new Turns(32);
        assertTrue(turns.take(HOG, 16, 0));
        assertFalse(turns.take(HOG, 1, 0));
        assertTrue(turns.take(OTHER, 16, 0));
        turns.giveBack(HOG, 16);
        turns.giveBack(OTHER, 16);
        assertTrue(turns.take(HOG, 32, 0));
        assertFalse(turns.take(OTHER, 1, 0));
        turns.giveBack(HOG, 32);
        assertTrue(turns.take(OTHER, 32, 0), "nothing is lost");
    }

    @Test
    void whatSomebodyHoldsIsWantedByItselfAndByWhoHasLess() throws Exception {
        Turns turns = new Turns(8);
        assertTrue(turns.take(HOG, 4, 0));
        assertTrue(turns.take(OTHER, 1, 0));
        assertFalse(turns.isWantedOf(HOG));
        Thread more = waits(turns, HOG, 1, Collections.synchronizedList(new ArrayList<>()));
        Waiting.whilst(() -> turns.waiting() < 1);
        assertTrue(turns.isWantedOf(HOG));
        assertFalse(turns.isWantedOf(OTHER), "whoever has most waits for itself");
        Thread less = waits(turns, OTHER, 7, Collections.synchronizedList(new ArrayList<>()));
        Waiting.whilst(() -> turns.waiting() < 2);
        more.interrupt();
        more.join();
        assertTrue(turns.isWantedOf(HOG) && turns.isWantedOf(OTHER));
        less.interrupt();
        less.join();
        assertFalse(turns.isWantedOf(HOG));
    }

    private static Thread waits(Turns turns, Optional<String> party, List<String> served) {
        return waits(turns, party, 1, served);
    }

    private static Thread waits(Turns turns, Optional<String> party, int places, List<String> served) {
        return Thread.startVirtualThread(() -> {
            try {
                if (turns.take(party, places, TimeUnit.DAYS.toNanos(1))) {
                    served.add(party.orElseThrow());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
