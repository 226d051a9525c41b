package dev.reeve.condition;

import java.util.List;

/** A condition taken apart: true only if this is. */
sealed interface Formula {
    record One(Claim claim) implements Formula {}

    /** @param text as a person reads it */
    record Never(String text, long id) implements Formula {}

    record All(List<Formula> parts) implements Formula {
        public All {
            parts = List.copyOf(parts);
        }
    }

    record Any(List<Formula> parts) implements Formula {
        public Any {
            parts = List.copyOf(parts);
        }
    }
}
