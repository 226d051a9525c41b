package dev.reeve.condition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelOptions;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.Program;
import dev.reeve.json.Json;
import dev.reeve.policy.Condition;
import dev.reeve.policy.ConditionCompiler;
import dev.reeve.policy.ConditionException;
import dev.reeve.policy.RowPredicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Conditions in CEL over {@code principal}, {@code user}, {@code resource}, {@code arguments}, {@code session}, {@code time} and, for rows,
 * {@code row}. Safe for use by many threads.
 *
 * <p>Limits (R8): {@value #MOST_CHARACTERS} characters, {@value #MOST_NODES} parts, {@value #MOST_DEPTH} levels, {@value #MOST_ITERATIONS}
 * iterations in all of one evaluation; no macro that makes lists longer; patterns in linear time (RE2) and written out.
 */
public final class CelConditions implements ConditionCompiler {
    static final int MOST_CHARACTERS = 4096;
    static final int MOST_NODES = 1000;
    static final int MOST_DEPTH = 40;
    static final int MOST_ITERATIONS = 1000;
    private static final int MOST_SHARED = 20_000;
    private static final int MOST_KINDS = 1000;

    static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(MOST_CHARACTERS)
            .maxParseExpressionNodeCount(MOST_NODES)
            .maxParseRecursionDepth(MOST_DEPTH)
            .comprehensionMaxIterations(MOST_ITERATIONS)
            .maxRegexProgramSize(10_000)
            .enableHeterogeneousNumericComparisons(true)
            .enableQuotedIdentifierSyntax(true)
            .build();

    private final Kept<Key, Compiled> shared = new Kept<>(MOST_SHARED);
    private final Kept<Kind, Surroundings> surroundings = new Kept<>(MOST_KINDS);

    /** Made when the first expression is compiled: its 600 classes take memory that a policy without one does not need. */
    private static final class Shared {
        static final CelRuntime RUNTIME = runtime();
    }

    static CelRuntime runtime() {
        return CelRuntimeFactory.plannerRuntimeBuilder()
                .setOptions(OPTIONS)
                .setStandardFunctions(CelStandardFunctions.newBuilder()
                        .excludeFunctions(CelStandardFunctions.StandardFunction.MATCHES)
                        .build())
                .addFunctionBindings(Patterns.bindings())
                .build();
    }

    /** What a compiled condition depends on, and nothing else. */
    private record Key(String expression, ValueType arguments, boolean rows) {}

    /** What expressions may look at. */
    private record Kind(ValueType arguments, boolean rows) {}

    @Override
    public Condition compile(String expression, Optional<Json.Obj> arguments) throws InvalidExpressionException {
        return compiled(expression, arguments, false);
    }

    @Override
    public RowPredicate compileRows(String expression, Optional<Json.Obj> arguments) throws InvalidExpressionException {
        return compiled(expression, arguments, true);
    }

    private Compiled compiled(String expression, Optional<Json.Obj> schema, boolean rows)
            throws InvalidExpressionException {
        Key key = new Key(expression, schema.map(SchemaTypes::of).orElse(ValueType.Anything.ONE), rows);
        Optional<Compiled> known = shared.find(key);
        return known.isPresent() ? known.get() : shared.put(key, program(key));
    }

    private Surroundings surroundings(Kind kind) {
        return surroundings.of(kind, one -> new Surroundings(one.arguments(), one.rows()));
    }

    private Compiled program(Key key) throws InvalidExpressionException {
        if (key.expression().length() > MOST_CHARACTERS) {
            throw new InvalidExpressionException("has more than " + MOST_CHARACTERS + " characters");
        }
        Surroundings around = surroundings(new Kind(key.arguments(), key.rows()));
        try {
            CelAbstractSyntaxTree parsed = around.parse(key.expression());
            Preparation.Prepared prepared = Preparation.prepare(parsed, around.variables());
            if (!prepared.problems().isEmpty()) {
                throw new InvalidExpressionException(String.join("; ", prepared.problems()));
            }
            CelAbstractSyntaxTree checked = around.check(prepared.tree());
            Shortcut shortcut = Shortcuts.of(checked.getExpr(), around.variables());
            Program program = Shared.RUNTIME.createProgram(checked);
            possible(List.of(parsed), around.variables());
            return new Compiled(shortcut, program, key.arguments());
        } catch (CelEvaluationException | RuntimeException | StackOverflowError e) {
            throw new InvalidExpressionException("cannot be compiled: " + firstLine(e));
        }
    }

    @Override
    public void compileTogether(List<String> expressions) throws InvalidExpressionException {
        Surroundings around = surroundings(new Kind(ValueType.Anything.ONE, false));
        List<CelAbstractSyntaxTree> trees = new ArrayList<>();
        for (String expression : expressions) {
            try {
                trees.add(around.parse(expression));
            } catch (InvalidExpressionException complainedOfByItself) {
                // What stands alone is compiled alone too.
            }
        }
        possible(trees, around.variables());
    }

    /** @throws InvalidExpressionException if they can never be true together */
    private static void possible(List<CelAbstractSyntaxTree> trees, Map<String, ValueType> variables)
            throws InvalidExpressionException {
        List<Formula> formulas = new ArrayList<>();
        for (CelAbstractSyntaxTree tree : trees) {
            formulas.add(new Claims(expr -> Preparation.typeOf(expr, variables)).of(tree.getExpr(), true));
        }
        Optional<Contradiction> found = Contradiction.in(new Formula.All(formulas));
        if (found.isPresent()) {
            String where =
                    trees.size() == 1 ? place(trees.getFirst(), found.get().id()) : "";
            throw new InvalidExpressionException(
                    where + "can never hold: " + found.get().text(),
                    Optional.of("correct it, join what is enough by itself with `||`, or take the whole away"));
        }
    }

    private static String place(CelAbstractSyntaxTree tree, long id) {
        return Optional.ofNullable(tree.getSource().getPositionsMap().get(id))
                .flatMap(tree.getSource()::getOffsetLocation)
                .map(at -> Positions.at(at.getLine(), at.getColumn()))
                .orElse("");
    }

    private static String firstLine(Throwable e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse(e.getClass().getSimpleName());
    }

    /** Whatever comes of it. */
    static CelCompilerBuilder builder(Map<String, ValueType> variables, CelOptions options) {
        CelTypes types = new CelTypes();
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(options)
                .setStandardMacros(
                        CelStandardMacro.HAS,
                        CelStandardMacro.ALL,
                        CelStandardMacro.EXISTS,
                        CelStandardMacro.EXISTS_ONE)
                .addVar("time", SimpleType.TIMESTAMP);
        variables.forEach((name, type) -> builder.addVar(name, types.type("reeve." + name, type)));
        return builder.setTypeProvider(types.provider());
    }

    static final class Compiled implements Condition, RowPredicate {
        private final Shortcut shortcut;
        private final Program program;
        private final ValueType arguments;

        Compiled(Shortcut shortcut, Program program, ValueType arguments) {
            this.shortcut = shortcut;
            this.program = program;
            this.arguments = arguments;
        }

        @Override
        public boolean test(Input input) throws ConditionException {
            return holds(input, null);
        }

        @Override
        public boolean test(Json.Obj row, Input input) throws ConditionException {
            return holds(input, row);
        }

        private boolean holds(Input input, Json.@Nullable Obj row) throws ConditionException {
            return switch (shortcut.of(input, row)) {
                case YES -> true;
                case NO -> false;
                case UNSURE -> evaluated(input, row);
            };
        }

        Shortcut shortcut() {
            return shortcut;
        }

        /** What CEL says. */
        boolean evaluated(Input input, Json.@Nullable Obj row) throws ConditionException {
            try {
                if (program.eval(new Variables(input, arguments, row)) instanceof Boolean holds) {
                    return holds;
                }
                throw new ConditionException("is neither true nor false");
            } catch (CelEvaluationException e) {
                throw new ConditionException(reason(e));
            } catch (Struct.MissingException | Variables.DoubtfulException e) {
                throw new ConditionException(String.valueOf(e.getMessage()));
            } catch (RuntimeException | StackOverflowError e) {
                throw new ConditionException("cannot be evaluated");
            }
        }

        /** CEL's own messages may quote values. */
        private static String reason(CelEvaluationException e) {
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                if (cause instanceof Struct.MissingException || cause instanceof Variables.DoubtfulException) {
                    return String.valueOf(cause.getMessage());
                }
            }
            CelErrorCode code = e.getErrorCode();
            return switch (code) {
                case ATTRIBUTE_NOT_FOUND -> "a value is not there";
                case OVERLOAD_NOT_FOUND, TYPE_NOT_FOUND -> "a value has another type";
                case DIVIDE_BY_ZERO -> "divides by zero";
                case NUMERIC_OVERFLOW -> "a number becomes too large";
                case ITERATION_BUDGET_EXCEEDED -> "needs more than " + MOST_ITERATIONS + " iterations";
                case INDEX_OUT_OF_BOUNDS -> "a list is too short";
                default -> "cannot be evaluated (" + code + ")";
            };
        }
    }
}
