package dev.reeve.condition;

import com.google.common.collect.ImmutableList;
import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSource;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.reeve.config.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Goes through a parsed expression before CEL checks it. Finds what CEL would say badly or not at all: misspelt members, texts that are no
 * choice of their argument, patterns that are not written out. Lets whole numbers stand beside numbers: JSON knows no difference.
 */
final class Preparation {
    private static final Set<String> NUMERIC = Set.of("_==_", "_!=_", "_+_", "_-_", "_*_", "_/_");
    private static final Set<String> EQUALITY = Set.of("_==_", "_!=_");

    private final CelSource source;
    private final Map<String, ValueType> scope;
    private final List<String> problems = new ArrayList<>();

    private Preparation(CelSource source, Map<String, ValueType> scope) {
        this.source = source;
        this.scope = new HashMap<>(scope);
    }

    /** @param problems empty if it may be checked further */
    record Prepared(CelAbstractSyntaxTree tree, List<String> problems) {}

    static Prepared prepare(CelAbstractSyntaxTree tree, Map<String, ValueType> variables) {
        Preparation preparation = new Preparation(tree.getSource(), variables);
        CelExpr expression = preparation.rewrite(tree.getExpr());
        return new Prepared(
                CelAbstractSyntaxTree.newParsedAst(expression, tree.getSource()), List.copyOf(preparation.problems));
    }

    private CelExpr rewrite(CelExpr expr) {
        return switch (expr.getKind()) {
            case SELECT -> select(expr);
            case CALL -> call(expr);
            case LIST ->
                CelExpr.ofList(
                        expr.id(), all(expr.list().elements()), expr.list().optionalIndices());
            case COMPREHENSION -> comprehension(expr);
            case IDENT, CONSTANT, NOT_SET, STRUCT, MAP -> expr;
        };
    }

    private ImmutableList<CelExpr> all(List<CelExpr> exprs) {
        ImmutableList.Builder<CelExpr> rewritten = ImmutableList.builder();
        exprs.forEach(it -> rewritten.add(rewrite(it)));
        return rewritten.build();
    }

    private CelExpr select(CelExpr expr) {
        CelExpr operand = rewrite(expr.select().operand());
        String field = expr.select().field();
        if (isPrincipal(operand)) {
            attribute(expr, field);
        }
        typeOf(operand).ifPresent(type -> {
            if (type.member(field).isEmpty() && !type.names().isEmpty()) {
                unknown(expr, field, type.names());
            }
        });
        return CelExpr.ofSelect(expr.id(), operand, field, expr.select().testOnly());
    }

    private static boolean isPrincipal(CelExpr operand) {
        return operand.getKind() == CelExpr.ExprKind.Kind.IDENT
                && operand.ident().name().equals("principal");
    }

    /** Attributes are the operator's own words; what is nearly a word of ours is a typing mistake. */
    private void attribute(CelExpr expr, String field) {
        if (!Variables.PRINCIPAL.contains(field)
                && Nearest.to(field, Variables.PRINCIPAL).isPresent()) {
            unknown(expr, field, Variables.PRINCIPAL);
        }
    }

    private void unknown(CelExpr expr, String field, List<String> known) {
        String hint = Nearest.hint(field, known);
        problem(expr, "there is no `" + field + "`" + (hint.isEmpty() ? "; known are " + shown(known) : "; " + hint));
    }

    private static String shown(List<String> known) {
        return String.join(", ", known.subList(0, Math.min(known.size(), 12))) + (known.size() > 12 ? ", ..." : "");
    }

    private CelExpr call(CelExpr expr) {
        Optional<CelExpr> target = expr.call().target().map(this::rewrite);
        List<CelExpr> args = new ArrayList<>(all(expr.call().args()));
        String function = expr.call().function();
        if (function.equals("matches")) {
            pattern(args.getLast());
        }
        if (EQUALITY.contains(function)) {
            choice(args.get(0), args.get(1));
            choice(args.get(1), args.get(0));
        }
        if (NUMERIC.contains(function)) {
            boolean numbers = args.stream().anyMatch(this::isNumber);
            args.replaceAll(it -> numbers ? widened(it) : it);
        }
        if (function.equals("@in") && isList(args.get(1))) {
            args.set(1, members(args.get(0), args.get(1)));
        }
        return CelExpr.ofCall(expr.id(), target, function, ImmutableList.copyOf(args));
    }

    private CelExpr members(CelExpr value, CelExpr list) {
        list.list().elements().forEach(it -> choice(value, it));
        if (!isNumber(value)) {
            return list;
        }
        ImmutableList.Builder<CelExpr> widened = ImmutableList.builder();
        list.list().elements().forEach(it -> widened.add(widened(it)));
        return CelExpr.ofList(list.id(), widened.build(), list.list().optionalIndices());
    }

