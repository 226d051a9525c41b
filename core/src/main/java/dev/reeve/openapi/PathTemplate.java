package dev.reeve.openapi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path with parameters: {@code /customers/{id}/orders} (OpenAPI 3.1, "Path Templating"). Compared segment by segment, after each was decoded once.
 * A value holds no slash.
 */
public record PathTemplate(List<Segment> segments) {
    private static final int LONGEST = 1_024;
    private static final int MOST_SEGMENTS = 32;
    private static final Pattern SEGMENT = Pattern.compile("([^{}]*)(?:\\{([^{}]{1,64})}([^{}]*))?");
    private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9._~!$&'()+,=:@-]*");

    /** What is concrete comes before what is not; the first difference from the left counts. */
    static final Comparator<PathTemplate> CLOSEST = PathTemplate::compare;

    /** @param before and {@code after}: the text around the parameter; of a segment without one {@code before} is all of it */
    public record Segment(String before, Optional<String> parameter, String after) {
        boolean takes(String value) {
            if (parameter.isEmpty()) {
                return value.equals(before);
            }
            return value.length() > before.length() + after.length()
                    && value.startsWith(before)
                    && value.endsWith(after);
        }

        /** 0: concrete; otherwise the more text, the closer. */
        int distance() {
            return parameter.isEmpty() ? 0 : Integer.MAX_VALUE - before.length() - after.length();
        }
    }

    public PathTemplate {
        segments = List.copyOf(segments);
    }

    /** @throws IllegalArgumentException saying what is wrong with the text */
    public static PathTemplate of(String text) {
        check(
                text.startsWith("/") && text.length() <= LONGEST,
                "a path begins with `/`, and has at most 1024 characters");
        List<Segment> segments = new ArrayList<>();
        for (String one : text.substring(1).split("/", -1)) {
            Matcher found = SEGMENT.matcher(one);
            check(found.matches(), "a segment has at most one parameter in braces");
            String before = String.valueOf(found.group(1));
            String after = found.group(3) == null ? "" : found.group(3);
            check(
                    LITERAL.matcher(before).matches() && LITERAL.matcher(after).matches(),
                    "a path is written without `%`, `;`, `*` and spaces");
            check(!one.equals(".") && !one.equals(".."), "a path holds no `.` or `..`");
            segments.add(new Segment(before, Optional.ofNullable(found.group(2)), after));
        }
        check(segments.size() <= MOST_SEGMENTS, "a path has at most " + MOST_SEGMENTS + " segments");
        List<String> parameters = new PathTemplate(segments).parameters();
        check(parameters.stream().distinct().count() == parameters.size(), "a path names each parameter once");
        return new PathTemplate(segments);
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    public List<String> parameters() {
        return segments.stream()
                .flatMap(segment -> segment.parameter().stream())
                .toList();
    }

    /** @param path decoded segments */
    public boolean matches(List<String> path) {
        if (path.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < path.size(); i++) {
            if (!segments.get(i).takes(path.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Without the names of the parameters: templates with one shape match the same paths, which OpenAPI calls identical and forbids. */
    String shape() {
        return text(name -> "{}");
    }

    private static int compare(PathTemplate one, PathTemplate other) {
        for (int i = 0; i < Math.min(one.segments.size(), other.segments.size()); i++) {
            int found = Integer.compare(
                    one.segments.get(i).distance(), other.segments.get(i).distance());
            if (found != 0) {
                return found;
            }
        }
        return one.toString().compareTo(other.toString());
    }

    /** The path with values in the place of the parameters. */
    public String with(Map<String, String> values) {
        return text(name -> values.getOrDefault(name, ""));
    }

    private String text(Function<String, String> parameter) {
        StringBuilder text = new StringBuilder();
        segments.forEach(segment -> text.append('/')
                .append(segment.before())
                .append(segment.parameter().map(parameter).orElse(""))
                .append(segment.after()));
        return text.toString();
    }

    @Override
    public String toString() {
        return text(name -> "{" + name + "}");
    }
}
