package dev.reeve.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void countersCountByLabelAndEscapeThem() {
        Counter counter = metrics.counter("calls_total", "Calls.", "upstream", "verdict");
        counter.increment("pg", "allow");
        counter.add(2, "pg", "allow");
        counter.increment("a\"b\\c\n", "deny");
        assertEquals("""
                # HELP calls_total Calls.
                # TYPE calls_total counter
                calls_total{upstream="a\\"b\\\\c\\n",verdict="deny"} 1
                calls_total{upstream="pg",verdict="allow"} 3
                """, metrics.text());
    }

    @Test
    void noMetricGrowsWithoutABound() {
        Counter counter = metrics.counter("calls_total", "Calls.", "agent");
        for (int i = 0; i < 10_000; i++) {
            counter.increment("a" + i);
        }
        String text = metrics.text();
        assertEquals(Counter.MOST_SERIES + 3, text.lines().count(), "two head lines, the series, and one for the rest");
        assertTrue(text.contains("calls_total{agent=\"other\"} " + (10_000 - Counter.MOST_SERIES)));
    }

    @Test
    void aHistogramCountsEachTimeInItsBucketAndAllAbove() {
        Histogram histogram = metrics.histogram("seconds", "Time.");
        histogram.observe(Duration.ofNanos(100_000));
        histogram.observe(Duration.ofMillis(3));
        histogram.observe(Duration.ofMinutes(5));
        String text = metrics.text();
        assertTrue(text.contains("seconds_bucket{le=\"1.0E-4\"} 1\n"), text);
        assertTrue(text.contains("seconds_bucket{le=\"0.005\"} 2\n"), text);
        assertTrue(text.contains("seconds_bucket{le=\"30\"} 2\n"), text);
        assertTrue(text.contains("seconds_bucket{le=\"+Inf\"} 3\n"), text);
        assertTrue(text.contains("seconds_count 3\n"), text);
    }

    @Test
    void namesAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> metrics.counter("bad name", "x"));
        Counter counter = metrics.counter("ok_total", "x", "a");
        assertThrows(IllegalArgumentException.class, counter::increment);
    }
}
