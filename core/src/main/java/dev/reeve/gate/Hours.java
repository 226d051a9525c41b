package dev.reeve.gate;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Hours of some days by the clock of a place, so also where it is put forward or back.
 *
 * @param from included
 * @param to excluded; before {@code from}: it goes over midnight, and belongs to the day on which it began
 */
public record Hours(Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone) {
    public Hours {
        days = Set.copyOf(days);
        if (from.equals(to) || days.isEmpty()) {
            throw new IllegalArgumentException("hours begin and end, on some day");
        }
    }

    public boolean contain(Instant now) {
        ZonedDateTime there = now.atZone(zone);
        LocalTime time = there.toLocalTime();
        if (from.isBefore(to)) {
            return !time.isBefore(from) && time.isBefore(to) && days.contains(there.getDayOfWeek());
        }
        return !time.isBefore(from)
                ? days.contains(there.getDayOfWeek())
                : time.isBefore(to) && days.contains(there.getDayOfWeek().minus(1));
    }

    /** As {@code Mon,Tue 09:00-17:30 Europe/Berlin}. */
    @Override
    public String toString() {
        return String.join(",", new TreeSet<>(days).stream().map(Hours::shortly).toList()) + " " + from + "-" + to + " "
                + zone;
    }

    private static String shortly(DayOfWeek day) {
        return day.name().charAt(0) + day.name().substring(1, 3).toLowerCase(Locale.ROOT);
    }
}
