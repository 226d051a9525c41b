package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.child.Slots;
import dev.reeve.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is remembered about servers and children that failed, and about sessions. */
@Timeout(120)
final class RecoveryTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Failures FAILURES = new Failures("up", "it");

    /** A link that does nothing and counts its closings. */
    private static final class Quiet implements Link {
        final CountDownLatch closed = new CountDownLatch(1);
        volatile boolean open = true;

        @Override
        public Agreement agreement() {
            return new Agreement(true, Agreement.MODERN, Json.Obj.EMPTY, Json.Obj.EMPTY, Optional.empty());
        }

        @Override
        public Step call(Ask ask, Call call) {
            return new Step.Done(new Answer.Result(Json.Obj.EMPTY));
        }

        @Override
        public Followed follow(String uri, Call call) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean listen() {
            return false;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
            closed.countDown();
        }
    }

    @Test
    void aDownServerIsTriedAgainAtGrowingTimesAndByOneAtATime() {
        Circuit circuit = new Circuit(() -> 1);
        assertEquals(Optional.empty(), circuit.refusal(0));
        assertEquals(200 * MS, circuit.failed("refused", 0));
        assertEquals(Optional.of("refused"), circuit.refusal(199 * MS));
        assertEquals(Optional.empty(), circuit.refusal(200 * MS));
        assertEquals(Optional.of("refused"), circuit.refusal(201 * MS), "another one is trying already");
        assertEquals(400 * MS, circuit.failed("refused", 0));
        for (int i = 0; i < 10; i++) {
            assertTrue(circuit.failed("refused", 0) <= 10_000 * MS);
        }
        assertTrue(circuit.succeeded());
        assertFalse(circuit.succeeded(), "it comes back once");
        assertEquals(Optional.empty(), circuit.refusal(0));
        assertEquals(200 * MS, circuit.failed("refused", 0), "and starts anew");
    }

    @Test
    void theFirstCrashOfAChildIsForgivenAndTheOthersRest() {
        Restarts restarts = new Restarts(() -> 0.5);
        Links.Key key = new Links.Key("t", "k1");
        restarts.ended(key, Duration.ofSeconds(1), false, 0);
        assertEquals(Optional.empty(), restarts.refusal(key, 0));
        restarts.ended(key, Duration.ofSeconds(1), false, 0);
        assertTrue(restarts.refusal(key, 0).isPresent());
        assertEquals(Optional.empty(), restarts.refusal(new Links.Key("t", "k2"), 0));
        assertEquals(Optional.empty(), restarts.refusal(key, TimeUnit.MINUTES.toNanos(1)));
        restarts.ended(key, Duration.ofMinutes(1), false, 0);
        assertEquals(Optional.empty(), restarts.refusal(key, 0), "one that lived is no crash loop");
    }

    @Test
    void aLinkIsSharedByItsKeyOnly() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        Links links = new Links(
                key -> {
                    opened.incrementAndGet();
                    return new Quiet();
                },
                FAILURES,
                10);
        try (Links.Lease one = links.lease(new Links.Key("t", "k1"));
                Links.Lease two = links.lease(new Links.Key("t", "k1"));
                Links.Lease other = links.lease(new Links.Key("u", "k1"))) {
            assertSame(one.link(), two.link());
            assertNotSame(one.link(), other.link());
        }
        assertEquals(2, opened.get());
    }

    /** Whatever goes wrong while it is opened. */
    @Test
    void whatCouldNotBeOpenedTakesNoPlace() throws Exception {
        Links links = new Links(
                key -> {
                    if (key.equals(new Links.Key("t", "k1"))) {
                        throw new OutOfMemoryError("for the test");
                    }
                    return new Quiet();
                },
                FAILURES,
                1);
        assertThrows(OutOfMemoryError.class, () -> links.lease(new Links.Key("t", "k1")));
        try (Links.Lease other = links.lease(new Links.Key("t", "k2"))) {
            assertTrue(other.link().isOpen());
        }
    }

    @Test
    void aLinkInUseIsNeverTakenAway() throws Exception {
        List<Quiet> made = new ArrayList<>();
        Links links = new Links(
                key -> {
                    made.add(new Quiet());
                    return made.getLast();
                },
                FAILURES,
                2);
        Links.Lease first = links.lease(new Links.Key("t", "k1"));
        Links.Lease second = links.lease(new Links.Key("t", "k2"));
        CallFailedException full = assertThrows(CallFailedException.class, () -> links.lease(new Links.Key("t", "k3")));
        assertEquals("upstream_busy", full.why().code());
        links.expire(System.nanoTime());
        assertEquals(2, links.size());
        second.close();
        links.lease(new Links.Key("t", "k3")).close();
        made.get(1).closed.await();
        assertTrue(made.get(0).open);
        first.close();
        links.expire(System.nanoTime());
        made.get(0).closed.await();
        assertEquals(0, links.size());
    }

    /** Ends links while one is being opened. */
    private interface Ending {
        void end(Links links) throws Exception;
    }

    @Test
    void aLinkThatIsOpenedWhileItsSessionIsEndedIsClosedAndNotUsed() throws Exception {
        Links.Key key = new Links.Key("t", "k1");
        List<Ending> endings = List.of(links -> links.cut(key), Links::close);
        for (Ending ending : endings) {
            CountDownLatch opening = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            Quiet late = new Quiet();
            Links links = new Links(
                    it -> {
                        opening.countDown();
                        await(goOn);
                        return late;
                    },
                    FAILURES,
                    2);
            CompletableFuture<String> outcome = new CompletableFuture<>();
            Thread.startVirtualThread(() -> outcome.complete(code(links, key)));
            await(opening);
            ending.end(links);
            goOn.countDown();
            assertEquals("cancelled", outcome.get());
            await(late.closed);
            assertEquals(0, links.size());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String code(Links links, Links.Key key) {
        try (Links.Lease lease = links.lease(key)) {
            return "opened " + lease.link();
        } catch (CallFailedException e) {
            return e.why().code();
        }
    }

    @Test
    void nothingIsOpenedBehindTheEnd() throws Exception {
        Links links = new Links(key -> new Quiet(), FAILURES, 2);
        links.close();
        assertEquals("cancelled", code(links, new Links.Key("t", "k1")));
    }

    @Test
    void aLinkThatIsOpenedWhileItsServerIsForgottenIsClosedByItsLastUser() throws Exception {
        List<Quiet> made = new ArrayList<>();
        Links[] self = new Links[1];
        Links links = new Links(
                key -> {
                    made.add(new Quiet());
                    self[0].forget();
                    return made.getLast();
                },
                FAILURES,
                2);
        self[0] = links;
        Links.Lease lease = links.lease(new Links.Key("t", "k1"));
        assertTrue(lease.link().isOpen(), "the server is there again");
        lease.close();
        await(made.getFirst().closed);
    }

    @Test
    void oneInstanceHasSoManyLinksForWhatItOffersAndTakesNobodyElses() throws Exception {
        List<Quiet> made = new ArrayList<>();
        Links links = new Links(
                key -> {
                    made.add(new Quiet());
                    return made.getLast();
                },
                FAILURES,
                100);
        links.lease(new Links.Key("t", "k2")).close();
        List<Links.Lease> leases = new ArrayList<>();
        Links.Key key = new Links.Key("t", "k1");
        List<Offered> offers = List.of(
                Offered.NOTHING,
                new Offered(Set.of(), true, false, false),
                new Offered(Set.of(), false, true, false),
                new Offered(Set.of(), false, false, true),
                new Offered(Set.of(), true, true, false),
                new Offered(Set.of(), true, false, true));
        for (Offered offered : offers) {
            leases.add(links.lease(key.with(offered)));
        }
        Links.Key seventh = key.with(new Offered(Set.of(), true, true, true));
        assertEquals("upstream_busy", code(links, seventh));
        leases.get(3).close();
        links.lease(seventh).close();
        await(made.get(4).closed);
        assertEquals(7, links.size());
        assertTrue(made.getFirst().open, "another agent's stays, though it was used before all of them");
    }

    @Test
    void aDroppedLinkAndAClosedOneAreOpenedAnew() throws Exception {
        Links links = new Links(key -> new Quiet(), FAILURES, 2);
        Links.Key key = new Links.Key("t", "k1");
        Link first;
        try (Links.Lease lease = links.lease(key)) {
            first = lease.link();
            lease.drop();
        }
        try (Links.Lease lease = links.lease(key)) {
            assertNotSame(first, lease.link());
            ((Quiet) lease.link()).open = false;
            first = lease.link();
        }
        try (Links.Lease lease = links.lease(key)) {
            assertNotSame(first, lease.link());
        }
    }

    @Test
    void anOpeningThatFailsLeavesNothingBehindThatIsInUse() {
        Links links = new Links(
                key -> {
                    throw FAILURES.down("no");
                },
                FAILURES,
                1);
        for (int i = 0; i < 3; i++) {
            Links.Key key = new Links.Key("t", "k" + i);
            CallFailedException down = assertThrows(CallFailedException.class, () -> links.lease(key));
            assertEquals("upstream_down", down.why().code());
        }
    }

    @Test
    void noMoreChildrenAreStartedThanThereArePlaces() throws Exception {
        Slots slots = new Slots(Slots.USUAL);
        int taken = 0;
        for (int i = 0; i < 600; i++) {
            taken += slots.take() ? 1 : 0;
        }
        assertEquals(512, taken);
        assertEquals(512, slots.taken());
        slots.giveBack();
        assertTrue(slots.take());
        slots.whenFull(() -> {
            slots.giveBack();
            return true;
        });
        assertTrue(slots.take(), "an unused one gives way");
    }
}
