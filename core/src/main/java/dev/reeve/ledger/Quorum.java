package dev.reeve.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many of which witnesses must have cosigned a checkpoint before it is believed.
 *
 * @param needed from 1 to the number of witnesses
 */
public record Quorum(List<CosignerKey> witnesses, int needed) {
    /** A note with more signature lines is refused, so more could never be seen. */
    public static final int MOST_WITNESSES = 32;

    /** @throws IllegalArgumentException with a text for the user */
    public Quorum {
        witnesses = List.copyOf(witnesses);
        if (witnesses.isEmpty() || witnesses.size() > MOST_WITNESSES) {
            throw new IllegalArgumentException("a quorum is of 1 to " + MOST_WITNESSES + " witnesses");
        }
        if (needed < 1 || needed > witnesses.size()) {
            throw new IllegalArgumentException(
                    "a quorum of " + needed + " cannot be had of " + witnesses.size() + " witnesses");
        }
        for (int i = 0; i < witnesses.size(); i++) {
            for (CosignerKey other : witnesses.subList(0, i)) {
                if (other.isSameKey(witnesses.get(i))) {
                    throw new IllegalArgumentException("`" + other.name() + "` and `"
                            + witnesses.get(i).name() + "` have the same key: it counts once");
                }
            }
        }
    }

    /** Who of them has cosigned, and when, by name of the key. */
    public Map<CosignerKey, Instant> cosigners(Checkpoint checkpoint) {
        Map<CosignerKey, Instant> found = new LinkedHashMap<>();
        for (CosignerKey witness : witnesses) {
            cosignature(checkpoint, witness).ifPresent(when -> found.put(witness, when));
        }
        return found;
    }

    /** The latest of them, if a witness signed more than once. */
    private static Optional<Instant> cosignature(Checkpoint checkpoint, CosignerKey witness) {
        List<Instant> times = new ArrayList<>();
        for (String line : checkpoint.signatureLines()) {
            witness.signedAt(checkpoint, line).ifPresent(times::add);
        }
        return times.stream().max(Instant::compareTo);
    }

    public boolean isReached(Checkpoint checkpoint) {
        return cosigners(checkpoint).size() >= needed;
    }
}