    private static boolean isList(CelExpr expr) {
        return expr.getKind() == CelExpr.ExprKind.Kind.LIST;
    }

    private static Optional<CelConstant> constant(CelExpr expr) {
        return expr.getKind() == CelExpr.ExprKind.Kind.CONSTANT ? Optional.of(expr.constant()) : Optional.empty();
    }

    private static CelExpr widened(CelExpr expr) {
        return constant(expr)
                .filter(it -> it.getKind() == CelConstant.Kind.INT64_VALUE)
                .map(it -> CelExpr.ofConstant(expr.id(), CelConstant.ofValue((double) it.int64Value())))
                .orElse(expr);
    }

    private boolean isNumber(CelExpr expr) {
        if (constant(expr)
                .filter(it -> it.getKind() == CelConstant.Kind.DOUBLE_VALUE)
                .isPresent()) {
            return true;
        }
        boolean arithmetic = expr.getKind() == CelExpr.ExprKind.Kind.CALL
                && NUMERIC.contains(expr.call().function())
                && !EQUALITY.contains(expr.call().function());
        return arithmetic
                ? expr.call().args().stream().anyMatch(this::isNumber)
                : typeOf(expr).filter(ValueType::isNumber).isPresent();
    }

    /** A pattern from outside could be made to cost much at each call, and one that does not compile would deny at run time only. */
    private void pattern(CelExpr pattern) {
        Optional<String> text = constant(pattern)
                .filter(it -> it.getKind() == CelConstant.Kind.STRING_VALUE)
                .map(CelConstant::stringValue);
        if (text.isEmpty()) {
            problem(pattern, "a pattern for `matches` must be written out as a text");
            return;
        }
        try {
            com.google.re2j.Pattern.compile(text.get());
        } catch (PatternSyntaxException e) {
            problem(pattern, "not a pattern in RE2 syntax: " + e.getDescription());
        }
    }

    private void choice(CelExpr value, CelExpr other) {
        Optional<String> text = constant(other)
                .filter(it -> it.getKind() == CelConstant.Kind.STRING_VALUE)
                .map(CelConstant::stringValue);
        Optional<List<String>> choices = typeOf(value)
                .map(it -> it instanceof ValueType.OrNull nullable ? nullable.type() : it)
                .filter(ValueType.Text.class::isInstance)
                .map(it -> ((ValueType.Text) it).choices())
                .filter(it -> !it.isEmpty());
        if (text.isPresent() && choices.isPresent() && !choices.get().contains(text.get())) {
            String hint = Nearest.hint(text.get(), choices.get());
            problem(
                    other,
                    "the argument is never \"" + text.get() + "\""
                            + (hint.isEmpty() ? "; it is one of " + shown(choices.get()) : "; " + hint));
        }
    }

    private CelExpr comprehension(CelExpr expr) {
        CelExpr.CelComprehension c = expr.comprehension();
        CelExpr range = rewrite(c.iterRange());
        Optional<ValueType> before = Optional.ofNullable(scope.get(c.iterVar()));
        scope.put(c.iterVar(), typeOf(range).orElse(ValueType.Anything.ONE).item());
        CelExpr rewritten = CelExpr.ofComprehension(
                expr.id(),
                c.iterVar(),
                c.iterVar2(),
                range,
                c.accuVar(),
                rewrite(c.accuInit()),
                rewrite(c.loopCondition()),
                rewrite(c.loopStep()),
                rewrite(c.result()));
        scope.remove(c.iterVar());
        before.ifPresent(it -> scope.put(c.iterVar(), it));
        return rewritten;
    }

    private Optional<ValueType> typeOf(CelExpr expr) {
        return typeOf(expr, scope);
    }

    static Optional<ValueType> typeOf(CelExpr expr, Map<String, ValueType> scope) {
        return switch (expr.getKind()) {
            case IDENT -> Optional.ofNullable(scope.get(expr.ident().name()));
            case SELECT ->
                expr.select().testOnly()
                        ? Optional.of(new ValueType.Flag())
                        : typeOf(expr.select().operand(), scope)
                                .flatMap(it -> it.member(expr.select().field()));
            case CALL ->
                expr.call().function().equals("_[_]")
                        ? typeOf(expr.call().args().getFirst(), scope).map(ValueType::item)
                        : Optional.empty();
            case CONSTANT, NOT_SET, LIST, STRUCT, MAP, COMPREHENSION -> Optional.empty();
        };
    }

    private void problem(CelExpr at, String message) {
        int offset = source.getPositionsMap().getOrDefault(at.id(), 0);
        problems.add(source.getOffsetLocation(offset)
                        .map(it -> Positions.at(it.getLine(), it.getColumn()))
                        .orElse("")
                + message);
    }
}
