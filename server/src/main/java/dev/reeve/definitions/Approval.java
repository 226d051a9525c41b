package dev.reeve.definitions;

import dev.reeve.definitions.checks.Check;
import dev.reeve.definitions.checks.Finding;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A person's word about exact bytes.
 *
 * @param fingerprint of what the person has seen; a change since then is not approved along
 * @param accepted checks whose findings the person has read and accepts, by name
 * @param second who agreed, where one asked and another had to agree (R27)
 */
public record Approval(
        Kind kind,
        String upstream,
        String name,
        String fingerprint,
        String person,
        Set<Check> accepted,
        Optional<String> second) {
    public Approval {
        accepted = Set.copyOf(accepted);
    }

    public Approval(Kind kind, String upstream, String name, String fingerprint, String person, Set<Check> accepted) {
        this(kind, upstream, name, fingerprint, person, accepted, Optional.empty());
    }

    public Approval secondedBy(String other) {
        return new Approval(kind, upstream, name, fingerprint, person, accepted, Optional.of(other));
    }

    /** As people and records name it: {@code mail.send}, {@code mail.prompt:review}. */
    public String subject() {
        return upstream + "." + kind.key(name);
    }

    /** What came of it. */
    public sealed interface Outcome {
        /** It is in force, or would be. */
        record InForce() implements Outcome {}

        /** Nothing with that fingerprint waits. */
        record NotWaiting() implements Outcome {}

        /** These hold it, and were not accepted. */
        record Findings(List<Finding> findings) implements Outcome {}
    }
}
