package dev.reeve.upstream;

import dev.reeve.upstream.UpstreamChange.What;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Stays on a server's stream of changes and comes back when it breaks. What happened in between is not told, so all is said to have changed. */
final class Watch {
    private static final Map<String, What> KINDS =
            Map.of("tools", What.TOOLS, "resources", What.RESOURCES, "prompts", What.PROMPTS);
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);

    /** One stay; false if the server has no such stream. */
    interface Stay {
        boolean listen() throws CallFailedException;
    }

    private final Stay stay;
    private final Consumer<What> changed;
    private final AtomicBoolean running = new AtomicBoolean();
    private final CountDownLatch stopped = new CountDownLatch(1);

    Watch(Stay stay, Consumer<What> changed) {
        this.stay = stay;
        this.changed = changed;
    }

    /** Starts watching if the server says that it tells of changes, and nobody watches yet. */
    void start(Agreement agreement) {
        Set<What> kinds = EnumSet.noneOf(What.class);
        KINDS.forEach((capability, what) -> {
            if (agreement.tellsChangesOf(capability)) {
                kinds.add(what);
            }
        });
        if (!kinds.isEmpty() && running.compareAndSet(false, true)) {
            Thread.startVirtualThread(() -> watch(kinds));
        }
    }

    private void watch(Set<What> kinds) {
        try {
            long pause = SHORTEST;
            boolean streams = true;
            while (streams && stopped.getCount() > 0) {
                long start = System.nanoTime();
                try {
                    streams = stay.listen();
                } catch (CallFailedException e) {
                    // It broke; that is what the next stay is for.
                    streams = true;
                }
                boolean lasted = System.nanoTime() - start > LONGEST;
                pause = lasted ? SHORTEST : Math.min(LONGEST, pause * 2);
                long jittered = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2);
                if (streams && !stopped.await(jittered, TimeUnit.NANOSECONDS)) {
                    kinds.forEach(changed);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.set(false);
        }
    }

    void stop() {
        stopped.countDown();
    }
}
