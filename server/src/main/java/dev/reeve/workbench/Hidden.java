package dev.reeve.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a record does not say: it was not kept, erased, or masked.
 *
 * @param allArguments otherwise only those in {@code arguments}
 * @param who owner and attributes of the agent
 */
record Hidden(boolean allArguments, Set<String> arguments, boolean who, boolean session, boolean time) {
    static final Hidden NOTHING = new Hidden(false, Set.of(), false, false, false);

    Hidden {
        arguments = Set.copyOf(arguments);
    }

    Hidden withWho() {
        return new Hidden(allArguments, arguments, true, session, time);
    }

    boolean isNothing() {
        return !who && !session && !time && !hidesArguments();
    }

    /** Some of them. */
    boolean hidesArguments() {
        return allArguments || !arguments.isEmpty();
    }

    boolean hidesArguments(Set<String> names) {
        // What is hidden of the arguments may stand in the request that is made of them.
        return allArguments
                ? !names.isEmpty()
                : names.stream()
                        .anyMatch(name -> arguments.contains(name) || (name.equals("request") && !arguments.isEmpty()));
    }

    private boolean hidesArgumentsOf(Needs needs) {
        return needs.arguments().map(this::hidesArguments).orElseGet(this::hidesArguments);
    }

    /** What of it a condition would need; empty if it can be evaluated. */
    List<String> missing(Needs needs) {
        if (isNothing()) {
            return List.of();
        }
        List<String> missing = new ArrayList<>(1);
        if (hidesArgumentsOf(needs)) {
            missing.add("arguments");
        }
        if (who && needs.isAboutFiles()) {
            missing.add("owner or attributes of an agent that stands in no file");
        }
        if (session && needs.session()) {
            missing.add("what the agent had received");
        }
        if (time && needs.time()) {
            missing.add("whether the clock was doubtful");
        }
        return missing;
    }
}
