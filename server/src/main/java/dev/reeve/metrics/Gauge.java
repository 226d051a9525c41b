package dev.reeve.metrics;

import java.util.function.DoubleSupplier;

/** A value of this moment. */
final class Gauge implements Metric {
    private final String name;
    private final String help;
    private final DoubleSupplier value;

    Gauge(String name, String help, DoubleSupplier value) {
        this.name = Metric.checked(name);
        this.help = help;
        this.value = value;
    }

    @Override
    public void write(StringBuilder out) {
        Metric.head(out, name, help, "gauge");
        out.append(name).append(' ').append(Metric.number(value.getAsDouble())).append('\n');
    }
}
