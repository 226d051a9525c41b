package dev.reeve.workbench;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a condition looks at, read from its text; rather too much than too little: a word in a quoted text counts too.
 *
 * @param arguments by their first name; empty optional: any
 * @param principal members of the principal; empty optional: any
 */
record Needs(Optional<Set<String>> arguments, Optional<Set<String>> principal, boolean session, boolean time) {
    /** What a principal has in every record; all else stands in files. */
    private static final Set<String> RECORDED = Set.of("agent", "instance", "tenant", "user", "actors", "roles");

    private static final Pattern VARIABLE = Pattern.compile(
            "\\b(arguments|principal|session|time)\\b(?:\\s*\\.\\s*([A-Za-z_][A-Za-z0-9_]*)(\\s*\\()?)?");

    static Needs of(String expression) {
        Set<String> arguments = new HashSet<>();
        Set<String> principal = new HashSet<>();
        boolean anyArgument = false;
        boolean anyOfPrincipal = false;
        boolean session = false;
        boolean time = false;
        Matcher found = VARIABLE.matcher(expression);
        while (found.find()) {
            // `arguments.all(...)` is a macro over every member.
            Optional<String> member = Optional.ofNullable(found.group(2)).filter(it -> found.group(3) == null);
            switch (found.group(1)) {
                case "arguments" -> anyArgument |= member.map(arguments::add).isEmpty();
                case "principal" -> anyOfPrincipal |= member.map(principal::add).isEmpty();
                case "session" -> session = true;
                default -> time = true;
            }
        }
        return new Needs(
                anyArgument ? Optional.empty() : Optional.of(Set.copyOf(arguments)),
                anyOfPrincipal ? Optional.empty() : Optional.of(Set.copyOf(principal)),
                session,
                time);
    }

    /** Of a condition that needs no text. */
    static Needs ofBuiltIn(String name) {
        return of(name.equals("business_hours") ? "time" : "");
    }

    /** Whether it looks at an owner, or at an attribute that the operator gave. */
    boolean isAboutFiles() {
        return principal.isEmpty() || !RECORDED.containsAll(principal.get());
    }
}
