package dev.reeve.config;

import dev.reeve.gate.Hours;
import dev.reeve.policy.Guardrail;
import dev.reeve.policy.Place;
import dev.reeve.policy.PolicySource;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** {@code guardrails:} of the folder {@code policies} as values. */
final class GuardrailReader {
    private static final String DAY = "(mon|tue|wed|thu|fri|sat|sun)";
    static final String DAYS = DAY + "(-" + DAY + ")?";

    private static final List<String> SORTS = List.of("find", "data", "prohibit", "hours");
    /** What means something with one sort only. */
    private static final Map<String, String> ONLY_WITH =
            Map.of("in", "find", "do", "find", "may_go_to", "data", "may_be_kept_by", "data");

    private static final Duration SHORTEST_LIFE = Duration.ofMinutes(1);
    private static final Duration USUAL_LIFE = Duration.ofDays(1);
    private static final Duration LONGEST_LIFE = Duration.ofDays(30);

    private final Problems problems;
    private final Function<Node.Mapping, PolicySource.Target> targets;

    GuardrailReader(Problems problems, Function<Node.Mapping, PolicySource.Target> targets) {
        this.problems = problems;
        this.targets = targets;
    }

    List<Guardrail> read(List<Node> items) {
        List<Guardrail> guardrails = new ArrayList<>();
        Map<String, Place> names = new HashMap<>();
        for (Node item : items) {
            guardrail((Node.Mapping) item).ifPresent(guardrail -> {
                String name = guardrail.common().name();
                Place before = names.putIfAbsent(name, guardrail.place());
                if (before != null && !name.startsWith(guardrail.place().toString())) {
                    problems.error(item, "the guardrail \"" + name + "\" is defined twice; first in " + before, "");
                }
                guardrails.add(guardrail);
            });
        }
        return guardrails;
    }

    private Optional<Guardrail> guardrail(Node.Mapping entry) {
        List<String> sorts = SORTS.stream().filter(entry::mentions).toList();
        if (sorts.size() != 1) {
            problems.error(
                    entry,
                    sorts.isEmpty() ? "says not what it guards" : "says two things: " + String.join(", ", sorts),
                    "a guardrail has one of `find`, `data`, `prohibit`, `hours`");
            return Optional.empty();
        }
        String sort = sorts.getFirst();
        ONLY_WITH.forEach((key, of) -> onlyWith(entry, key, of.equals(sort), "`" + of + "`"));
        boolean tokens = entry.text("as").filter("tokens"::equals).isPresent();
        onlyWith(entry, "as", entry.text("do").filter("redact"::equals).isPresent(), "`do: redact`");
        onlyWith(entry, "for", tokens, "`as: tokens`");
        onlyWith(
                entry,
                "by",
                tokens || entry.text("do").filter("hold"::equals).isPresent(),
                "`do: hold` or `as: tokens`");
        onlyWith(entry, "on", !sort.equals("prohibit"), "another than `prohibit`");
        return switch (sort) {
            case "find" -> content(entry);
            case "data" -> flow(entry);
            case "prohibit" -> Optional.of(new Guardrail.Prohibition(common(entry, "prohibit"), Optional.empty()));
            default ->
                entry.mapping("hours")
                        .flatMap(this::hours)
                        .map(hours -> new Guardrail.Prohibition(common(entry, "on"), Optional.of(hours)));
        };
    }

    private void onlyWith(Node.Mapping entry, String key, boolean allowed, String needs) {
        entry.get(key)
                .filter(it -> !allowed)
                .ifPresent(it -> problems.error(it, "means nothing without " + needs, "remove it"));
    }

    private Guardrail.Common common(Node.Mapping entry, String target) {
        return new Guardrail.Common(
                entry.text("name").orElseGet(() -> entry.place().toString()),
                entry.mapping(target).map(targets),
                entry.text("reason").orElse(""),
                entry.text("tell").isPresent(),
                entry.place());
    }

    private Optional<Guardrail> content(Node.Mapping entry) {
        if (entry.text("do").isEmpty()) {
            problems.error(entry, "says not what to `do`", "one of `deny`, `redact`, `hold`, `warn`");
            return Optional.empty();
        }
        return Optional.of(new Guardrail.Content(
                common(entry, "on"),
                entry.texts("find"),
                Guardrail.Where.valueOf(word(entry.text("in").orElse("both"))),
                Guardrail.Response.valueOf(word(entry.text("do").get())),
                entry.texts("by"),
                entry.text("as").filter("tokens"::equals).map(ignored -> life(entry))));
    }

    private Duration life(Node.Mapping entry) {
        Duration life = entry.text("for").flatMap(Units::time).orElse(USUAL_LIFE);
        if (life.compareTo(SHORTEST_LIFE) < 0 || life.compareTo(LONGEST_LIFE) > 0) {
            problems.error(entry, "tokens live for 1m to 30d", "write `for: 24h`");
        }
        return life;
    }

    private static String word(String written) {
        return written.toUpperCase(Locale.ROOT);
    }

    private Optional<Guardrail> flow(Node.Mapping entry) {
        List<String> ways =
                Stream.of("may_go_to", "may_be_kept_by").filter(entry::mentions).toList();
        if (ways.size() != 1) {
            problems.error(
                    entry,
                    "says not once where the data may be",
                    "`may_go_to` or `may_be_kept_by`; an empty list is nowhere");
            return Optional.empty();
        }
        return Optional.of(new Guardrail.Flow(
                common(entry, "on"),
                entry.texts("data"),
                entry.texts(ways.getFirst()),
                ways.getFirst().equals("may_be_kept_by")));
    }

    private Optional<Hours> hours(Node.Mapping entry) {
        try {
            return Optional.of(new Hours(
                    days(entry.texts("days")),
                    LocalTime.parse(entry.text("from").orElse("")),
                    LocalTime.parse(entry.text("to").orElse("")),
                    ZoneId.of(entry.text("zone").orElse(""))));
        } catch (DateTimeException | IllegalArgumentException e) {
            problems.error(
                    entry, "are no hours: " + e.getMessage(), "as { zone: Europe/Berlin, from: 08:00, to: 18:00 }");
            return Optional.empty();
        }
    }

    private static Set<DayOfWeek> days(List<String> written) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String text : written) {
            DayOfWeek last = day(text.substring(text.length() - 3));
            DayOfWeek day = day(text.substring(0, 3));
            while (day != last) {
                days.add(day);
                day = day.plus(1);
            }
            days.add(last);
        }
        return days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days;
    }

    private static DayOfWeek day(String letters) {
        return Stream.of(DayOfWeek.values())
                .filter(day -> day.name().toLowerCase(Locale.ROOT).startsWith(letters))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no day `" + letters + "`"));
    }
}
