package dev.reeve.gate;

import dev.reeve.json.Json;
import java.util.List;
import java.util.Set;

/** What a result stage or an obligation made of a result. */
public sealed interface ResultFinding {
    /** The name of the stage or obligation. */
    String stage();

    /** Tags of data that goes out with it, beside what the catalogue says: the instance has received them (R11). */
    default Set<String> classes() {
        return Set.of();
    }

    record Unchanged(String stage) implements ResultFinding {}

    /** Goes out in this form. {@code reason} is for the record: {@code 3 of 10 rows left out}. */
    record Changed(String stage, String reason, Json.Obj result, Set<String> classes) implements ResultFinding {
        public Changed {
            classes = Set.copyOf(classes);
        }

        public Changed(String stage, String reason, Json.Obj result) {
            this(stage, reason, result, Set.of());
        }
    }

    /** Goes out as it is; something is in it that is worth knowing. {@code reason} is for the record. */
    record Noted(String stage, String reason, Set<String> classes) implements ResultFinding {
        public Noted {
            classes = Set.copyOf(classes);
        }
    }

    /**
     * Does not go out before people said so, and then in the form {@code result}.
     *
     * @param asks of each rule that holds it; at least one
     * @param shown as people see it who may say so
     * @param found for them: kinds and counts, none of what was found
     */
    record Held(
            String stage, List<Finding.Ask> asks, Json.Obj result, Json.Obj shown, String found, Set<String> classes)
            implements ResultFinding {
        public Held {
            asks = List.copyOf(asks);
            classes = Set.copyOf(classes);
            if (asks.isEmpty()) {
                throw new IllegalArgumentException("what is held is held by a rule");
            }
        }
    }

    /** Does not go out at all. */
    record Withheld(String stage, Denial denial) implements ResultFinding {}
}
