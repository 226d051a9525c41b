package dev.reeve.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.approval.Approval;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits is told, whatever else the receiver, or another one, hangs on. */
final class NoticesTest {
    private final List<Approval> waiting = new CopyOnWriteArrayList<>();
    private final AtomicLong now = new AtomicLong();
    private final BlockingQueue<String> incidents = new LinkedBlockingQueue<>();
    private final List<Notices> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(Notices::close);
    }

    /** Hears what it is told of; hangs on some until they are let go, and then fails on those that it is told to. */
    private final class Receiver implements Post {
        final BlockingQueue<String> tried = new LinkedBlockingQueue<>();
        final BlockingQueue<String> has = new LinkedBlockingQueue<>();
        final Set<String> hanging = ConcurrentHashMap.newKeySet();
        final Set<String> failing = ConcurrentHashMap.newKeySet();
        final CountDownLatch letGo = new CountDownLatch(1);
        final Notices notices;

        Receiver(String... hanging) {
            this.hanging.addAll(List.of(hanging));
            this.notices = new Notices(
                    () -> waiting, this, ticket -> Optional.empty(), Duration.ofHours(1), now::get, incidents::add);
            open.add(notices);
        }

        @Override
        public void deliver(String id, Approval approval, Optional<String> page) throws IOException {
            tried.add(id);
            if (hanging.contains(id)) {
                try {
                    letGo.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            if (failing.contains(id)) {
                throw new IOException("nobody there");
            }
            has.add(id);
        }
    }

    private void ask(String... tickets) {
        for (String ticket : tickets) {
            waiting.add(MessageTest.approval(ticket));
        }
        open.forEach(Notices::wake);
    }

    private static String next(BlockingQueue<String> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(60, TimeUnit.SECONDS));
    }

    private static Set<String> two(BlockingQueue<String> queue) throws InterruptedException {
        String first = next(queue);
        return Set.of(first, next(queue));
    }

    @Test
    void aQuestionOnWhichTheReceiverHangsDelaysNoOther() throws Exception {
        Receiver chat = new Receiver("rv_1", "rv_2");
        ask("rv_1", "rv_2");
        assertEquals(Set.of("rv_1", "rv_2"), two(chat.tried));
        ask("rv_3", "rv_4", "rv_5", "rv_6");
        for (int i = 0; i < 4; i++) {
            next(chat.has);
        }
        chat.letGo.countDown();
        assertEquals(Set.of("rv_1", "rv_2"), two(chat.has), "none is lost, each once");
        assertTrue(chat.has.isEmpty());
    }

    @Test
    void aReceiverThatHangsOnEverythingDelaysNoOther() throws Exception {
        String[] tickets = {"rv_1", "rv_2", "rv_3", "rv_4", "rv_5", "rv_6", "rv_7"};
        Receiver chat = new Receiver(tickets);
        Receiver mail = new Receiver();
        ask(tickets);
        for (String ticket : tickets) {
            assertTrue(List.of(tickets).contains(next(mail.has)), ticket);
        }
        assertTrue(chat.has.isEmpty());
        chat.letGo.countDown();
        for (String ticket : tickets) {
            assertTrue(List.of(tickets).contains(next(chat.has)), ticket);
        }
    }

    @Test
    void onlySoManyAreToldAtOnce() throws Exception {
        Receiver chat = new Receiver("rv_1", "rv_2", "rv_3", "rv_4", "rv_5", "rv_6");
        ask("rv_1", "rv_2", "rv_3", "rv_4", "rv_5", "rv_6");
        for (int i = 0; i < Notices.MOST_AT_ONCE; i++) {
            next(chat.tried);
        }
        assertTrue(chat.tried.isEmpty());
        chat.letGo.countDown();
        for (int i = 0; i < 6; i++) {
            next(chat.has);
        }
    }

    @Test
    void whatFailsIsTriedAgainOnceItsPauseIsOver() throws Exception {
        Receiver chat = new Receiver();
        chat.failing.add("rv_1");
        ask("rv_1");
        assertEquals("people could not be told of what waits: nobody there", next(incidents));
        assertEquals("nobody there", chat.notices.trouble());
        assertEquals("rv_1", next(chat.tried));
        chat.failing.clear();
        now.addAndGet(Duration.ofHours(1).toNanos());
        chat.notices.wake();
        assertEquals("rv_1", next(chat.has));
    }

    @Test
    void whatGetsThroughEndsThePausesOfAllElse() throws Exception {
        Receiver chat = new Receiver();
        chat.failing.add("rv_1");
        ask("rv_1");
        next(incidents);
        chat.failing.clear();
        ask("rv_2");
        assertEquals("rv_2", next(chat.has));
        assertEquals("rv_1", next(chat.has));
        assertTrue(incidents.isEmpty(), "that it fails is said once");
    }

    @Test
    void aFaultInOneIsSaidAndStopsNoOther() throws Exception {
        BlockingQueue<String> has = new LinkedBlockingQueue<>();
        Notices notices = new Notices(
                () -> waiting,
                (id, approval, page) -> {
                    if (id.equals("rv_1")) {
                        throw new StackOverflowError();
                    }
                    has.add(id);
                },
                ticket -> Optional.empty(),
                Duration.ofHours(1),
                now::get,
                incidents::add);
        open.add(notices);
        ask("rv_1");
        assertTrue(next(incidents).endsWith("StackOverflowError"));
        ask("rv_2");
        assertEquals("rv_2", next(has));
    }
}
