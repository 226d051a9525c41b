package dev.reeve.condition;

import dev.cel.common.ast.CelExpr;
import java.util.List;
import java.util.Optional;

/**
 * An expression without the values of its constants. Two with one outline are checked alike: CEL's types hang on what kind a constant is, never on
 * its value. Numbers of parts are in it, so that what was found of the parts of one holds for those of the other.
 */
final class Outline {
    private final StringBuilder text = new StringBuilder();
    private boolean plain = true;

    private Outline() {}

    /** Empty where values could matter: nothing is said of objects that are written out. */
    static Optional<String> of(CelExpr expr) {
        Outline outline = new Outline();
        outline.add(expr);
        return outline.plain ? Optional.of(outline.text.toString()) : Optional.empty();
    }

    private void add(CelExpr expr) {
        text.append(expr.id());
        switch (expr.getKind()) {
            case IDENT -> name('i', expr.ident().name());
            case CONSTANT -> name('c', expr.constant().getKind().name());
            case SELECT -> {
                name(expr.select().testOnly() ? 'h' : 's', expr.select().field());
                add(expr.select().operand());
            }
            case CALL -> {
                name('f', expr.call().function());
                text.append(expr.call().target().isPresent() ? 't' : 'n');
                expr.call().target().ifPresent(this::add);
                all(expr.call().args());
            }
            case LIST -> {
                plain &= expr.list().optionalIndices().isEmpty();
                text.append('l');
                all(expr.list().elements());
            }
            case COMPREHENSION -> loop(expr.comprehension());
            case STRUCT, MAP, NOT_SET -> plain = false;
        }
        text.append(';');
    }

    private void loop(CelExpr.CelComprehension loop) {
        name('v', loop.iterVar());
        name('w', loop.iterVar2());
        name('a', loop.accuVar());
        all(List.of(loop.iterRange(), loop.accuInit(), loop.loopCondition(), loop.loopStep(), loop.result()));
    }

    private void all(List<CelExpr> parts) {
        text.append(parts.size()).append('(');
        parts.forEach(this::add);
        text.append(')');
    }

    /** With its length, so that no name reads as something else. */
    private void name(char kind, String name) {
        text.append(kind).append(name.length()).append(':').append(name);
    }
}
