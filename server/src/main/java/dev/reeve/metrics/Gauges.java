package dev.reeve.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Values of this moment, one for each value of a label. */
final class Gauges implements Metric {
    private final String name;
    private final String help;
    private final String label;
    private final Supplier<Map<String, Double>> values;

    Gauges(String name, String help, String label, Supplier<Map<String, Double>> values) {
        this.name = Metric.checked(name);
        this.help = help;
        this.label = Metric.checked(label);
        this.values = values;
    }

    @Override
    public void write(StringBuilder out) {
        Metric.head(out, name, help, "gauge");
        new TreeMap<>(values.get())
                .forEach((of, value) -> out.append(name)
                        .append('{')
                        .append(label)
                        .append("=\"")
                        .append(of)
                        .append("\"} ")
                        .append(Metric.number(value))
                        .append('\n'));
    }
}
