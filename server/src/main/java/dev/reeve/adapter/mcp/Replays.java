package dev.reeve.adapter.mcp;

import dev.reeve.http.EventStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The streams of one session that can be taken up again where they broke (2025-11-25, "Resumability and Redelivery"). A stream whose client is gone goes
 * on into memory. Bounded by number and by bytes of all sessions together; what does not fit cannot be taken up again.
 */
final class Replays {
    /** Of one session; the oldest that has ended gives way, or the oldest. */
    private static final int MOST_STREAMS = 16;

    private static final byte[] NOTHING = new byte[0];

    private final Supplier<String> ids;
    private final Budget budget;
    private final Map<String, Resumable> streams = new LinkedHashMap<>();

    /** Bytes that all sessions may keep together. */
    static final class Budget {
        private final long most;
        private final AtomicLong used = new AtomicLong();

        Budget(long most) {
            this.most = most;
        }

        boolean take(long bytes) {
            if (used.addAndGet(bytes) <= most) {
                return true;
            }
            used.addAndGet(-bytes);
            return false;
        }

        void giveBack(long bytes) {
            used.addAndGet(-bytes);
        }
    }

    Replays(Supplier<String> ids, Budget budget) {
        this.ids = ids;
        this.budget = budget;
    }

    /** Begins a stream with an event that says how to come back to it. */
    Resumable open(EventStream to) {
        Resumable stream = new Resumable(ids.get(), to);
        List<Resumable> over = new ArrayList<>();
        synchronized (this) {
            if (streams.size() >= MOST_STREAMS) {
                over.add(streams.remove(leastNeeded()));
            }
            streams.put(stream.key, stream);
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
            all = List.copyOf(streams.values());
            streams.clear();
        }
        all.forEach(Resumable::forget);
    }

    /** One stream. Events have the numbers from 0. */
    final class Resumable {
        private final String key;
        private final List<byte[]> events = new ArrayList<>();
        private EventStream to;
        private boolean whole = true;
        private boolean ended;

        private Resumable(String key, EventStream to) {
            this.key = key;
            this.to = to;
        }

        /** False only if nobody can ever read it. Waits for a slow reader. */
        boolean send(byte[] data) {
            EventStream now;
            String id;
            synchronized (this) {
                keep(data);
                now = to;
                id = key + "-" + (events.size() - 1);
                if (!whole) {
                    return now.send(data);
                }
            }
            return now.send(id, data) || isWhole();
        }

        private void keep(byte[] data) {
            if (whole && !budget.take(data.length + 64L)) {
                forget();
            }
            events.add(whole ? data : NOTHING);
        }

        synchronized void end() {
            ended = true;
            to.end();
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

        private synchronized void forget() {
            if (whole) {
                whole = false;
                budget.giveBack(events.stream().mapToLong(it -> it.length + 64L).sum());
                events.replaceAll(it -> NOTHING);
            }
        }

        private boolean resume(String last, Supplier<EventStream> begin) {
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
                to.end();
                to = begin.get();
                for (int i = from; i < events.size(); i++) {
                    boolean ignored = to.send(key + "-" + i, events.get(i));
                }
                if (ended) {
                    to.end();
                }
                return true;
            }
        }
    }
}
