package dev.reeve.guard;

import dev.reeve.json.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes the labelled texts, and what is found in them here, for others to be asked the same: {@code bench/content_peers.py}. */
final class WriteCorpus {
    /** The last one is measured: in the first the code is not compiled yet. */
    private static final int ROUNDS = 5;

    private WriteCorpus() {}

    /** @param arguments the file, the seed, texts of each kind of personal data, ordinary texts */
    public static void main(String[] arguments) throws IOException {
        long seed = Long.parseLong(arguments[1]);
        int each = Integer.parseInt(arguments[2]);
        Labelled labelled = new Labelled(seed);
        List<Labelled.Sample> samples = new ArrayList<>(labelled.personal(each));
        samples.addAll(labelled.secrets(Math.max(1, each / 10)));
        Ordinary ordinary = new Ordinary(seed);
        for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
            samples.add(new Labelled.Sample("", ordinary.next(), ""));
        }
        Scan scan = Detectors.all().scan();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        List<List<Found>> found = new ArrayList<>();
        long before = 0;
        for (int round = 0; round < ROUNDS; round++) {
            found.clear();
            before = threads.getCurrentThreadCpuTime();
            for (Labelled.Sample sample : samples) {
                scan.feed(sample.text());
                found.add(scan.finish());
            }
        }
        long micros = (threads.getCurrentThreadCpuTime() - before) / 1_000;
        try (BufferedWriter out = Files.newBufferedWriter(Path.of(arguments[0]))) {
            for (int i = 0; i < samples.size(); i++) {
                out.write(line(samples.get(i), found.get(i)).toString());
                out.newLine();
            }
            out.write(Json.object().put("reeve_micros", micros).build().toString());
            out.newLine();
        }
    }

    private static Json.Obj line(Labelled.Sample sample, List<Found> found) {
        List<Json> finds = new ArrayList<>();
        found.forEach(one -> finds.add(Json.object()
                .put("kind", one.kind().id())
                .put("class", one.kind().dataClass().group())
                .put("start", one.start())
                .put("end", one.end())
                .build()));
        return Json.object()
                .put("kind", sample.kind())
                .put("text", sample.text())
                .put("value", sample.value())
                .put("reeve", new Json.Arr(finds))
                .build();
    }
}
