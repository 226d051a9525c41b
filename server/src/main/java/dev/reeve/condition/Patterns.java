package dev.reeve.condition;

import com.google.common.collect.ImmutableSet;
import com.google.re2j.Pattern;
import dev.cel.runtime.CelFunctionBinding;

/**
 * {@code matches}: linear time (RE2), as in CEL a part of the text is enough. Patterns are written out in the expression, so each is compiled
 * once, where CEL's own function compiles it at each call.
 */
final class Patterns {
    private static final int MOST = 10_000;
    private static final Kept<String, Pattern> COMPILED = new Kept<>(MOST);

    private Patterns() {}

    static ImmutableSet<CelFunctionBinding> bindings() {
        return CelFunctionBinding.fromOverloads(
                "matches",
                CelFunctionBinding.from("matches", String.class, String.class, Patterns::found),
                CelFunctionBinding.from("matches_string", String.class, String.class, Patterns::found));
    }

    private static boolean found(String text, String pattern) {
        return compiled(pattern).matcher(text).find();
    }

    static Pattern compiled(String pattern) {
        return COMPILED.of(pattern, Pattern::compile);
    }
}
