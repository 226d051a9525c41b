package dev.reeve.condition;

import com.google.common.collect.ImmutableList;
import com.google.re2j.Pattern;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.reeve.condition.Shortcut.Order;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Makes a {@link Shortcut} of an expression that was prepared and checked. What it does not know is left to CEL. */
final class Shortcuts {
    private static final Shortcut UNSURE = new Shortcut.Unsure();
    private static final Map<String, Order> ORDERS = Map.of(
            "_<_", Order.LESS,
            "_<=_", Order.LESS_OR_EQUAL,
            "_>_", Order.MORE,
            "_>=_", Order.MORE_OR_EQUAL,
            "_==_", Order.EQUAL,
            "_!=_", Order.UNEQUAL);

    private final Map<String, ValueType> variables;

    private Shortcuts(Map<String, ValueType> variables) {
        this.variables = variables;
    }

    static Shortcut of(CelExpr expr, Map<String, ValueType> variables) {
        return new Shortcuts(variables).of(expr);
    }

    private Shortcut of(CelExpr expr) {
        return switch (expr.getKind()) {
            case SELECT -> expr.select().testOnly() ? present(expr.select()) : flag(expr);
            case CALL -> call(expr.call());
            case IDENT, CONSTANT, LIST, STRUCT, MAP, COMPREHENSION, NOT_SET -> UNSURE;
        };
    }

    private Shortcut call(CelExpr.CelCall call) {
        ImmutableList<CelExpr> args = call.args();
        return switch (call.function()) {
            case "_&&_" -> new Shortcut.And(of(args.get(0)), of(args.get(1)));
            case "_||_" -> new Shortcut.Or(of(args.get(0)), of(args.get(1)));
            case "!_" -> new Shortcut.Not(of(args.getFirst()));
            case "@in" -> member(args.get(0), args.get(1));
            case "startsWith", "endsWith", "contains", "matches" -> text(call);
            default -> comparison(call);
        };
    }

    private Shortcut comparison(CelExpr.CelCall call) {
        Order order = ORDERS.get(call.function());
        if (order == null || call.args().size() != 2) {
            return UNSURE;
        }
        CelExpr left = call.args().get(0);
        CelExpr right = call.args().get(1);
        if (right.getKind() == Kind.CONSTANT) {
            return compared(left, order, right.constant());
        }
        if (left.getKind() == Kind.CONSTANT) {
            return compared(right, order.mirrored(), left.constant());
        }
        boolean equality = order == Order.EQUAL || order == Order.UNEQUAL;
        Optional<Path> one = path(left);
        Optional<Path> other = path(right);
        if (!equality || one.isEmpty() || other.isEmpty()) {
            return UNSURE;
        }
        return negatedIf(order == Order.UNEQUAL, new Shortcut.Same(one.get(), other.get()));
    }

    private Shortcut compared(CelExpr subject, Order order, CelConstant with) {
        return switch (with.getKind()) {
            case INT64_VALUE ->
                Math.abs(with.int64Value()) <= Shortcut.Numeric.EXACT
                        ? number(subject, order, (double) with.int64Value())
                        : UNSURE;
            case DOUBLE_VALUE ->
                Shortcut.Numeric.isPlain(with.doubleValue()) ? number(subject, order, with.doubleValue()) : UNSURE;
            case STRING_VALUE -> equal(subject, order, with.stringValue());
            case BOOLEAN_VALUE ->
                order == Order.EQUAL || order == Order.UNEQUAL
                        ? negatedIf(with.booleanValue() == (order == Order.UNEQUAL), flag(subject))
                        : UNSURE;
            default -> UNSURE;
        };
    }

    private static Shortcut negatedIf(boolean negated, Shortcut shortcut) {
        return negated ? new Shortcut.Not(shortcut) : shortcut;
    }

    private Shortcut number(CelExpr subject, Order order, double with) {
        if (subject.getKind() == Kind.CALL && subject.call().function().equals("size")) {
            return operand(subject.call()).map(of -> size(of, order, with)).orElse(UNSURE);
        }
        return numeric(subject)
                .<Shortcut>map(path -> new Shortcut.Numeric(path, order, with))
                .orElse(UNSURE);
    }

    /** Of what is known to be a text or a list: CEL has chosen its function then. */
    private Shortcut size(CelExpr of, Order order, double with) {
        Optional<Path> path = path(of);
        if (path.isEmpty()) {
            return UNSURE;
        }
        return switch (Preparation.typeOf(of, variables).orElse(ValueType.Anything.ONE)) {
            case ValueType.Text ignored -> new Shortcut.Length(path.get(), order, with);
            case ValueType.Items ignored -> new Shortcut.Size(path.get(), order, with);
            default -> UNSURE;
        };
    }

