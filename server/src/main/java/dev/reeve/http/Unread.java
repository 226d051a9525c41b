package dev.reeve.http;

import dev.reeve.turns.Turns;
import java.time.Duration;
import java.util.Optional;

/**
 * What clients have not read yet, of large answers, and of event streams all that waits behind something else or is not small: together it has so many
 * bytes, and who writes more waits. They are shared by who is written to, as {@link Turns} say. Never used on an event loop to wait.
 */
final class Unread {
    static final int LARGE = 1 << 20;
    /** An event below this, on a stream whose client has read all before it, is not counted. */
    static final int SMALL = 16 << 10;

    private static final int UNIT = 1024;

    private final int most;
    private final Turns turns;

    Unread(long bytes) {
        this.most = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
        this.turns = new Turns(most);
    }

    /** Room that was taken, to be given back once. */
    record Part(Optional<String> whose, int units) {
        static final Part NONE = new Part(Optional.empty(), 0);

        boolean isNone() {
            return units == 0;
        }
    }

    static boolean isLarge(int bytes) {
        return bytes >= LARGE;
    }

    /** Waits for room. Of a whole answer none is no reason not to go on: slow readers have been cut off by then. A part of a stream must not be written. */
    Part take(Sender to, int bytes, Duration patience) {
        Optional<String> whose = to.party();
        int units = Math.clamp(bytes / UNIT, 1, most);
        try {
            return turns.take(whose, units, patience.toNanos()) ? new Part(whose, units) : Part.NONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Part.NONE;
        }
    }

    void giveBack(Part part) {
        if (!part.isNone()) {
            turns.giveBack(part.whose(), part.units());
        }
    }

    /** Whether somebody waits for what a slow reader holds, who has less or is the same. */
    boolean isWantedOf(Sender reader) {
        return turns.isWantedOf(reader.party());
    }
}
