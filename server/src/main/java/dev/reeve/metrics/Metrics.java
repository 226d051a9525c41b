package dev.reeve.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** All metrics of the process, by name; asking twice for a name gives the same one. */
public final class Metrics {
    private final Map<String, Metric> metrics = new ConcurrentSkipListMap<>();

    /** @param labels names; their values are few and ours */
    public Counter counter(String name, String help, String... labels) {
        return (Counter) metrics.computeIfAbsent(name, ignored -> new Counter(name, help, labels));
    }

    /** A value that is asked for when somebody reads. */
    public void gauge(String name, String help, DoubleSupplier value) {
        metrics.put(name, new Gauge(name, help, value));
    }

    /** @param values by the value of the label, which is a name that the operator gave: letters, digits, {@code _} and {@code -} */
    public void gauges(String name, String help, String label, Supplier<Map<String, Double>> values) {
        metrics.put(name, new Gauges(name, help, label, values));
    }

    /** Times in seconds. */
    public Histogram histogram(String name, String help) {
        return (Histogram) metrics.computeIfAbsent(name, ignored -> new Histogram(name, help));
    }

    /** The Prometheus text format, version 0.0.4. */
    public String text() {
        StringBuilder out = new StringBuilder(4_096);
        metrics.values().forEach(metric -> metric.write(out));
        return out.toString();
    }
}