    private Optional<Path> numeric(CelExpr subject) {
        if (subject.getKind() != Kind.CALL) {
            return path(subject);
        }
        CelExpr.CelCall call = subject.call();
        boolean ofTime = call.args().isEmpty()
                && call.target()
                        .filter(it ->
                                it.getKind() == Kind.IDENT && it.ident().name().equals("time"))
                        .isPresent();
        if (!ofTime) {
            return Optional.empty();
        }
        return switch (call.function()) {
            case "getHours" -> Optional.of(Path.Clock.HOURS);
            case "getMinutes" -> Optional.of(Path.Clock.MINUTES);
            case "getDayOfWeek" -> Optional.of(Path.Clock.DAY_OF_WEEK);
            default -> Optional.empty();
        };
    }

    /** Of a function that is called as {@code f(x)} or {@code x.f()}. */
    private static Optional<CelExpr> operand(CelExpr.CelCall call) {
        if (call.target().isPresent()) {
            return call.args().isEmpty() ? call.target() : Optional.empty();
        }
        return call.args().size() == 1 ? Optional.of(call.args().getFirst()) : Optional.empty();
    }

    private Shortcut equal(CelExpr subject, Order order, String with) {
        return switch (order) {
            case EQUAL -> text(subject, with::equals);
            case UNEQUAL -> text(subject, text -> !with.equals(text));
            case LESS, LESS_OR_EQUAL, MORE, MORE_OR_EQUAL -> UNSURE;
        };
    }

    private Shortcut text(CelExpr.CelCall call) {
        if (call.target().isEmpty() || call.args().size() != 1) {
            return UNSURE;
        }
        Optional<String> written = string(call.args().getFirst());
        if (written.isEmpty()) {
            return UNSURE;
        }
        String with = written.get();
        return text(
                call.target().get(),
                switch (call.function()) {
                    case "startsWith" -> text -> text.startsWith(with);
                    case "endsWith" -> text -> text.endsWith(with);
                    case "contains" -> text -> text.contains(with);
                    default -> found(Patterns.compiled(with));
                });
    }

    private static Predicate<String> found(Pattern pattern) {
        return text -> pattern.matcher(text).find();
    }

    private Shortcut text(CelExpr subject, Predicate<String> test) {
        return path(subject)
                .<Shortcut>map(path -> new Shortcut.Text(path, test))
                .orElse(UNSURE);
    }

    private Shortcut member(CelExpr value, CelExpr list) {
        if (list.getKind() == Kind.LIST) {
            Set<String> texts = new HashSet<>();
            for (CelExpr element : list.list().elements()) {
                Optional<String> text = string(element);
                if (text.isEmpty()) {
                    return UNSURE;
                }
                texts.add(text.get());
            }
            return text(value, Set.copyOf(texts)::contains);
        }
        Optional<Path> path = path(list);
        Optional<String> text = string(value);
        return path.isPresent() && text.isPresent() ? new Shortcut.Among(path.get(), text.get()) : UNSURE;
    }

    private static Optional<String> string(CelExpr expr) {
        return expr.getKind() == Kind.CONSTANT && expr.constant().getKind() == CelConstant.Kind.STRING_VALUE
                ? Optional.of(expr.constant().stringValue())
                : Optional.empty();
    }

    private Shortcut flag(CelExpr expr) {
        return path(expr).<Shortcut>map(Shortcut.Flag::new).orElse(UNSURE);
    }

    private Shortcut present(CelExpr.CelSelect select) {
        return path(select.operand()).orElse(null) instanceof Path.Within within
                ? new Shortcut.Present(within, select.field())
                : UNSURE;
    }

    private Optional<Path> path(CelExpr expr) {
        Deque<String> names = new ArrayDeque<>();
        CelExpr at = expr;
        while (at.getKind() == Kind.SELECT && !at.select().testOnly()) {
            names.addFirst(at.select().field());
            at = at.select().operand();
        }
        if (at.getKind() != Kind.IDENT || !variables.containsKey(at.ident().name())) {
            return Optional.empty();
        }
        String root = at.ident().name();
        return switch (root) {
            case "arguments", "row" ->
                Optional.of(new Path.Within(root.equals("row"), List.copyOf(names), isWhole(expr)));
            case "principal" ->
                names.size() == 1 ? Optional.of(new Path.OfPrincipal(names.getFirst())) : Optional.empty();
            default -> names.size() == 1 ? Path.Fact.find(root, names.getFirst()) : Optional.empty();
        };
    }

    private boolean isWhole(CelExpr expr) {
        return Preparation.typeOf(expr, variables).filter(ValueType::isWhole).isPresent();
    }
}
