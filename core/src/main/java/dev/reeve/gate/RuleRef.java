package dev.reeve.gate;

/** Where a rule is written. {@code line} counts from 1; 0 means built in. */
public record RuleRef(String name, String file, int line) {
    public static RuleRef builtIn(String name) {
        return new RuleRef(name, "built-in", 0);
    }
}
