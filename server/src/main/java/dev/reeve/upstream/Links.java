package dev.reeve.upstream;

import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The links to one server, one for each principal instance (R13), opened when they are needed and bounded in number. The longest unused gives way;
 * one in use never does.
 */
final class Links {
    /**
     * Whose link it is. All principals of a tenant share one where the operator declared the server stateless.
     *
     * @param offered what was offered to a server that is told so once, at its start
     */
    record Key(String tenant, String instance, Offered offered) {
        private static final String SHARED = " shared";

        Key(String tenant, String instance) {
            this(tenant, instance, Offered.NOTHING);
        }

        Key with(Offered offers) {
            return new Key(tenant, instance, offers);
        }

        boolean isOf(Key other) {
            return tenant.equals(other.tenant) && instance.equals(other.instance);
        }

        /** Reeve's own, for reading what is offered. No principal has this instance: theirs are ids of keys, never empty. */
        static Key own(String tenant) {
            return new Key(tenant, "");
        }

        boolean isOwn() {
            return instance.isEmpty();
        }

        static Key shared(String tenant) {
            return new Key(tenant, SHARED);
        }

        /** How many there may be that differ in nothing but what is offered. */
        int most() {
            return instance.equals(SHARED) ? MOST_SHARED : MOST_EACH;
        }
    }

    /** Makes a link. */
    interface Opening {
        Link open(Key key) throws CallFailedException;
    }

    /** Guarded by {@link Links}; who opens a link holds {@code opening} besides. */
    private static final class Slot {
        private final ReentrantLock opening = new ReentrantLock();
        private volatile @Nullable Link link;
        private int users;
        private long lastUsed;

        /** Nobody finds it any more: its last user closes what it holds. */
        private boolean gone;

        /** It was ended from outside: what is opened in it now is closed at once, or nobody ever would. */
        private boolean ended;
    }

    /** A link in use. */
    final class Lease implements AutoCloseable {
        private final Key key;
        private final Slot slot;
        private final Link link;
        private boolean over;

        private Lease(Key key, Slot slot, Link link) {
            this.key = key;
            this.slot = slot;
            this.link = link;
        }

        Link link() {
            return link;
        }

        /** The server does not know it any more: the next lease opens another. */
        @SuppressWarnings("ReferenceEquality") // by now another may have opened its own in the same slot
        void drop() {
            synchronized (Links.this) {
                slots.remove(key, slot);
                slot.gone = true;
                if (slot.link != link) {
                    return;
                }
                slot.link = null;
            }
            Thread.startVirtualThread(link::close);
        }

        @Override
        public void close() {
            synchronized (Links.this) {
                if (over) {
                    return;
                }
                over = true;
            }
            release(slot);
        }
    }

    /** Links that one instance has because it offers different things: each may be a process. Several agents share those of a server without sessions. */
    private static final int MOST_EACH = 6;

    private static final int MOST_SHARED = 16;

    private final Map<Key, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);
    private final Opening opening;
    private final Failures failures;
    private final int most;
    private boolean closed;

    Links(Opening opening, Failures failures, int most) {
        this.opening = opening;
        this.failures = failures;
        this.most = most;
    }

    /** Two callers with one key share the link, and the second waits while the first opens it. */
    Lease lease(Key key) throws CallFailedException {
        Slot slot = enter(key);
        boolean leased = false;
        slot.opening.lock();
        try {
            Link link = slot.link;
            if (link == null || !link.isOpen()) {
                refuseIfEnded(slot);
                link = opening.open(key);
                keep(slot, link);
            }
            Lease lease = new Lease(key, slot, link);
            leased = true;
            return lease;
        } finally {
            slot.opening.unlock();
            if (!leased) {
                release(slot);
            }
        }
    }

    /** Opening takes its time, and a revocation or another file does not wait for it (R14). */
    private void keep(Slot slot, Link opened) throws CallFailedException {
        boolean kept = false;
        try {
            synchronized (this) {
                refuseIfEnded(slot);
                slot.link = opened;
                kept = true;
            }
        } finally {
            if (!kept) {
                Thread.startVirtualThread(opened::close);
            }
        }
    }

    private synchronized void refuseIfEnded(Slot slot) throws CallFailedException {
        if (slot.ended) {
            throw over();
        }
    }

    private CallFailedException over() {
        return failures.notSent(Denial.of(
                "cancelled",
                ReasonClass.UNAVAILABLE,
                "its session was ended before anything was sent, by a revocation or another file"));
    }

    private synchronized Slot enter(Key key) throws CallFailedException {
        if (closed) {
            throw over();
        }
        Slot slot = slots.get(key);
        if (slot == null) {
            long mine = slots.keySet().stream().filter(key::isOf).count();
            if (mine >= key.most() && !evictOne(key::isOf)) {
                throw failures.crowded(
                        "all " + key.most() + " sessions of one agent with different capabilities are in use");
            }
            if (slots.size() >= most && !evictOne(any -> true)) {
                throw failures.crowded("all " + most + " sessions are in use");
            }
            slot = new Slot();
            slots.put(key, slot);
        }
        slot.users++;
        return slot;
    }

    private void release(Slot slot) {
        boolean last;
        synchronized (this) {
            slot.users--;
            slot.lastUsed = System.nanoTime();
            last = slot.gone && slot.users == 0;
        }
        if (last) {
            closeLater(slot);
        }
    }

    private boolean evictOne(Predicate<Key> which) {
        Iterator<Map.Entry<Key, Slot>> eldestFirst = slots.entrySet().iterator();
        while (eldestFirst.hasNext()) {
            Map.Entry<Key, Slot> next = eldestFirst.next();
            Slot slot = next.getValue();
            if (slot.users == 0 && which.test(next.getKey())) {
                eldestFirst.remove();
                slot.ended = true;
                closeLater(slot);
                return true;
            }
        }
        return false;
    }

    /** Ends what nobody has used since then. */
    void expire(long before) {
        end(slot -> slot.users == 0 && slot.lastUsed - before < 0).forEach(Links::closeLater);
    }

    /** Ends the longest unused link that nobody uses now. */
    synchronized boolean yieldOne() {
        return evictOne(any -> true);
    }

    /** Cuts what this instance has running (R14). */
    void cut(Key key) {
        List<Slot> ended = new ArrayList<>();
        synchronized (this) {
            slots.entrySet().removeIf(entry -> entry.getKey().isOf(key) && ended.add(entry.getValue()));
            ended.forEach(slot -> slot.ended = true);
        }
        ended.forEach(Links::closeLater);
    }

    /** Forgets all links without a word: the server that knew them is gone. */
    synchronized void forget() {
        slots.values().forEach(slot -> {
            slot.link = null;
            slot.gone = true;
        });
        slots.clear();
    }

    /** Ends all of them, and waits for the goodbyes. */
    void close() throws InterruptedException {
        List<Thread> goodbyes = new ArrayList<>();
        synchronized (this) {
            closed = true;
        }
        for (Slot slot : end(slot -> true)) {
            goodbyes.add(closeLater(slot));
        }
        for (Thread goodbye : goodbyes) {
            goodbye.join();
        }
    }

    private synchronized List<Slot> end(Predicate<Slot> which) {
        List<Slot> ended = new ArrayList<>();
        slots.values().removeIf(slot -> which.test(slot) && ended.add(slot));
        ended.forEach(slot -> slot.ended = true);
        return ended;
    }

    private static Thread closeLater(Slot slot) {
        return Thread.startVirtualThread(() -> {
            Link link = slot.link;
            if (link != null) {
                link.close();
            }
        });
    }

    synchronized int size() {
        return slots.size();
    }
}
