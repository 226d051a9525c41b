package dev.reeve.gate;

import java.time.Instant;
import java.time.InstantSource;

/** Time that never goes back (R7): max(wall clock, persisted high-water mark). */
public interface GateClock {
    Reading read();

    /**
     * By which keys, permits and other grants end. Never before {@code read().now()}: while the wall clock is behind, it goes on as time does,
     * so that nothing lives longer because a clock was set back.
     */
    default Instant latest() {
        return read().now();
    }

    /** The same time, for those who only need an instant. */
    default InstantSource source() {
        return () -> read().now();
    }

    /** @param doubtful the wall clock is behind what was already seen: rules about time must deny */
    record Reading(Instant now, boolean doubtful) {}
}
