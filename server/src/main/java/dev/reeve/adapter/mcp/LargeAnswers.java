package dev.reeve.adapter.mcp;

import dev.reeve.turns.Turns;
import java.util.Optional;

/**
 * What large answers of servers may take of our memory at a time; beyond that each waits for its turn, and its server with it. Without this a few dozen
 * calls of one agent would fill the heap, and what fails then is not theirs alone. Nobody keeps the others from theirs: they share it by agent, as
 * {@link Turns} say. Safe for use by many threads.
 */
final class LargeAnswers {
    private static final int UNIT = 1024;

    private final int most;
    private final Turns turns;

    /** @param bytes of all together; one that is larger than that has them all */
    LargeAnswers(long bytes) {
        this.most = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
        this.turns = new Turns(most);
    }

    /** What one request of an agent takes. */
    Part of(String agent) {
        return new Part(Optional.of(agent));
    }

    /** Once for a request: the answers to its rounds come one after another. Only its own thread uses it. */
    final class Part {
        private final Optional<String> agent;
        private int taken;

        private Part(Optional<String> agent) {
            this.agent = agent;
        }

        /** False if there was no room in time. */
        boolean take(long bytes, long deadline) {
            if (taken > 0) {
                return true;
            }
            int units = Math.clamp((bytes + UNIT - 1) / UNIT, 1, most);
            try {
                taken = turns.take(agent, units, deadline - System.nanoTime()) ? units : 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return taken > 0;
        }

        /** Its response was passed on. */
        void giveBack() {
            if (taken > 0) {
                turns.giveBack(agent, taken);
                taken = 0;
            }
        }
    }
}
