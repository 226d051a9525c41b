package dev.reeve.workbench;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which arguments of a record can be believed. The record has a digest of the action as it was decided on: arguments that give it are those,
 * even if something in them looks like a mask; of others, whatever looks like one is hidden.
 *
 * @param all none of them is known
 * @param masked by their first name
 */
record RecordedArguments(Operation operation, boolean all, Set<String> masked) {
    private static final String MASK = "***";
    /** Conditions see the arguments of each command of a line, which are not recorded one by one. */
    private static final List<String> COMMANDS = List.of("shell:", "opaque:");

    RecordedArguments {
        masked = Set.copyOf(masked);
    }

    static RecordedArguments of(Stored stored, Operation operation, Function<Operation, Action> action) {
        boolean kept = stored.disclosed().get("arguments") instanceof Json.Obj;
        boolean takenOut = stored.leaf().has("taken_out");
        if (takenOut || (operation instanceof Operation.HostCall call && isCommand(call))) {
            return new RecordedArguments(operation, true, Set.of());
        }
        Json.Obj arguments = operation.arguments();
        Set<String> suspect = new HashSet<>();
        arguments.members().forEach((name, value) -> {
            if (name.contains(MASK) || isMasked(value)) {
                suspect.add(name);
            }
        });
        Set<String> tokens = tokens(stored);
        if (!tokens.isEmpty()) {
            arguments.members().forEach((name, value) -> {
                if (tokens.stream().anyMatch(value.toString()::contains)) {
                    suspect.add(name);
                }
            });
            return new RecordedArguments(operation, !kept, suspect);
        }
        boolean plain = suspect.isEmpty() && (kept || !arguments.members().isEmpty());
        if (plain || isAsDecided(stored, operation, action)) {
            return new RecordedArguments(operation, false, Set.of());
        }
        boolean none = !kept || suspect.stream().anyMatch(name -> name.contains(MASK));
        return new RecordedArguments(operation, none, suspect);
    }

    /** It was decided on the values that these stand for, which nobody wrote down. */
    private static Set<String> tokens(Stored stored) {
        Set<String> tokens = new HashSet<>();
        stored.leaf()
                .array("restored")
                .ifPresent(all -> all.items().forEach(one -> tokens.add(((Json.Str) one).value())));
        return tokens;
    }

    private static boolean isCommand(Operation.HostCall call) {
        return call.touches().stream()
                .anyMatch(touch -> COMMANDS.stream().anyMatch(touch.names().getFirst()::startsWith));
    }

    private static boolean isAsDecided(Stored stored, Operation operation, Function<Operation, Action> action) {
        return Optional.ofNullable(stored.disclosed().get("digest"))
                .equals(Optional.of(new Json.Str(action.apply(operation).digest())));
    }

    private static boolean isMasked(Json value) {
        return switch (value) {
            case Json.Str text -> text.value().contains(MASK);
            case Json.Arr list -> list.items().stream().anyMatch(RecordedArguments::isMasked);
            case Json.Obj object -> object.members().entrySet().stream().anyMatch(RecordedArguments::isMasked);
            case Json.Num ignored -> false;
            case Json.Bool ignored -> false;
            case Json.Null ignored -> false;
        };
    }

    private static boolean isMasked(Map.Entry<String, Json> member) {
        return member.getKey().contains(MASK) || isMasked(member.getValue());
    }
}
