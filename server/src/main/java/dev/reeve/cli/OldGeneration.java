package dev.reeve.cli;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Has the old generation collected when much of it must be garbage. Of itself the serial collector makes it larger, little by little, until
 * all of the heap that it may have is full: a process that serves for days would keep hundreds of megabytes of which it needs twenty.
 */
final class OldGeneration {
    private static final String POOL = "Tenured Gen";
    /** So much may lie there without a look; collecting it then stops everything for some 50 ms. */
    private static final long SLACK = 8L << 20;

    private final LongSupplier used;
    private final LongSupplier kept;
    private final Runnable collect;

    /**
     * @param used bytes in the old generation
     * @param kept bytes that the last collection left in it; 0 if there was none
     * @param collect collects it
     */
    OldGeneration(LongSupplier used, LongSupplier kept, Runnable collect) {
        this.used = used;
        this.kept = kept;
        this.collect = collect;
    }

    /** This process's; nothing with collectors that look by themselves. */
    static Optional<OldGeneration> own() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals(POOL))
                .findFirst()
                .map(pool -> new OldGeneration(() -> bytes(pool.getUsage()), () -> left(pool), System::gc));
    }

    /** Asked for when it is first looked at, and not at the start: the JDK's beans are a hundred classes. */
    private static final class Own {
        static final Optional<OldGeneration> IT = own();
    }

    /** This process's: called every few seconds, as many calls at once put a megabyte a second there; a look is nothing. */
    static void lookAtOwn() {
        Own.IT.ifPresent(OldGeneration::look);
    }

    /** Called now and then. */
    void look() {
        long left = kept.getAsLong();
        if (used.getAsLong() > left + left / 2 + SLACK) {
            collect.run();
        }
    }

    private static long left(MemoryPoolMXBean pool) {
        return bytes(pool.getCollectionUsage());
    }

    private static long bytes(MemoryUsage usage) {
        return usage == null ? 0 : usage.getUsed();
    }
}
