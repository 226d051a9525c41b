package dev.reeve.condition;

import dev.cel.common.CelIssue;
import dev.reeve.config.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What CEL complains of, in the words of somebody who writes a policy. */
final class Complaints {
    private static final int MOST = 3;
    private static final Pattern OVERLOAD =
            Pattern.compile("found no matching overload for '([^']+)' applied to '\\(([^']*)\\)'.*", Pattern.DOTALL);
    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']+)'.*", Pattern.DOTALL);
    private static final Pattern RESULT = Pattern.compile("expected type 'bool' but found '([^']+)'");

    private Complaints() {}

    static String of(List<CelIssue> issues, Collection<String> variables) {
        return issues.stream()
                .limit(MOST)
                .map(issue -> Positions.at(
                                issue.getSourceLocation().getLine(),
                                issue.getSourceLocation().getColumn())
                        + plain(issue.getMessage(), variables))
                .collect(Collectors.joining("; "));
    }

    private static String plain(String message, Collection<String> variables) {
        Matcher overload = OVERLOAD.matcher(message);
        if (overload.matches()) {
            return overload(overload.group(1), overload.group(2));
        }
        Matcher undeclared = UNDECLARED.matcher(message);
        if (undeclared.matches()) {
            String hint = Nearest.hint(undeclared.group(1), variables);
            return "there is no `" + undeclared.group(1) + "`; "
                    + (hint.isEmpty() ? "known are " + String.join(", ", variables) : hint);
        }
        Matcher result = RESULT.matcher(message);
        if (result.matches()) {
            return "a condition is true or false, and this is a " + result.group(1);
        }
        int lists = message.indexOf(" expecting {");
        return lists < 0 ? message : message.substring(0, lists);
    }

    private static String overload(String function, String types) {
        String text = "`" + Operators.ALL.getOrDefault(function, function) + "` cannot be applied to (" + types + ")";
        boolean mixed = types.equals("double, int") || types.equals("int, double");
        return mixed ? text + "; write double(x) around the whole number" : text;
    }
}
