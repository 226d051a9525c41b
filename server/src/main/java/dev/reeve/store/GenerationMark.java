package dev.reeve.store;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The highest generation of a store, in the folder of keys: who puts an older {@code store.db} in its place, with everything in it
 * genuine, cannot put this one back (R29). Written when a second has passed since the last time, and at the end; so what was granted or read in
 * the last second before a crash is not covered.
 */
final class GenerationMark {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final KeyFolder keys;
    private final String name;
    private final Consumer<String> incidents;
    private long written;
    private long lastTime = System.nanoTime() - SECOND;
    private boolean failing;

    GenerationMark(KeyFolder keys, String store, Consumer<String> incidents) {
        this.keys = keys;
        this.name = "store-" + store + ".mark";
        this.incidents = incidents;
    }

    /** @throws StoreException if this is an older store than was seen */
    void check(long generation) throws StoreException {
        written = keys.mark(name);
        if (generation < written) {
            throw new StoreException("the store is older than what was seen of it (its generation is " + generation
                    + ", " + written
                    + " was seen). Put back the newest copy; if only this one is left, remove `"
                    + name
                    + "` from the folder of keys and start: what the ledger says was revoked since is revoked again");
        }
    }

    /** Called by the one writer only. */
    void seen(long generation) {
        if (generation > written && System.nanoTime() - lastTime >= SECOND) {
            write(generation);
        }
    }

    /** The last one. */
    void close(long generation) {
        if (generation > written) {
            write(generation);
        }
    }

    private void write(long generation) {
        lastTime = System.nanoTime();
        try {
            keys.mark(name, generation);
            written = generation;
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                incidents.accept(
                        "mark_unwritten: the generation of the store cannot be written down: " + e.getMessage());
            }
            failing = true;
        }
    }
}
