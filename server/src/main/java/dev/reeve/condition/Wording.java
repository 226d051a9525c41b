package dev.reeve.condition;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An expression in one spelling: two that are written alike here have the same value in the same evaluation. */
final class Wording {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private Wording() {}

    static String of(CelExpr expr) {
        return switch (expr.getKind()) {
            case IDENT -> expr.ident().name();
            case CONSTANT -> constant(expr.constant());
            case SELECT -> select(expr.select());
            case CALL -> call(expr.call());
            case LIST -> expr.list().elements().stream().map(Wording::of).collect(Collectors.joining(", ", "[", "]"));
            // Written twice they are two: nothing is claimed of them.
            case COMPREHENSION, STRUCT, MAP, NOT_SET -> "(...)#" + expr.id();
        };
    }

    private static String select(CelExpr.CelSelect select) {
        String field = PLAIN.matcher(select.field()).matches() ? select.field() : "`" + select.field() + "`";
        String path = within(select.operand()) + "." + field;
        return select.testOnly() ? "has(" + path + ")" : path;
    }

    private static String call(CelExpr.CelCall call) {
        String infix = Operators.INFIX.get(call.function());
        if (infix != null && call.args().size() == 2) {
            return within(call.args().get(0)) + " " + infix + " "
                    + within(call.args().get(1));
        }
        if (call.function().equals("_[_]")) {
            return within(call.args().get(0)) + "[" + of(call.args().get(1)) + "]";
        }
        if (call.function().equals("!_") || call.function().equals("-_")) {
            return call.function().charAt(0) + within(call.args().getFirst());
        }
        String args = call.args().stream().map(Wording::of).collect(Collectors.joining(", ", "(", ")"));
        Optional<String> target = call.target().map(Wording::within);
        return target.map(text -> text + ".").orElse("") + call.function() + args;
    }

    private static String within(CelExpr expr) {
        boolean compound = expr.getKind() == CelExpr.ExprKind.Kind.CALL
                && Operators.INFIX.containsKey(expr.call().function());
        return compound ? "(" + of(expr) + ")" : of(expr);
    }

    private static String constant(CelConstant constant) {
        return switch (constant.getKind()) {
            case NULL_VALUE -> "null";
            case BOOLEAN_VALUE -> String.valueOf(constant.booleanValue());
            case INT64_VALUE -> String.valueOf(constant.int64Value());
            case UINT64_VALUE -> constant.uint64Value() + "u";
            case DOUBLE_VALUE -> String.valueOf(constant.doubleValue());
            case STRING_VALUE -> JsonWriter.text(new Json.Str(constant.stringValue()));
            default -> String.valueOf(constant);
        };
    }
}
