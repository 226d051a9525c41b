package dev.reeve.bench;

import dev.reeve.guard.Content;
import dev.reeve.guard.DataClass;
import dev.reeve.guard.Detectors;
import dev.reeve.guard.Found;
import dev.reeve.guard.Kind;
import dev.reeve.guard.Kinds;
import dev.reeve.guard.Scan;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What looking at content costs: for a million characters, and for a small result of a tool. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DetectorBench {
    private static final int MILLION = 1_000_000;

    @Param({"all", "injection"})
    String kinds = "";

    private Detectors detectors = Detectors.all();
    private Scan scan = detectors.scan();
    private String text = "";
    private Json.Obj result = Json.Obj.EMPTY;

    @Setup
    public void write() {
        detectors = kinds.equals("all") ? Detectors.all() : Detectors.of(Kinds.named(DataClass.INJECTION.group()));
        scan = detectors.scan();
        Random random = new Random(7);
        StringBuilder all = new StringBuilder();
        while (all.length() < MILLION) {
            all.append(row(random)).append('\n').append(log(random)).append('\n');
        }
        all.setLength(MILLION);
        text = all.toString();
        Json.Builder rows = Json.object();
        for (int i = 0; i < 5; i++) {
            rows.put("row" + i, row(random));
        }
        result = Json.object()
                .put(
                        "content",
                        new Json.Arr(List.of(Json.object()
                                .put("type", "text")
                                .put("text", log(random))
                                .build())))
                .put("structuredContent", rows)
                .build();
    }

    private static String row(Random random) {
        return "{\"order_id\":" + random.nextInt(1 << 30) + ",\"uuid\":\""
                + new UUID(random.nextLong(), random.nextLong())
                + "\",\"customer\":\"Smith & Sons, 12 High Street\",\"total\":" + random.nextInt(9999)
                + ".50,\"state\":\"open\"}";
    }

    private static String log(Random random) {
        return "2026-11-26T10:00:00.123Z INFO [worker-" + random.nextInt(9) + "] c.a.s.OrderService - request "
                + Long.toHexString(random.nextLong()) + " took " + random.nextInt(5000) + " ms, trace_id="
                + Long.toHexString(random.nextLong()) + ", 3 of 17 items shipped";
    }

    /** Divide a million by it for characters a microsecond, which is MB/s of ASCII. */
    @Benchmark
    public List<Found> aMillionCharacters() {
        scan.feed(text);
        return scan.finish();
    }

    /** Some 800 bytes, as the stage of results reads them. */
    @Benchmark
    public Map<Kind, Integer> aSmallResult() {
        return Content.count(detectors, result);
    }
}
