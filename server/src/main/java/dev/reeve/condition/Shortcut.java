package dev.reeve.condition;

import dev.reeve.json.Json;
import dev.reeve.policy.Condition;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a simple expression says, without asking CEL: a few fields of one object instead of a tree of nodes and boxed values, which counts where
 * thousands of conditions lie cold in memory. Says yes or no only where CEL would; where anything is missing, of another kind or inexact it is
 * unsure, and CEL says what is to be said of it.
 */
sealed interface Shortcut {
    enum Answer {
        YES,
        NO,
        UNSURE;

        static Answer of(boolean holds) {
            return holds ? YES : NO;
        }
    }

    Answer of(Condition.Input input, Json.@Nullable Obj row);

    /** What is left to CEL. */
    record Unsure() implements Shortcut {
        @Override
        public Answer of(Condition.Input input, Json.@Nullable Obj row) {
            return Answer.UNSURE;
        }
    }

    /** From left to right, as CEL goes: behind what is unsure nothing is looked at. */
    record And(Shortcut left, Shortcut right) implements Shortcut {
        @Override
        public Answer of(Condition.Input input, Json.@Nullable Obj row) {
            Answer first = left.of(input, row);
            return first == Answer.YES ? right.of(input, row) : first;
        }
    }

    record Or(Shortcut left, Shortcut right) implements Shortcut {
        @Override
        public Answer of(Condition.Input input, Json.@Nullable Obj row) {
            Answer first = left.of(input, row);
            return first == Answer.NO ? right.of(input, row) : first;
        }
    }

    record Not(Shortcut part) implements Shortcut {
        @Override
        public Answer of(Condition.Input input, Json.@Nullable Obj row) {
            return switch (part.of(input, row)) {
                case YES -> Answer.NO;
                case NO -> Answer.YES;
                case UNSURE -> Answer.UNSURE;
            };
        }
    }

    /** A number and a written one: at most 2^53, so that comparing them as doubles is exact. */
    record Numeric(Path path, Order order, double with) implements Shortcut {
        static final long EXACT = 1L << 53;

        /** Of the other zero, CEL says this beside numbers and that beside integers. */
        static boolean isPlain(double value) {
            return Double.isFinite(value) && Double.compare(value, -0.0) != 0;
        }

        @Override
        public Answer of(Condition.Input input, Json.@Nullable Obj row) {
            double value = path.number(input, row);
            return Double.isNaN(value) ? Answer.UNSURE : Answer.of(order.holds(Double.compare(value, with)));
        }
    }

    /** A text and a written one. */
    record Text(Path path, Predicate<String> test) implements Shortcut {
        @Override
        public Answer of(Condition.Input input, Json.@Nullable Obj row) {
            return path.value(input, row) instanceof String text ? Answer.of(test.test(text)) : Answer.UNSURE;
        }
    }

    /** Two texts, both looked up. */
    record Same(Path left, Path right) implements Shortcut {
        @Override
        public Answer of(Condition.Input input, Json.@Nullable Obj row) {
            return left.value(input, row) instanceof String one && right.value(input, row) instanceof String other
                    ? Answer.of(one.equals(other))
                    : Answer.UNSURE;
        }
    }

    /** A value that is true or false by itself. */
    record Flag(Path path) implements Shortcut {
        @Override
        public Answer of(Condition.Input input, Json.@Nullable Obj row) {
            return path.value(input, row) instanceof Boolean flag ? Answer.of(flag) : Answer.UNSURE;
        }
    }

    /** Whether a member is there. */
    record Present(Path.Within path, String name) implements Shortcut {
        @Override
        public Answer of(Condition.Input input, Json.@Nullable Obj row) {
            return path.has(name, input, row);
        }
    }

    /** A written text in a list that is looked up. */
    record Among(Path path, String text) implements Shortcut {
        @Override
        public Answer of(Condition.Input input, Json.@Nullable Obj row) {
            return switch (path.value(input, row)) {
                case java.util.Collection<?> texts -> Answer.of(texts.contains(text));
                case Json.Arr items -> among(items.items());
                case null, default -> Answer.UNSURE;
            };
        }

        private Answer among(List<Json> items) {
            boolean found = false;
            for (Json item : items) {
                if (!(item instanceof Json.Str one)) {
                    return Answer.UNSURE;
                }
                found |= one.value().equals(text);
            }
            return Answer.of(found);
        }
    }

    /** How many characters (code points) a text has. */
    record Length(Path path, Order order, double with) implements Shortcut {
        @Override
        public Answer of(Condition.Input input, Json.@Nullable Obj row) {
            return path.value(input, row) instanceof String text
                    ? Answer.of(order.holds(Double.compare(text.codePointCount(0, text.length()), with)))
                    : Answer.UNSURE;
        }
    }

    /** How many items a list has. */
    record Size(Path path, Order order, double with) implements Shortcut {
        @Override
        public Answer of(Condition.Input input, Json.@Nullable Obj row) {
            return switch (path.value(input, row)) {
                case java.util.Collection<?> items -> Answer.of(order.holds(Double.compare(items.size(), with)));
                case Json.Arr items ->
                    Answer.of(order.holds(Double.compare(items.items().size(), with)));
                case null, default -> Answer.UNSURE;
            };
        }
    }

    enum Order {
        LESS,
        LESS_OR_EQUAL,
        MORE,
        MORE_OR_EQUAL,
        EQUAL,
        UNEQUAL;

        boolean holds(int compared) {
            return switch (this) {
                case LESS -> compared < 0;
                case LESS_OR_EQUAL -> compared <= 0;
                case MORE -> compared > 0;
                case MORE_OR_EQUAL -> compared >= 0;
                case EQUAL -> compared == 0;
                case UNEQUAL -> compared != 0;
            };
        }

        Order mirrored() {
            return switch (this) {
                case LESS -> MORE;
                case LESS_OR_EQUAL -> MORE_OR_EQUAL;
                case MORE -> LESS;
                case MORE_OR_EQUAL -> LESS_OR_EQUAL;
                case EQUAL -> EQUAL;
                case UNEQUAL -> UNEQUAL;
            };
        }
    }
}
