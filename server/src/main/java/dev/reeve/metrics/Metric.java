package dev.reeve.metrics;

/** Something that can write itself as Prometheus reads it. */
sealed interface Metric permits Counter, Gauge, Gauges, Histogram {
    void write(StringBuilder out);

    static void head(StringBuilder out, String name, String help, String type) {
        out.append("# HELP ")
                .append(name)
                .append(' ')
                .append(help.replace("\\", "\\\\").replace("\n", "\\n"));
        out.append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    static String checked(String name) {
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("not a name of a metric: " + name);
        }
        return name;
    }

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
