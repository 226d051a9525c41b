package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PolicyFollowerTest {
    private static final Duration SOON = Duration.ofMillis(5);
    private static final Duration NEVER = Duration.ofHours(1);

    private final Semaphore reloaded = new Semaphore(0);
    private final Semaphore changed = new Semaphore(0);
    private final Semaphore reconsidered = new Semaphore(0);

    private static void await(Semaphore what) throws InterruptedException {
        assertTrue(what.tryAcquire(30, TimeUnit.SECONDS), "it did not happen within 30 s");
    }

    private List<String> reload() {
        reloaded.release();
        return List.of();
    }

    /** Somebody may have forbidden something; the watch tells each change once. */
    @Test
    void whatCouldNotBeTakenOverIsTriedAgainAndSaid() throws InterruptedException {
        AtomicInteger rounds = new AtomicInteger();
        CountDownLatch mended = new CountDownLatch(1);
        try (PolicyFollower follower = PolicyFollower.start(
                () -> {
                    if (rounds.incrementAndGet() == 1) {
                        throw new OutOfMemoryError("no more");
                    }
                    if (mended.getCount() > 0) {
                        reloaded.release();
                        throw new IllegalStateException("not yet");
                    }
                    return reload();
                },
                changed::release,
                reconsidered::release,
                SOON)) {
            follower.mayHaveChanged();
            await(reloaded);
            await(reloaded);
            assertTrue(follower.trouble().orElseThrow().startsWith("a changed policy is not in force yet"));
            mended.countDown();
            await(changed);
            await(reconsidered);
            assertEquals(Optional.empty(), follower.trouble());
        }
    }

    @Test
    void anErrorWhileDecidingAgainDoesNotEndIt() throws InterruptedException {
        AtomicInteger rounds = new AtomicInteger();
        try (PolicyFollower follower = PolicyFollower.start(
                this::reload,
                () -> {
                    changed.release();
                    if (rounds.incrementAndGet() < 3) {
                        throw new StackOverflowError();
                    }
                },
                reconsidered::release,
                SOON)) {
            follower.isChanged();
            await(changed);
            await(changed);
            await(changed);
            await(reconsidered);
            assertEquals(3, rounds.get());
            assertEquals(Optional.empty(), follower.trouble());
        }
    }

    /** A deny came in force only when everything that ran had been decided again: 13 s where statements were long. */
    @Test
    void aPolicyComesInForceWhileWhatRunsIsStillBeingDecided() throws InterruptedException {
        CountDownLatch deciding = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger told = new AtomicInteger();
        try (PolicyFollower follower = PolicyFollower.start(
                this::reload,
                () -> {
                    told.incrementAndGet();
                    deciding.countDown();
                    awaitUninterrupted(end);
                    changed.release();
                },
                reconsidered::release,
                NEVER)) {
            follower.isChanged();
            assertTrue(deciding.await(30, TimeUnit.SECONDS));
            for (int change = 0; change < 3; change++) {
                follower.mayHaveChanged();
                await(reloaded);
            }
            end.countDown();
            await(changed);
            await(changed);
            await(reconsidered);
            assertEquals(2, told.get(), "what came while one was at work is done at once");
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
