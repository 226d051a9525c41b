package dev.reeve.condition;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.reeve.condition.Claim.Range;
import dev.reeve.condition.Claim.Test;
import dev.reeve.condition.Claim.Value;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Takes a parsed expression apart into what it claims of single values. A part that is not understood claims only that it is itself true: it can
 * contradict nothing but its own negation.
 */
final class Claims {
    private static final Map<String, Range> CLOCK = Map.of(
            "getHours", Range.between(0, 23),
            "getMinutes", Range.between(0, 59),
            "getSeconds", Range.between(0, 60),
            "getMilliseconds", Range.between(0, 999),
            "getDayOfWeek", Range.between(0, 6),
            "getDayOfMonth", Range.between(0, 30),
            "getDate", Range.between(1, 31),
            "getDayOfYear", Range.between(0, 365),
            "getMonth", Range.between(0, 11),
            "getFullYear", Range.WHOLE);

    /** Read from right to left, the comparison is another. */
    private static final Map<String, String> MIRRORED =
            Map.of("_<_", "_>_", "_<=_", "_>=_", "_>_", "_<_", "_>=_", "_<=_");

    private final Function<CelExpr, Optional<ValueType>> types;

    /** @param types what is known of the values of expressions */
    Claims(Function<CelExpr, Optional<ValueType>> types) {
        this.types = types;
    }

    /** What must hold for the expression to be {@code wanted}. As CEL has it, an error in one part does not undo what the other part decides. */
    Formula of(CelExpr expr, boolean wanted) {
        if (expr.getKind() == CelExpr.ExprKind.Kind.CONSTANT) {
            return constant(expr, wanted);
        }
        if (expr.getKind() != CelExpr.ExprKind.Kind.CALL) {
            return itself(expr, wanted);
        }
        List<CelExpr> args = expr.call().args();
        return switch (expr.call().function()) {
            case "_&&_" -> both(args, wanted);
            case "_||_" -> either(args, wanted);
            case "!_" -> of(args.getFirst(), !wanted);
            case "_?_:_" ->
                new Formula.Any(List.of(
                        new Formula.All(List.of(of(args.get(0), true), of(args.get(1), wanted))),
                        new Formula.All(List.of(of(args.get(0), false), of(args.get(2), wanted)))));
            case "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_" -> comparison(expr, wanted);
            case "@in" -> member(expr, wanted);
            default -> itself(expr, wanted);
        };
    }

    private Formula both(List<CelExpr> args, boolean wanted) {
        List<Formula> parts = args.stream().map(one -> of(one, wanted)).toList();
        return wanted ? new Formula.All(parts) : new Formula.Any(parts);
    }

    private Formula either(List<CelExpr> args, boolean wanted) {
        List<Formula> parts = args.stream().map(one -> of(one, wanted)).toList();
        return wanted ? new Formula.Any(parts) : new Formula.All(parts);
    }

    private static Formula constant(CelExpr expr, boolean wanted) {
        boolean flag = expr.constant().getKind() == CelConstant.Kind.BOOLEAN_VALUE
                && expr.constant().booleanValue();
        return flag == wanted ? new Formula.All(List.of()) : new Formula.Never(shown(expr, wanted), expr.id());
    }

    private Formula itself(CelExpr expr, boolean wanted) {
        return claim(expr, expr, new Test.OneOf(List.of(new Value.Flag(true))), wanted, wanted);
    }

    private Formula comparison(CelExpr expr, boolean wanted) {
        CelExpr left = expr.call().args().get(0);
        CelExpr right = expr.call().args().get(1);
        String function = expr.call().function();
        Optional<Value> known = value(right);
        if (known.isPresent() && value(left).isPresent()) {
            return constants(expr, value(left).get(), function, known.get(), wanted);
        }
        if (known.isPresent()) {
            return compared(expr, left, function, known.get(), wanted);
        }
        Optional<Value> first = value(left);
        if (first.isPresent()) {
            return compared(expr, right, MIRRORED.getOrDefault(function, function), first.get(), wanted);
        }
        return function.equals("_!=_") ? unequal(expr, left, right, wanted) : itself(expr, wanted);
    }

    /** {@code a != b} is {@code !(a == b)}, so that the two are seen to exclude each other. */
    private static Formula unequal(CelExpr expr, CelExpr left, CelExpr right, boolean wanted) {
        CelExpr equal = CelExpr.ofCall(
                expr.id(), Optional.empty(), "_==_", com.google.common.collect.ImmutableList.of(left, right));
        return new Formula.One(new Claim(
                Wording.of(equal),
                Range.ANY,
                new Test.OneOf(List.of(new Value.Flag(true))),
                !wanted,
                shown(expr, wanted),
                expr.id()));
    }

