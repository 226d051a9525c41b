package dev.reeve.gate;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.identity.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One immutable state of the whole policy: catalogue and rules. Swapped at once; an action sees one from beginning to end. */
public interface Rulebook {
    /** Digest of the content; stands in every record. */
    String version();

    /** What an admitted operation touches, by the catalogue. Pure and bounded. */
    Reading read(Operation operation);

    /**
     * Why an operation is denied before {@link #read} parses a text within its arguments: nothing lets the principal do it, whatever they say. A parser is
     * nobody's who may not see the tool (R8). Of operations that hold no such text always empty.
     */
    default Optional<Denial> unread(Principal principal, Operation operation, List<TimedGrant> grants) {
        return Optional.empty();
    }

    /** By argument, the kinds of values that may be put in the place of tokens there. */
    default Map<String, Set<String>> restores(Operation operation) {
        return Map.of();
    }

    /** Whether the operator's file says that doing it twice does no more than doing it once (R3). Never by what a server says of itself. */
    default boolean idempotent(Operation operation) {
        return false;
    }

    /**
     * The roles that the principal has in this context, beside its own. Pure and bounded.
     *
     * @throws UnclearRolesException if that depends on how the action is read; it is then denied
     */
    default List<Assigned> assigned(Action action, Facts facts) {
        return List.of();
    }

    /**
     * @param by what says so
     * @param surely whether it has the role in all of this; otherwise for a part only, or it cannot be said: then it counts where it forbids,
     *     and allows nothing
     */
    record Assigned(String role, RuleRef by, boolean surely) {}

    /** In the order in which they run. */
    List<Stage> stages();

    /** Those that need opinions; in the order in which they run, after all others. */
    default List<SoftStage> softStages() {
        return List.of();
    }

    List<ResultStage> resultStages();

    /** Whether some arguments exist with which this principal could be allowed (or would be held). For lists, and for R10. */
    boolean visible(Principal principal, Operation operation);

    /** The same for somebody to whom this was given for a time. */
    default boolean visible(Principal principal, Operation operation, List<TimedGrant> grants) {
        return visible(principal, operation);
    }

    /**
     * What the policy would have said of an action that something else stopped before it was asked. For the record only; pure and bounded.
     *
     * @param known what is known beside what the action touches
     */
    default Denial.Nearest outlook(Action action, Facts known) {
        return Denial.Nearest.none("the policy was not asked");
    }

    /** How an action is written down. Pure and bounded. */
    default Recording recording(Action action, Facts facts) {
        return Recording.USUAL;
    }

    /**
     * How an action is written down of which nobody knows what it touches: it was refused before. As little as for anything that it could
     * have touched. Pure and bounded.
     */
    default Recording recordingInDoubt(Action action) {
        return Recording.USUAL;
    }

    /**
     * Over what guardrails look for in the arguments of an action that is not simply allowed: nobody else gets to see it, and it is not
     * written down. Bounded.
     */
    default Veil veil(Action action, Facts facts) {
        return Veil.NONE;
    }

    /** What the catalogue makes of an operation. */
    sealed interface Reading {
        /**
         * @param instead the operation in the form that is decided on and sent (our rendering of SQL); empty if as it was
         */
        record Touches(List<Access> accesses, Set<String> resultTags, Optional<Operation> instead) implements Reading {}

        /** It cannot be said what it touches: deny. */
        record Unreadable(Denial denial) implements Reading {}
    }
}
