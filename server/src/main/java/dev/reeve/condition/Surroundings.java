package dev.reeve.condition;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.checker.CelStandardDeclarations.StandardFunction;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.reeve.policy.ConditionCompiler.InvalidExpressionException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an expression may name, and compilers that know it. Kept for all expressions over the same arguments, since policies repeat themselves:
 * CEL declares its standard functions anew for each expression that it checks, which costs more than all the rest of compiling it, so it is shown
 * only those that the expression calls, and one that differs from another in values alone is not checked again. Safe for use by many threads.
 */
final class Surroundings {
    private static final int MOST = 200;
    private static final int MOST_OUTLINES = 2000;
    private static final EnumSet<StandardFunction> NONE = EnumSet.noneOf(StandardFunction.class);
    private static final Map<String, EnumSet<StandardFunction>> STANDARD = standard();

    private final Map<String, ValueType> variables;
    private final Set<String> names;
    private final CelCompiler parser;
    private final Kept<EnumSet<StandardFunction>, CelCompiler> checkers = new Kept<>(MOST);
    private final Kept<String, CelAbstractSyntaxTree> outlines = new Kept<>(MOST_OUTLINES);

    /** @param rows whether there is a {@code row} to look at */
    Surroundings(ValueType arguments, boolean rows) {
        Map<String, ValueType> known = new TreeMap<>(Variables.TYPES);
        known.put("arguments", arguments);
        if (rows) {
            known.put("row", ValueType.Anything.ONE);
        }
        this.variables = Map.copyOf(known);
        Set<String> all = new TreeSet<>(known.keySet());
        all.add("time");
        this.names = all;
        this.parser = CelConditions.builder(variables, CelConditions.OPTIONS).build();
    }

    private static Map<String, EnumSet<StandardFunction>> standard() {
        Map<String, EnumSet<StandardFunction>> byName = new TreeMap<>();
        for (StandardFunction function : StandardFunction.values()) {
            byName.computeIfAbsent(function.functionName(), name -> EnumSet.noneOf(StandardFunction.class))
                    .add(function);
        }
        return byName;
    }

    Map<String, ValueType> variables() {
        return variables;
    }

    /** In their order, for people. */
    Set<String> names() {
        return names;
    }

    /** @throws InvalidExpressionException with the places in the text */
    CelAbstractSyntaxTree parse(String expression) throws InvalidExpressionException {
        return tree(parser.parse(expression));
    }

    /**
     * With its types.
     *
     * @throws InvalidExpressionException with the places in the text
     */
    CelAbstractSyntaxTree check(CelAbstractSyntaxTree parsed) throws InvalidExpressionException {
        Optional<String> outline = Outline.of(parsed.getExpr());
        Optional<CelAbstractSyntaxTree> alike = outline.flatMap(outlines::find);
        if (alike.isPresent()) {
            return CelAbstractSyntaxTree.newCheckedAst(
                    parsed.getExpr(),
                    parsed.getSource(),
                    alike.get().getReferenceMap(),
                    alike.get().getTypeMap());
        }
        CelAbstractSyntaxTree checked = tree(checker(parsed).check(parsed));
        if (outline.isPresent() && checked.getExpr().equals(parsed.getExpr())) {
            outlines.put(outline.get(), checked);
        }
        return checked;
    }

    private CelAbstractSyntaxTree tree(CelValidationResult result) throws InvalidExpressionException {
        if (result.hasError()) {
            throw new InvalidExpressionException(Complaints.of(result.getErrors(), names));
        }
        try {
            return result.getAst();
        } catch (CelValidationException e) {
            throw new InvalidExpressionException(Complaints.of(e.getErrors(), names));
        }
    }

    private CelCompiler checker(CelAbstractSyntaxTree parsed) {
        EnumSet<StandardFunction> called = EnumSet.noneOf(StandardFunction.class);
        CelNavigableExpr.fromExpr(parsed.getExpr())
                .allNodes()
                .filter(node -> node.getKind() == Kind.CALL)
                .forEach(node ->
                        called.addAll(STANDARD.getOrDefault(node.expr().call().function(), NONE)));
        return checkers.of(called, this::checker);
    }

    private CelCompiler checker(EnumSet<StandardFunction> called) {
        return CelConditions.builder(variables, CelConditions.OPTIONS)
                .setStandardEnvironmentEnabled(false)
                .setStandardDeclarations(CelStandardDeclarations.newBuilder()
                        .includeFunctions(called)
                        .build())
                .setResultType(SimpleType.BOOL)
                .build();
    }
}
