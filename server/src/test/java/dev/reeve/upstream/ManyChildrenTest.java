package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.child.Child;
import dev.reeve.child.ChildLimits;
import dev.reeve.child.Command;
import dev.reeve.child.Confinement;
import dev.reeve.child.LastWords;
import dev.reeve.child.Machine;
import dev.reeve.child.Slots;
import dev.reeve.gate.Effect;
import dev.reeve.outbound.Departure;
import dev.reeve.secrets.KnownSecrets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More children than virtual threads could read without stopping all others (design: 256 were enough for that). */
@Timeout(300)
final class ManyChildrenTest {
    private static final int MANY = 300;

    /** Says what it was told. */
    private static final class Echo implements Child.Listener {
        private final CompletableFuture<String> said = new CompletableFuture<>();

        @Override
        public void started(Child child) {
            // `cat` says nothing before it is spoken to.
        }

        @Override
        public void line(byte[] line, boolean whole) {
            said.complete(new String(line, StandardCharsets.UTF_8));
        }

        @Override
        public void ended() {
            said.completeExceptionally(new IllegalStateException("it ended"));
        }
    }

    @Test
    void threeHundredConfinedChildrenLeaveEveryOtherRequestServed() throws Exception {
        Machine.confinesOrSkips();
        Command cat = new Command(
                List.of("cat"),
                Path.of("/"),
                Map.of(),
                Optional.of(new Confinement(List.of(), List.of(), ChildLimits.USUAL)));
        List<Child> children = new ArrayList<>();
        List<Echo> echoes = new ArrayList<>();
        try (ScriptedMcp upstream = new ScriptedMcp(ScriptedMcp.Era.MODERN);
                House house = new House(House.http(upstream.url()))) {
            for (int i = 0; i < MANY; i++) {
                Echo echo = new Echo();
                LastWords words = new LastWords(KnownSecrets.of(List.of()));
                children.add(Child.start(cat, System.getenv(), 1_000, new Slots(1).longLines(), words, echo));
                echoes.add(echo);
            }
            for (int i = 0; i < MANY; i++) {
                byte[] line = ("child " + i).getBytes(StandardCharsets.UTF_8);
                assertTrue(children.get(i).send(line, Departure.FREE, () -> {}));
                assertEquals("child " + i, echoes.get(i).said.get(120, TimeUnit.SECONDS));
            }
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Effect> beside = house.inBackground(house.permit(), Exchange.silent());
                assertEquals("done", House.text(beside.get(30, TimeUnit.SECONDS)));
            }
            assertEquals(MANY, children.stream().filter(Child::isAlive).count());
        } finally {
            children.forEach(Child::kill);
        }
    }
}
