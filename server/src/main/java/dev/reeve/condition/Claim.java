package dev.reeve.condition;

import java.math.BigDecimal;
import java.util.List;

/**
 * What one comparison says of the value of one expression.
 *
 * @param subject the expression, in one spelling; the same text means the same value within one evaluation
 * @param range what is known of its value beforehand
 * @param wanted false if the test must not hold
 * @param text as a person reads it
 * @param id of the node, for its place
 */
record Claim(String subject, Range range, Test test, boolean wanted, String text, long id) {
    /** Numbers between two bounds; {@code whole}: without fractions. */
    record Range(boolean whole, BigDecimal least, BigDecimal most) {
        /** Beyond it, whole numbers and others are not told apart exactly: nothing is claimed of such. */
        static final BigDecimal EXACT = BigDecimal.valueOf(1L << 53);

        static final Range ANY = new Range(false, EXACT.negate(), EXACT);
        static final Range WHOLE = new Range(true, EXACT.negate(), EXACT);

        static Range between(long least, long most) {
            return new Range(true, BigDecimal.valueOf(least), BigDecimal.valueOf(most));
        }

        static Range notNegative() {
            return new Range(true, BigDecimal.ZERO, EXACT);
        }
    }

    /** A value that an expression may have, so far as comparisons tell values apart. */
    sealed interface Value {
        record Numeric(BigDecimal number) implements Value {}

        /** Seconds since the epoch. */
        record Moment(BigDecimal seconds) implements Value {}

        record Text(String text) implements Value {}

        record Flag(boolean flag) implements Value {}

        record Null() implements Value {}

        /** A list, an object, whatever equals no constant. */
        record Other() implements Value {}
    }

    /** How a value is compared with constants. */
    sealed interface Test {
        record Less(Value than) implements Test {}

        record LessOrEqual(Value than) implements Test {}

        record OneOf(List<Value> values) implements Test {
            public OneOf {
                values = List.copyOf(values);
            }
        }
    }

    /** Whether it can be true of this value. Says yes where it is not sure: an error is not true, but to take it for possible is safe. */
    boolean mayHoldOf(Value value) {
        return switch (test) {
            case Test.Less(Value than) -> isOrdered(value, than) && (order(value, than) < 0) == wanted;
            case Test.LessOrEqual(Value than) -> isOrdered(value, than) && (order(value, than) <= 0) == wanted;
            case Test.OneOf(List<Value> values) -> values.stream().anyMatch(one -> isEqual(one, value)) == wanted;
        };
    }

    /** What is of different kinds cannot be ordered: the comparison is an error, whatever it is asked for. */
    private static boolean isOrdered(Value one, Value other) {
        return (one instanceof Value.Numeric && other instanceof Value.Numeric)
                || (one instanceof Value.Moment && other instanceof Value.Moment);
    }

    private static boolean isEqual(Value one, Value other) {
        return isOrdered(one, other) ? order(one, other) == 0 : one.equals(other);
    }

    private static int order(Value one, Value other) {
        return number(one).compareTo(number(other));
    }

    private static BigDecimal number(Value value) {
        return switch (value) {
            case Value.Numeric(BigDecimal number) -> number;
            case Value.Moment(BigDecimal seconds) -> seconds;
            case Value.Text ignored -> throw new IllegalArgumentException("not a number");
            case Value.Flag ignored -> throw new IllegalArgumentException("not a number");
            case Value.Null ignored -> throw new IllegalArgumentException("not a number");
            case Value.Other ignored -> throw new IllegalArgumentException("not a number");
        };
    }

    /** The constants that the value is compared with. */
    List<Value> constants() {
        return switch (test) {
            case Test.Less(Value than) -> List.of(than);
            case Test.LessOrEqual(Value than) -> List.of(than);
            case Test.OneOf(List<Value> values) -> values;
        };
    }
}
