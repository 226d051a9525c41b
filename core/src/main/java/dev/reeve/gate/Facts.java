package dev.reeve.gate;

import dev.reeve.action.Access;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What is known when the stages run. Fetched before, recorded with the decision, used again by replay (R1).
 *
 * @param accesses what the catalogue says that this action touches
 * @param resultTags the tags that what comes back will carry
 * @param sessionRead tags of everything that this instance has received so far (R11)
 * @param now max(wall clock, high-water mark) (R7)
 * @param clockDoubtful the wall clock stepped back: rules about time must deny
 * @param opinions of judges, where the policy wants them
 * @param grants what people have given the principal for a time
 */
public record Facts(
        List<Access> accesses,
        Set<String> resultTags,
        Set<String> sessionRead,
        Instant now,
        boolean clockDoubtful,
        List<Opinion> opinions,
        List<TimedGrant> grants) {
    /** Where nobody has given anything for a time. */
    public Facts(
            List<Access> accesses,
            Set<String> resultTags,
            Set<String> sessionRead,
            Instant now,
            boolean clockDoubtful,
            List<Opinion> opinions) {
        this(accesses, resultTags, sessionRead, now, clockDoubtful, opinions, List.of());
    }

    /** What is known at once. */
    public Facts(
            List<Access> accesses,
            Set<String> resultTags,
            Set<String> sessionRead,
            Instant now,
            boolean clockDoubtful) {
        this(accesses, resultTags, sessionRead, now, clockDoubtful, List.of());
    }

    public Facts {
        opinions = List.copyOf(opinions);
        grants = List.copyOf(grants);
        accesses = List.copyOf(accesses);
        resultTags = Set.copyOf(resultTags);
        sessionRead = Set.copyOf(sessionRead);
    }

    /** The same with what judges said. */
    Facts with(List<Opinion> said) {
        return new Facts(accesses, resultTags, sessionRead, now, clockDoubtful, said, grants);
    }

    /** The same of somebody to whom this was given. */
    public Facts granting(List<TimedGrant> given) {
        return new Facts(accesses, resultTags, sessionRead, now, clockDoubtful, opinions, given);
    }
}
