package dev.reeve.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class HoursTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void hoursOfADayBeginWithTheFirstAndEndBeforeTheLast() {
        Hours day = new Hours(
                Set.of(DayOfWeek.MONDAY, DayOfWeek.TUESDAY), LocalTime.of(9, 0), LocalTime.of(17, 30), BERLIN);
        assertTrue(day.contain(Instant.parse("2026-11-23T08:00:00Z")), "9:00");
        assertTrue(day.contain(Instant.parse("2026-11-24T16:29:59Z")), "17:29:59");
        assertFalse(day.contain(Instant.parse("2026-11-24T16:30:00Z")), "17:30");
        assertFalse(day.contain(Instant.parse("2026-11-25T09:00:00Z")), "a Wednesday");
        assertEquals("Mon,Tue 09:00-17:30 Europe/Berlin", day.toString());
    }

    @Test
    void hoursGoOverMidnightAndOverTheChangeOfTheClock() {
        Set<DayOfWeek> saturday = Set.of(DayOfWeek.SATURDAY);
        Hours night = new Hours(saturday, LocalTime.of(22, 0), LocalTime.of(6, 0), BERLIN);
        // The night of 24 to 25 October 2026 has nine hours: at 3 o'clock it is 2 again.
        assertTrue(night.contain(Instant.parse("2026-10-24T20:00:00Z")), "22:00 summer time");
        assertTrue(night.contain(Instant.parse("2026-10-25T04:59:00Z")), "5:59 winter time");
        assertFalse(night.contain(Instant.parse("2026-10-25T05:00:00Z")), "6:00 winter time");
        assertFalse(night.contain(Instant.parse("2026-10-24T04:00:00Z")), "the night before");
    }

    @Test
    void hoursWithoutADayOrWithoutAnEndAreNone() {
        LocalTime eight = LocalTime.of(8, 0);
        assertThrows(IllegalArgumentException.class, () -> new Hours(Set.of(), eight, LocalTime.of(9, 0), BERLIN));
        assertThrows(IllegalArgumentException.class, () -> new Hours(Set.of(DayOfWeek.MONDAY), eight, eight, BERLIN));
    }
}
