package dev.reeve.policy;

import java.time.DayOfWeek;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;

/** The conditions that need no entry, as typed Java. */
final class BuiltIn {
    static final String NO_PII = "no_pii_access";
    static final String SAME_DEPARTMENT = "same_department_only";
    static final String BUSINESS_HOURS = "business_hours";
    private static final String PII = "pii";

    private BuiltIn() {}

    static Optional<Bound> find(String name) {
        return switch (name) {
            case NO_PII ->
                Optional.of(check(name, false, input -> !input.access().tags().contains(PII)));
            case SAME_DEPARTMENT -> Optional.of(new Bound.SameAttribute(name, "department", "department"));
            case BUSINESS_HOURS ->
                Optional.of(check(
                        name, true, input -> inBusinessHours(input.facts().now().atZone(ZoneOffset.UTC))));
            default -> Optional.empty();
        };
    }

    private static Bound check(String name, boolean usesTime, Condition condition) {
        return new Bound.Check(name, usesTime, Map.of(), condition);
    }

    /** Monday to Friday, 8 to 18 o'clock UTC. */
    private static boolean inBusinessHours(ZonedDateTime now) {
        boolean weekday = now.getDayOfWeek() != DayOfWeek.SATURDAY && now.getDayOfWeek() != DayOfWeek.SUNDAY;
        return weekday && now.getHour() >= 8 && now.getHour() < 18;
    }
}
