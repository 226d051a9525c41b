package dev.reeve.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** How long things took, in fixed buckets from 100 us to 30 s. */
public final class Histogram implements Metric {
    private static final double[] BOUNDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
    };

    private final String name;
    private final String help;
    private final LongAdder sumNanos = new LongAdder();
    private final List<LongAdder> buckets = IntStream.rangeClosed(0, BOUNDS.length)
            .mapToObj(i -> new LongAdder())
            .toList();

    Histogram(String name, String help) {
        this.name = Metric.checked(name);
        this.help = help;
    }

    public void observe(Duration time) {
        long nanos = time.toNanos();
        int at = Arrays.binarySearch(BOUNDS, nanos / 1e9);
        buckets.get(at < 0 ? -at - 1 : at).increment();
        sumNanos.add(nanos);
    }

    @Override
    public void write(StringBuilder out) {
        Metric.head(out, name, help, "histogram");
        long count = 0;
        for (int i = 0; i < BOUNDS.length; i++) {
            count += buckets.get(i).sum();
            out.append(name)
                    .append("_bucket{le=\"")
                    .append(Metric.number(BOUNDS[i]))
                    .append("\"} ");
            out.append(count).append('\n');
        }
        count += buckets.get(BOUNDS.length).sum();
        out.append(name).append("_bucket{le=\"+Inf\"} ").append(count).append('\n');
        out.append(name).append("_sum ").append(sumNanos.sum() / 1e9).append('\n');
        out.append(name).append("_count ").append(count).append('\n');
    }
}
