package dev.reeve.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class AcceptLoopTest {
    private final Deque<AcceptLoop.Source> next = new ArrayDeque<>();
    private final List<SocketChannel> taken = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final AtomicInteger pauses = new AtomicInteger();

    private void run() {
        AcceptLoop.Source closed = () -> {
            throw new AsynchronousCloseException();
        };
        new AcceptLoop(
                        () -> (next.isEmpty() ? closed : next.poll()).accept(),
                        client -> {
                            taken.add(client);
                            if (taken.size() == 1) {
                                throw new OutOfMemoryError("as if");
                            }
                        },
                        told::add,
                        pauses::incrementAndGet)
                .run();
    }

    private static SocketChannel full() throws IOException {
        throw new IOException("Too many open files");
    }

    @Test
    void whatCannotBeAcceptedIsToldOnceAndTriedAgainAfterAPause() throws Exception {
        try (SocketChannel first = SocketChannel.open();
                SocketChannel second = SocketChannel.open()) {
            next.add(() -> first);
            next.add(() -> second);
            next.add(AcceptLoopTest::full);
            next.add(AcceptLoopTest::full);
            next.add(AcceptLoopTest::full);
            next.add(() -> second);
            next.add(AcceptLoopTest::full);
            run();
            assertEquals(List.of(first, second, second), taken);
            assertFalse(first.isOpen(), "what failed with it ends it");
            assertTrue(second.isOpen());
            assertEquals(5, pauses.get());
            assertEquals(
                    List.of(
                            "no connection can be accepted: OutOfMemoryError: as if",
                            "no connection can be accepted: IOException: Too many open files",
                            "no connection can be accepted: IOException: Too many open files"),
                    told);
        }
    }
}
