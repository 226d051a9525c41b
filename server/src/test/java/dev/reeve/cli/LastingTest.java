package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.cli.Lasting.Saying;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LastingTest {
    private static final Saying NOTHING = new Saying.Nothing();
    private static final Optional<String> FULL = Optional.of("no space left");

    private final Lasting lasting = new Lasting();

    @Test
    void whatNeverWasIsNotSaidToBeOver() {
        assertEquals(NOTHING, lasting.look(Optional.empty()));
        assertEquals(NOTHING, lasting.look(Optional.empty()));
    }

    @Test
    void aTroubleIsToldOnceThenNowAndThenAndThenThatItIsOver() {
        assertEquals(new Saying.Trouble("no space left"), lasting.look(FULL));
        for (int look = 1; look < Lasting.LOOKS; look++) {
            assertEquals(NOTHING, lasting.look(FULL), "look " + look);
        }
        assertEquals(new Saying.Trouble("no space left"), lasting.look(FULL));
        assertEquals(NOTHING, lasting.look(FULL));
        assertEquals(new Saying.Over(), lasting.look(Optional.empty()));
        assertEquals(NOTHING, lasting.look(Optional.empty()));
    }

    @Test
    void anotherTroubleIsToldAtOnce() {
        lasting.look(FULL);
        assertEquals(new Saying.Trouble("read-only"), lasting.look(Optional.of("read-only")));
    }
}
