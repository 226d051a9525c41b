package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ChoresTest {
    @Test
    void whatFailsComesAgain() throws InterruptedException {
        CountDownLatch twice = new CountDownLatch(2);
        CountDownLatch other = new CountDownLatch(2);
        try (Chores chores = new Chores("chores of a test")) {
            chores.every(0, 1, () -> {
                twice.countDown();
                throw new OutOfMemoryError("as if");
            });
            chores.every(0, 1, other::countDown);
            assertTrue(twice.await(30, TimeUnit.SECONDS));
            assertTrue(other.await(30, TimeUnit.SECONDS));
        }
    }
}
