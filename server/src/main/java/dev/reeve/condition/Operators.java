package dev.reeve.condition;

import java.util.HashMap;
import java.util.Map;

/** What CEL calls its operators, and how people write them. */
final class Operators {
    /** Those that stand between two operands. */
    static final Map<String, String> INFIX = Map.ofEntries(
            Map.entry("_==_", "=="),
            Map.entry("_!=_", "!="),
            Map.entry("_<_", "<"),
            Map.entry("_<=_", "<="),
            Map.entry("_>_", ">"),
            Map.entry("_>=_", ">="),
            Map.entry("_+_", "+"),
            Map.entry("_-_", "-"),
            Map.entry("_*_", "*"),
            Map.entry("_/_", "/"),
            Map.entry("_%_", "%"),
            Map.entry("_&&_", "&&"),
            Map.entry("_||_", "||"),
            Map.entry("@in", "in"));

    static final Map<String, String> ALL = all();

    private Operators() {}

    private static Map<String, String> all() {
        Map<String, String> all = new HashMap<>(INFIX);
        all.putAll(Map.of("!_", "!", "-_", "-", "_[_]", "[]", "_?_:_", "?:"));
        return Map.copyOf(all);
    }
}
