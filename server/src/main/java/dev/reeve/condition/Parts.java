package dev.reeve.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.compiler.CelCompiler;
import dev.cel.parser.CelUnparserFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.reeve.json.JsonWriter;
import dev.reeve.policy.Condition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The parts of a condition, with what each of them is for one action: what people look at when they ask why it does not hold. Costs a
 * compilation for each part; never on the way of a call.
 */
public final class Parts {
    private static final Set<String> LOGIC = Set.of("_&&_", "_||_", "!_");
    private static final CelOptions OPTIONS =
            CelConditions.OPTIONS.toBuilder().populateMacroCalls(true).build();
    private static final int MOST = 40;
    private static final int LONGEST = 200;

    private final CelCompiler compiler;
    private final CelRuntime runtime = CelConditions.runtime();
    private final Map<String, ValueType> variables = new TreeMap<>(Variables.TYPES);
    private final Condition.Input input;
    private final Map<String, String> found = new LinkedHashMap<>();

    private Parts(Condition.Input input) {
        this.input = input;
        variables.put("arguments", ValueType.Anything.ONE);
        this.compiler = CelConditions.builder(variables, OPTIONS).build();
    }

    /** @param value as CEL would write it, cut if it is long; or why there is none */
    public record Part(String text, String value) {}

    /** From the whole to its parts; empty if the expression is none. At most {@value #MOST}. */
    public static List<Part> of(String expression, Condition.Input input) {
        return new Parts(input).run(expression);
    }

    private List<Part> run(String expression) {
        try {
            CelAbstractSyntaxTree tree = compiler.parse(expression).getAst();
            collect(tree, tree.getExpr());
        } catch (CelValidationException | RuntimeException | StackOverflowError e) {
            return List.of();
        }
        List<Part> parts = new ArrayList<>();
        found.forEach((text, value) -> parts.add(new Part(text, value)));
        return parts;
    }

    private void collect(CelAbstractSyntaxTree whole, CelExpr expr) {
        if (found.size() >= MOST || expr.getKind() == Kind.CONSTANT || expr.getKind() == Kind.LIST) {
            return;
        }
        String text =
                CelUnparserFactory.newUnparser().unparse(CelAbstractSyntaxTree.newParsedAst(expr, whole.getSource()));
        found.computeIfAbsent(text, this::value);
        if (expr.getKind() == Kind.CALL && isOpen(expr)) {
            expr.call().target().ifPresent(target -> collect(whole, target));
            expr.call().args().forEach(argument -> collect(whole, argument));
        }
    }

    /** Logic is taken apart to its ends, a comparison into its two sides. */
    private static boolean isOpen(CelExpr expr) {
        return LOGIC.contains(expr.call().function()) || !expr.call().function().equals("_[_]");
    }

    private String value(String text) {
        try {
            Preparation.Prepared prepared =
                    Preparation.prepare(compiler.parse(text).getAst(), variables);
            Object value = runtime.createProgram(compiler.check(prepared.tree()).getAst())
                    .eval(new Variables(input, ValueType.Anything.ONE, null));
            return shown(value);
        } catch (CelValidationException e) {
            return "cannot be said by itself";
        } catch (CelEvaluationException | RuntimeException | StackOverflowError e) {
            return missing(e).orElse("cannot be evaluated");
        }
    }

    private static Optional<String> missing(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof Struct.MissingException || cause instanceof Variables.DoubtfulException) {
                return Optional.of(String.valueOf(cause.getMessage()));
            }
        }
        return Optional.empty();
    }

    private static String shown(Object value) {
        String text = switch (value) {
            case String string -> JsonWriter.text(new dev.reeve.json.Json.Str(string));
            case Struct ignored -> "an object";
            default -> String.valueOf(value);
        };
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    }
}