    private Formula constants(CelExpr expr, Value left, String function, Value right, boolean wanted) {
        Claim claim = new Claim("", Range.ANY, test(function, right), isPlain(function) == wanted, "", expr.id());
        return claim.mayHoldOf(left) ? new Formula.All(List.of()) : new Formula.Never(shown(expr, wanted), expr.id());
    }

    private Formula compared(CelExpr expr, CelExpr subject, String function, Value with, boolean wanted) {
        boolean orders = !function.equals("_==_") && !function.equals("_!=_");
        if (orders && !(with instanceof Value.Numeric) && !(with instanceof Value.Moment)) {
            return itself(expr, wanted);
        }
        return claim(expr, subject, test(function, with), isPlain(function) == wanted, wanted);
    }

    private static Test test(String function, Value with) {
        return switch (function) {
            case "_<_", "_>=_" -> new Test.Less(with);
            case "_<=_", "_>_" -> new Test.LessOrEqual(with);
            default -> new Test.OneOf(List.of(with));
        };
    }

    /** The others are the negation of one that is. */
    private static boolean isPlain(String function) {
        return function.equals("_<_") || function.equals("_<=_") || function.equals("_==_");
    }

    private Formula member(CelExpr expr, boolean wanted) {
        CelExpr list = expr.call().args().get(1);
        if (list.getKind() != CelExpr.ExprKind.Kind.LIST) {
            return itself(expr, wanted);
        }
        List<Value> values = new ArrayList<>();
        for (CelExpr element : list.list().elements()) {
            Optional<Value> value = value(element);
            if (value.isEmpty()) {
                return itself(expr, wanted);
            }
            values.add(value.get());
        }
        return claim(expr, expr.call().args().get(0), new Test.OneOf(values), wanted, wanted);
    }

    private Formula claim(CelExpr expr, CelExpr subject, Test test, boolean holds, boolean wanted) {
        return new Formula.One(
                new Claim(Wording.of(subject), range(subject), test, holds, shown(expr, wanted), expr.id()));
    }

    private static String shown(CelExpr expr, boolean wanted) {
        return wanted ? Wording.of(expr) : "!(" + Wording.of(expr) + ")";
    }

    private Range range(CelExpr subject) {
        if (subject.getKind() == CelExpr.ExprKind.Kind.CALL) {
            String function = subject.call().function();
            boolean ofTime = subject.call().target().filter(Claims::isMoment).isPresent();
            if (ofTime && CLOCK.containsKey(function)) {
                return CLOCK.get(function);
            }
            return function.equals("size") ? Range.notNegative() : Range.ANY;
        }
        return types.apply(subject)
                .filter(ValueType::isWhole)
                .map(type -> Range.WHOLE)
                .orElse(Range.ANY);
    }

    /** Of a duration, hours go on behind 23. */
    private static boolean isMoment(CelExpr expr) {
        return expr.getKind() == CelExpr.ExprKind.Kind.IDENT
                && expr.ident().name().equals("time");
    }

    private static Optional<Value> value(CelExpr expr) {
        if (expr.getKind() == CelExpr.ExprKind.Kind.CALL) {
            boolean timestamp = expr.call().function().equals("timestamp")
                    && expr.call().args().size() == 1
                    && expr.call().target().isEmpty();
            return timestamp ? moment(expr.call().args().getFirst()) : Optional.empty();
        }
        if (expr.getKind() != CelExpr.ExprKind.Kind.CONSTANT) {
            return Optional.empty();
        }
        CelConstant constant = expr.constant();
        return switch (constant.getKind()) {
            case NULL_VALUE -> Optional.of(new Value.Null());
            case BOOLEAN_VALUE -> Optional.of(new Value.Flag(constant.booleanValue()));
            case STRING_VALUE -> Optional.of(new Value.Text(constant.stringValue()));
            case INT64_VALUE -> number(BigDecimal.valueOf(constant.int64Value()));
            case DOUBLE_VALUE ->
                Double.isFinite(constant.doubleValue())
                        ? number(new BigDecimal(constant.doubleValue()))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<Value> number(BigDecimal number) {
        return number.abs().compareTo(Range.EXACT) > 0 ? Optional.empty() : Optional.of(new Value.Numeric(number));
    }

    private static Optional<Value> moment(CelExpr text) {
        if (text.getKind() != CelExpr.ExprKind.Kind.CONSTANT
                || text.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
            return Optional.empty();
        }
        try {
            Instant instant =
                    OffsetDateTime.parse(text.constant().stringValue()).toInstant();
            return Optional.of(new Value.Moment(
                    BigDecimal.valueOf(instant.getEpochSecond()).add(BigDecimal.valueOf(instant.getNano(), 9))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
