package dev.reeve.config;

import static dev.reeve.config.Shape.must;
import static dev.reeve.config.Shape.struct;
import static dev.reeve.config.Shape.text;

import dev.reeve.gate.AskTerms;
import dev.reeve.gate.Hours;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** On which terms people answer, as a rule of {@code require_approval} says it. */
final class ApprovalTerms {
    static final Shape BY = new Shape.ListOf(
            text(
                    "`owner`, `user:NAME`, `group:NAME`, `role:NAME` or the name of a person",
                    "(?:(?:user|group|role):)?[^\\p{Cntrl}\\s:][^\\p{Cntrl}:]{0,127}"),
            1,
            true);

    static final Shape.Struct ESCALATE = struct(
            must(
                    "after",
                    new Shape.Time(Duration.ofMinutes(1), AskTerms.LONGEST),
                    "How long those of `by` are waited for."),
            must("to", BY, "Who may answer too from then on."));

    static final Shape.Field UP_TO =
            must("up_to", new Shape.Time(AskTerms.SHORTEST_GRANT, AskTerms.LONGEST_GRANT), "For how long at most.");

    static final Shape.Struct GRANT = struct(UP_TO);

    private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final String DAY = "(Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
    private static final Pattern HOURS_FORM = Pattern.compile(
            DAY + "(?:-" + DAY + ")? ([0-2][0-9]:[0-5][0-9])-([0-2][0-9]:[0-5][0-9]) ([A-Za-z0-9_+/-]{1,64})");

    static final Shape HOURS = text("hours as `Mon-Fri 09:00-17:30 Europe/Berlin`", HOURS_FORM.pattern());

    private final Problems problems;

    private ApprovalTerms(Problems problems) {
        this.problems = problems;
    }

    static AskTerms read(Node.Mapping entry, Problems problems) {
        ApprovalTerms terms = new ApprovalTerms(problems);
        Duration expires = time("expires", entry).orElse(AskTerms.USUAL.expires());
        return new AskTerms(
                entry.text("quorum").map(Integer::parseInt).orElse(1),
                expires,
                entry.mapping("escalate").flatMap(one -> terms.escalation(one, expires)),
                entry.scalar("hours").flatMap(terms::hours),
                entry.text("reason_required").filter("true"::equals).isPresent(),
                entry.mapping("grant").flatMap(one -> time("up_to", one)));
    }

    private static Optional<Duration> time(String key, Node.Mapping from) {
        return from.text(key).flatMap(Units::time);
    }

    private Optional<AskTerms.Escalation> escalation(Node.Mapping escalate, Duration expires) {
        // That it is no time is told where its form is.
        Optional<Duration> after = time("after", escalate);
        if (after.isPresent() && after.get().compareTo(expires) >= 0) {
            problems.error(escalate, "`after` is not before the question expires", "a longer `expires`, or ask sooner");
            return Optional.empty();
        }
        return after.map(time -> new AskTerms.Escalation(time, escalate.texts("to")));
    }

    private Optional<Hours> hours(Node.Scalar node) {
        Matcher parts = HOURS_FORM.matcher(node.text());
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Hours(
                    days(parts.group(1), Optional.ofNullable(parts.group(2))),
                    LocalTime.parse(parts.group(3)),
                    LocalTime.parse(parts.group(4)),
                    ZoneId.of(parts.group(5))));
        } catch (DateTimeException | IllegalArgumentException e) {
            problems.error(node, "\"" + node.text() + "\" are no hours: they begin and end, in a zone that exists");
            return Optional.empty();
        }
    }

    /** {@code Sat-Mon} goes around the week. */
    private static Set<DayOfWeek> days(String from, Optional<String> to) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        DayOfWeek day = DayOfWeek.of(DAYS.indexOf(from) + 1);
        DayOfWeek last = to.map(word -> DayOfWeek.of(DAYS.indexOf(word) + 1)).orElse(day);
        while (days.add(day) && day != last) {
            day = day.plus(1);
        }
        return days;
    }
}
