package dev.reeve.gate;

import dev.reeve.action.Action;
import java.util.List;
import java.util.Optional;

/** The one step after the stages that changes state: budgets and approvals (R1). Atomic; may still deny. */
public interface Reservations {
    Reserved reserve(Action action, Facts facts);

    /**
     * All of these or none: each in turn, and once one refuses or throws, what the ones before took is given back in the opposite order, as
     * of something that was not sent.
     */
    static Reservations all(List<Reservations> parts) {
        return new AllOf(parts);
    }

    /** What came of it. */
    sealed interface Reserved {
        /** Held until settled. {@code settle} is called exactly once, whatever happens. */
        record Taken(Settlement settlement) implements Reserved {}

        record Refused(Denial denial) implements Reserved {}
    }

    /** Gives back what was not used. */
    @FunctionalInterface
    interface Settlement {
        /** {@code effect} is null-free: an unknown outcome stays spent (R3). */
        void settle(Effect effect);

        /** What the record of the intent says of it: the worst case. */
        default List<Spending> reserved() {
            return List.of();
        }

        /**
         * What it came to, for the record of the outcome; asked before that is written, and {@link #settle} follows when it is durable.
         *
         * @param release what the result stages left
         */
        default Usage usage(Effect effect, Release release) {
            return Usage.NONE;
        }
    }

    /**
     * What an action came to.
     *
     * @param excess more came than was reserved: the result is withheld
     */
    record Usage(List<Spending> spent, Optional<Denial> excess) {
        public static final Usage NONE = new Usage(List.of(), Optional.empty());

        public Usage {
            spent = List.copyOf(spent);
        }
    }
}
