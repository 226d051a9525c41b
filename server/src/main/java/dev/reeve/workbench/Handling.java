package dev.reeve.workbench;

import dev.reeve.gate.Finding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What exactly is done to what comes back: {@code only the columns id}, {@code at most 10 rows}, as the policy says it and as the record keeps it.
 * What the policy's guardrails found in arguments is none of it.
 *
 * @param parts each said once
 */
record Handling(Set<String> parts) {
    static final Handling NONE = new Handling(Set.of());

    private static final String AUTHORISE = "authorise";
    private static final String COLUMNS = "only the columns ";
    private static final String MASKED = " masked";
    private static final String ROWS = "rows are filtered by ";
    private static final Pattern LIMIT = Pattern.compile("at most ([0-9]{1,10}) rows?");

    Handling {
        parts = Set.copyOf(parts);
    }

    static Handling of(List<Finding> findings) {
        Set<String> parts = new HashSet<>();
        for (Finding finding : findings) {
            switch (finding) {
                case Finding.Oblige oblige
                when !oblige.obligation().isAdvice() -> said(finding, oblige.reason(), parts);
                case Finding.Redact redact -> said(finding, redact.reason(), parts);
                default -> {}
            }
        }
        return new Handling(parts);
    }

    private static void said(Finding finding, String reason, Set<String> parts) {
        if (isSaidBy(finding.stage())) {
            parts.addAll(read(reason));
        }
    }

    static boolean isSaidBy(String stage) {
        return stage.equals(AUTHORISE);
    }

    /** Of one reason. */
    static List<String> read(String reason) {
        return List.of(reason.split("; ", -1));
    }

    /** What came of comparing. */
    enum Change {
        SAME,
        TIGHTER,
        WIDER,
        /** By the record, it cannot be said which rows were left out then. */
        UNKNOWN
    }

    /** Whether the other shows more than this one, in any part; what filters rows otherwise may show others. */
    Change to(Handling other) {
        if (parts.equals(other.parts)) {
            return Change.SAME;
        }
        Set<String> columns = columns();
        Set<String> others = other.columns();
        boolean moreColumns = !columns.isEmpty() && (others.isEmpty() || !columns.containsAll(others));
        boolean moreRows = limit() < other.limit();
        if (moreColumns || moreRows || !other.masked().containsAll(masked())) {
            return Change.WIDER;
        }
        Set<String> left = rest();
        left.removeAll(other.rest());
        if (left.isEmpty()) {
            return Change.TIGHTER;
        }
        return left.stream().allMatch(one -> other.saysMore(one)) ? Change.UNKNOWN : Change.WIDER;
    }

    /** Records of before say by which condition rows were filtered, and not what it said. */
    private boolean saysMore(String part) {
        return part.startsWith(ROWS) && parts.stream().anyMatch(one -> one.startsWith(part + " ("));
    }

    private Set<String> columns() {
        Set<String> names = new HashSet<>();
        parts.stream()
                .filter(part -> part.startsWith(COLUMNS))
                .forEach(part ->
                        names.addAll(List.of(part.substring(COLUMNS.length()).split(", ", -1))));
        return names;
    }

    private Set<String> masked() {
        Set<String> names = new HashSet<>();
        parts.stream()
                .filter(part -> part.endsWith(MASKED))
                .forEach(part -> names.addAll(List.of(
                        part.substring(0, part.length() - MASKED.length()).split(", ", -1))));
        return names;
    }

    private long limit() {
        long least = Long.MAX_VALUE;
        for (String part : parts) {
            Matcher limit = LIMIT.matcher(part);
            if (limit.matches()) {
                least = Math.min(least, Long.parseLong(limit.group(1)));
            }
        }
        return least;
    }

    private Set<String> rest() {
        return parts.stream()
                .filter(part -> !part.startsWith(COLUMNS)
                        && !part.endsWith(MASKED)
                        && !LIMIT.matcher(part).matches())
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** {@code allow (at most 1 row; only the columns id)}. */
    String with(dev.reeve.gate.Journal.Ruling ruling) {
        List<String> sorted = new ArrayList<>(new TreeSet<>(parts));
        return ruling.name().toLowerCase(Locale.ROOT) + " (" + String.join("; ", sorted) + ")";
    }
}
