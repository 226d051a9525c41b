package dev.reeve.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts up. At most {@link #MOST_SERIES} combinations of label values; the rest is counted as {@code other}. */
public final class Counter implements Metric {
    static final int MOST_SERIES = 200;

    private final String name;
    private final String help;
    private final List<String> labels;
    private final Map<List<String>, LongAdder> series = new ConcurrentHashMap<>();

    Counter(String name, String help, String... labels) {
        this.name = Metric.checked(name);
        this.help = help;
        this.labels = Arrays.stream(labels).map(Metric::checked).toList();
    }

    /** @param values one for each label, in their order */
    public void increment(String... values) {
        add(1, values);
    }

    public void add(long count, String... values) {
        if (values.length != labels.size()) {
            throw new IllegalArgumentException(name + " has the labels " + labels);
        }
        List<String> key = List.of(values);
        if (!series.containsKey(key) && series.size() >= MOST_SERIES) {
            key = labels.stream().map(label -> "other").toList();
        }
        series.computeIfAbsent(key, ignored -> new LongAdder()).add(count);
    }

    @Override
    public void write(StringBuilder out) {
        Metric.head(out, name, help, "counter");
        if (series.isEmpty() && labels.isEmpty()) {
            out.append(name).append(" 0\n");
        }
        List<String> lines = new ArrayList<>();
        series.forEach((values, count) -> lines.add(name + labelled(values) + " " + count.sum()));
        lines.stream().sorted().forEach(line -> out.append(line).append('\n'));
    }

    private String labelled(List<String> values) {
        if (labels.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < labels.size(); i++) {
            text.append(i == 0 ? "" : ",").append(labels.get(i)).append("=\"");
            text.append(values.get(i)
                            .replace("\\", "\\\\")
                            .replace("\"", "\\\"")
                            .replace("\n", "\\n"))
                    .append('"');
        }
        return text.append('}').toString();
    }
}
