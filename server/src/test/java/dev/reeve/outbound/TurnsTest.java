package dev.reeve.outbound;

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

    private static Thread waits(Turns turns, Optional<String> party, List<String> served) {
        return Thread.startVirtualThread(() -> {
            try {
                if (turns.take(party, TimeUnit.DAYS.toNanos(1))) {
                    served.add(party.orElseThrow());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
