package dev.reeve.definitions;

import dev.reeve.definitions.checks.Check;
import dev.reeve.definitions.checks.Finding;
import java.util.List;
import java.util.Set;

/**
 * A person's word about exact bytes.
 *
 * @param fingerprint of what the person has seen; a change since then is not approved along
 * @param accepted checks whose findings the person has read and accepts, by name
 */
public record Approval(
        Kind kind, String upstream, String name, String fingerprint, String person, Set<Check> accepted) {
    public Approval {
        accepted = Set.copyOf(accepted);
    }

    /** What came of it. */
    public sealed interface Outcome {
        record InForce() implements Outcome {}

        /** Nothing with that fingerprint waits. */
        record NotWaiting() implements Outcome {}

        /** These hold it, and were not accepted. */
        record Findings(List<Finding> findings) implements Outcome {}
    }
}
