package dev.reeve.condition;

import dev.reeve.action.Operation;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.Condition;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a {@link Shortcut} finds a value. Null, or not a number, wherever CEL has to be asked. */
sealed interface Path {
    /** A text, a truth value, a list of texts or of JSON; null for everything else. */
    @Nullable
    Object value(Condition.Input input, Json.@Nullable Obj row);

    /** Not a number (NaN) if it is none, or none that a double holds exactly. */
    default double number(Condition.Input input, Json.@Nullable Obj row) {
        return Double.NaN;
    }

    /**
     * Into the arguments, or into a row.
     *
     * @param whole whether the schema calls the value an integer: CEL then has no comparison for another number
     */
    record Within(boolean ofRow, List<String> names, boolean whole) implements Path {
        @Override
        public @Nullable Object value(Condition.Input input, Json.@Nullable Obj row) {
            return switch (found(input, row)) {
                case Json.Str text -> text.value();
                case Json.Bool flag -> flag.value();
                case Json.Arr items -> items;
                case null, default -> null;
            };
        }

        /** Every number of JSON that CEL takes for an integer fits a double exactly. */
        @Override
        public double number(Condition.Input input, Json.@Nullable Obj row) {
            if (!(found(input, row) instanceof Json.Num number)) {
                return Double.NaN;
            }
            double value = number.value();
            boolean known =
                    Shortcut.Numeric.isPlain(value) && (!whole || number.whole().isPresent());
            return known ? value : Double.NaN;
        }

        /** Whether there is such a member; unsure where there is nothing that could have it. */
        Shortcut.Answer has(String name, Condition.Input input, Json.@Nullable Obj row) {
            return found(input, row) instanceof Json.Obj object
                    ? Shortcut.Answer.of(object.members().containsKey(name))
                    : Shortcut.Answer.UNSURE;
        }

        private @Nullable Json found(Condition.Input input, Json.@Nullable Obj row) {
            Json at = ofRow ? row : arguments(input);
            for (int i = 0; i < names.size() && at != null; i++) {
                at = at instanceof Json.Obj object ? object.members().get(names.get(i)) : null;
            }
            return at;
        }

        private static Json.Obj arguments(Condition.Input input) {
            Operation operation = input.action().operation();
            return input.access().arguments().orElseGet(operation::arguments);
        }
    }

    /** One of the words of ours, or an attribute of the agent. */
    record OfPrincipal(String name) implements Path {
        @Override
        public @Nullable Object value(Condition.Input input, Json.@Nullable Obj row) {
            Principal principal = input.action().principal();
            boolean doubtful = name.equals("roles") && !principal.perhaps().isEmpty();
            return doubtful ? null : Variables.member(principal, name);
        }
    }

    /** What the action is about, the user it is for, and what its session has read. */
    enum Fact implements Path {
        USER,
        NAME,
        NAMES,
        ACTION,
        TAGS,
        READ;

        @Override
        public @Nullable Object value(Condition.Input input, Json.@Nullable Obj row) {
            return switch (this) {
                case USER -> input.action().principal().user().orElse(null);
                case NAME -> input.access().narrowest();
                case NAMES -> input.access().names();
                case ACTION -> input.access().verb();
                case TAGS -> input.access().tags();
                case READ -> input.facts().sessionRead();
            };
        }

        static Optional<Path> find(String root, String member) {
            return switch (root + "." + member) {
                case "user.id" -> Optional.of(USER);
                case "resource.name" -> Optional.of(NAME);
                case "resource.names" -> Optional.of(NAMES);
                case "resource.action" -> Optional.of(ACTION);
                case "resource.tags" -> Optional.of(TAGS);
                case "session.read" -> Optional.of(READ);
                default -> Optional.empty();
            };
        }
    }

    /** A field of the clock, in UTC. A clock that stepped back says nothing (R7). */
    enum Clock implements Path {
        HOURS,
        MINUTES,
        DAY_OF_WEEK;

        @Override
        public @Nullable Object value(Condition.Input input, Json.@Nullable Obj row) {
            return null;
        }

        @Override
        public double number(Condition.Input input, Json.@Nullable Obj row) {
            if (input.facts().clockDoubtful()) {
                return Double.NaN;
            }
            var now = input.facts().now().atOffset(ZoneOffset.UTC);
            return switch (this) {
                case HOURS -> now.getHour();
                case MINUTES -> now.getMinute();
                case DAY_OF_WEEK -> now.getDayOfWeek().getValue() % 7;
            };
        }
    }
}
