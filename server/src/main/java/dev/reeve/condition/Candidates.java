package dev.reeve.condition;

import dev.reeve.condition.Claim.Range;
import dev.reeve.condition.Claim.Value;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * So few values that every other value answers some comparisons as one of these does: each constant, what lies between two neighbours, below
 * and above all, and one of every other kind. If none of them satisfies all claims, nothing does.
 */
final class Candidates {
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    private Candidates() {}

    static Set<Value> of(List<Claim> claims) {
        Set<Value> all = new LinkedHashSet<>(
                List.of(new Value.Flag(true), new Value.Flag(false), new Value.Null(), new Value.Other()));
        TreeSet<BigDecimal> numbers = new TreeSet<>();
        TreeSet<BigDecimal> moments = new TreeSet<>();
        int longest = 0;
        for (Claim claim : claims) {
            for (Value value : claim.constants()) {
                switch (value) {
                    case Value.Numeric(BigDecimal number) -> numbers.add(number);
                    case Value.Moment(BigDecimal seconds) -> moments.add(seconds);
                    case Value.Text(String text) -> longest = Math.max(longest, text.length());
                    case Value.Flag ignored -> {}
                    case Value.Null ignored -> {}
                    case Value.Other ignored -> {}
                }
                all.add(value);
            }
        }
        all.add(new Value.Text("x".repeat(longest + 1)));
        Range range = range(claims);
        all.removeIf(Value.Numeric.class::isInstance);
        classes(numbers, range).forEach(number -> all.add(new Value.Numeric(number)));
        classes(moments, Range.ANY).forEach(seconds -> all.add(new Value.Moment(seconds)));
        return all;
    }

    /** All claims are of one expression, and what is known of it in one place is so in the others. */
    private static Range range(List<Claim> claims) {
        return claims.stream()
                .map(Claim::range)
                .filter(Range::whole)
                .findFirst()
                .orElse(Range.ANY);
    }

    private static List<BigDecimal> classes(SortedSet<BigDecimal> constants, Range range) {
        TreeSet<BigDecimal> values = new TreeSet<>(constants);
        if (range.whole()) {
            constants.forEach(one -> neighbours(one, values));
            values.add(range.least());
            values.add(range.most());
            values.removeIf(one -> one.stripTrailingZeros().scale() > 0);
        } else {
            between(constants, values);
        }
        List<BigDecimal> inRange = new ArrayList<>(values);
        inRange.removeIf(one -> range.whole() && (one.compareTo(range.least()) < 0 || one.compareTo(range.most()) > 0));
        return inRange;
    }

    private static void neighbours(BigDecimal one, Set<BigDecimal> values) {
        BigDecimal floor = one.setScale(0, RoundingMode.FLOOR);
        for (int i = -1; i <= 2; i++) {
            values.add(floor.add(BigDecimal.valueOf(i)));
        }
    }

    private static void between(SortedSet<BigDecimal> constants, Set<BigDecimal> values) {
        BigDecimal before = null;
        for (BigDecimal one : constants) {
            values.add(
                    before == null
                            ? one.subtract(BigDecimal.ONE)
                            : before.add(one).divide(TWO));
            before = one;
        }
        values.add(before == null ? BigDecimal.ZERO : before.add(BigDecimal.ONE));
    }
}
