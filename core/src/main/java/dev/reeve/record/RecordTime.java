package dev.reeve.record;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/** Reads times as records have them, {@code 2026-11-24T10:00:00.123456Z}: the formatter of the JDK takes longer than anything else that is read. */
public final class RecordTime {
    private static final String FORM = "0000-00-00T00:00:00";
    private static final int NANO_DIGITS = 9;

    private RecordTime() {}

    /**
     * As {@link Instant#parse}.
     *
     * @throws DateTimeException if it is no time
     */
    public static Instant parse(String text) {
        int end = text.length() - 1;
        if (!hasForm(text, end)) {
            return Instant.parse(text);
        }
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (hour > 23 || minute > 59 || second > 59) {
            return Instant.parse(text); // the end of a day, a leap second, or none
        }
        long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                .toEpochDay();
        int nanos = end > FORM.length() ? number(text, FORM.length() + 1, end) : 0;
        for (int digits = end - FORM.length() - 1; digits < NANO_DIGITS; digits++) {
            nanos *= 10;
        }
        return Instant.ofEpochSecond(day * 86_400 + hour * 3_600L + minute * 60L + second, nanos);
    }

    /** Digits where there must be some, one to nine of a fraction if there is one, and {@code Z}. */
    private static boolean hasForm(String text, int end) {
        if (end < FORM.length() || end > FORM.length() + 1 + NANO_DIGITS || text.charAt(end) != 'Z') {
            return false;
        }
        for (int i = 0; i < FORM.length(); i++) {
            char form = FORM.charAt(i);
            if (form == '0' ? !isDigit(text.charAt(i)) : text.charAt(i) != form) {
                return false;
            }
        }
        if (end == FORM.length()) {
            return true;
        }
        for (int i = FORM.length() + 1; i < end; i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return text.charAt(FORM.length()) == '.' && end > FORM.length() + 1;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + (text.charAt(i) - '0');
        }
        return number;
    }
}
