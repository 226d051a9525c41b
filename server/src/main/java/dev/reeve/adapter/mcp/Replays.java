package dev.reeve.adapter.mcp;

import dev.reeve.http.EventStream;
import dev.reeve.turns.Turns;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The streams of one session that can be taken up again where they broke (2025-11-25, "Resumability and Redelivery"). A stream whose client is gone goes
 * on into memory. Bounded by number, and by bytes of all sessions together, which agents share as {@link Turns} say; what does not fit cannot be taken up again.
 */
final class Replays {
    /** Of one session; the oldest that has ended gives way, or the oldest. */
    private static final int MOST_STREAMS = 16;

    private static final byte[] NOTHING = new byte[0];

    private final Supplier<String> ids;
    private final Turns room;
    private final Optional<String> agent;
    private final Map<String, Resumable> streams = new LinkedHashMap<>();
    private boolean closed;

    /**
     * @param room bytes that all sessions may keep together
     * @param agent whose session it is
     */
    Replays(Supplier<String> ids, Turns room, String agent) {
        this.ids = ids;
        this.room = room;
        this.agent = Optional.of(agent);
    }

    /** With what an event takes beside its bytes. */
    private static int takes(byte[] event) {
        return event.length + 64;
    }

    /** Begins a stream with an event that says how to come back to it. */
    Resumable open(EventStream to) {
        Resumable stream = new Resumable(ids.get(), to);
        List<Resumable> over = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                // Nobody can come back to it, and nobody would give back what it takes.
                over.add(stream);
            } else if (streams.size() >= MOST_STREAMS) {
                over.add(streams.remove(leastNeeded()));
            }
            if (!closed) {
                streams.put(stream.key, stream);
            }
        }
        over.forEach(Resumable::forget);
        stream.send(NOTHING);
        return stream;
    }

    /** The oldest that has ended, else the oldest. */
    private String leastNeeded() {
        return streams.entrySet().stream()
                .filter(entry -> entry.getValue().isEnded())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> streams.keySet().iterator().next());
    }

    /**
     * Takes a stream up again behind the event with this id.
     *
     * @param begin opens the way to the client
     * @return false if there is no such stream of this session, or it is no longer whole
     */
    boolean resume(String lastId, Supplier<EventStream> begin) {
        int dash = lastId.lastIndexOf('-');
        Optional<Resumable> found;
        synchronized (this) {
            found = dash < 0 ? Optional.empty() : Optional.ofNullable(streams.get(lastId.substring(0, dash)));
        }
        return found.isPresent() && found.get().resume(lastId.substring(dash + 1), begin);
    }

    void close() {
        List<Resumable> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(streams.values());
            streams.clear();
        }
        all.forEach(Resumable::forget);
    }

    /**
     * One stream. Events have the numbers from 0. They are kept first and go out from there, in order and by one thread at a time, which holds nothing
     * meanwhile that others need: whoever ends a session does not wait for a client that does not read.
     */
    final class Resumable {
        private final String key;
        private final List<byte[]> events = new ArrayList<>();
        private final ReentrantLock delivering = new ReentrantLock();
        private EventStream to;
        /** The event that goes out next. */
        private int next;

        private boolean whole = true;
        private boolean ended;

        private Resumable(String key, EventStream to) {
            this.key = key;
            this.to = to;
        }

        /** False only if nobody can ever read it. Waits for a slow reader. */
        boolean send(byte[] data) {
            keep(data);
            return deliver() || isWhole();
        }

        /** What does not fit is still sent, and dropped as soon as it is. */
        private synchronized void keep(byte[] data) {
            if (whole && !room.tryTake(agent, takes(data))) {
                forget();
            }
            events.add(data);
        }

        /** False if the client is gone. */
        private boolean deliver() {
            delivering.lock();
            try {
                while (true) {
                    Optional<Part> part = take();
                    if (part.isEmpty()) {
                        endIfOver();
                        return true;
                    }
                    if (!part.get().send() && !isReplaced(part.get())) {
                        return false;
                    }
                }
            } finally {
                delivering.unlock();
            }
        }

        private synchronized Optional<Part> take() {
            if (next == events.size()) {
                return Optional.empty();
            }
            int number = next++;
            Part part = new Part(to, whole ? Optional.of(key + "-" + number) : Optional.empty(), events.get(number));
            if (!whole) {
                events.set(number, NOTHING);
            }
            return Optional.of(part);
        }

        /** The client came back another way while it was sent to: it goes on there. */
        @SuppressWarnings("ReferenceEquality") // this very stream, not one like it
        private synchronized boolean isReplaced(Part part) {
            return to != part.to();
        }

        private synchronized void endIfOver() {
            if (ended && next == events.size()) {
                to.end();
            }
        }

        void end() {
            synchronized (this) {
                ended = true;
            }
            boolean ignored = deliver();
        }

        /** Lets the client go until later; not if it could not come back then. */
        synchronized void pause(int retryMillis) {
            if (whole && !ended) {
                to.pause(retryMillis);
            }
        }

        private synchronized boolean isEnded() {
            return ended;
        }

        /** Whether a client that is gone may come back to it. */
        synchronized boolean isWhole() {
            return whole;
        }

        /** A client that has not got all of it by now never will: it must not take what comes for the rest. */
        private synchronized void forget() {
            if (whole) {
                whole = false;
                room.giveBack(agent, events.stream().mapToInt(Replays::takes).sum());
                events.replaceAll(it -> NOTHING);
                if (next < events.size()) {
                    next = events.size();
                    to.abort();
                }
            }
        }

        private boolean resume(String last, Supplier<EventStream> begin) {
            EventStream left;
            synchronized (this) {
                if (!whole
                        || last.isEmpty()
                        || last.length() > 9
                        || !last.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    return false;
                }
                int from = Integer.parseInt(last) + 1;
                if (from > events.size()) {
                    return false;
                }
                left = to;
                to = begin.get();
                next = from;
            }
            // Who comes back often and reads nothing has one connection full, not many.
            left.abort();
            boolean ignored = deliver();
            return true;
        }
    }

    /** An event on its way to a client. */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Part(EventStream to, Optional<String> id, byte[] data) {
        boolean send() {
            return id.isPresent() ? to.send(id.get(), data) : to.send(data);
        }
    }
}
