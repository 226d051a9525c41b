package dev.reeve.bench;

import dev.reeve.ledger.Entry;
import dev.reeve.ledger.LeafCheck;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.LedgerVerifier;
import dev.reeve.ledger.Progress;
import dev.reeve.ledger.SigningKey;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Durable appends of 700 bytes at 1, 16 and 64 writers on virtual threads, beside one thread that writes and forces 700 bytes at a time
 * into a zero-filled file on the same disk in the same run. Arguments: folder, seconds a point (default 10, as much to warm up).
 */
public final class LedgerBench {
    private static final int BYTES = 700;
    private final Path folder;
    private final long nanos;

    private LedgerBench(Path folder, long nanos) {
        this.folder = folder;
        this.nanos = nanos;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(args.length > 0 ? args[0] : "."), "ledger-bench");
        long seconds = args.length > 1 ? Long.parseLong(args[1]) : 10;
        new LedgerBench(folder, seconds * 1_000_000_000).run();
    }

    private void run() throws Exception {
        System.out.println("writers      per s   p50 us   p99 us  p99.9 us   CPU ms per 10,000");
        SigningKey key = SigningKey.loadOrCreate(folder.resolve("keys/key"));
        Path data = folder.resolve("ledger");
        try (Ledger ledger = Ledger.open(data, LedgerSettings.of("bench"), key, InstantSource.system())) {
            for (int writers : new int[] {1, 16, 64}) {
                point(ledger, writers, false);
                raw();
                point(ledger, writers, true);
            }
        }
        long start = System.nanoTime();
        try (Ledger ledger = Ledger.open(data, LedgerSettings.of("bench"), key, InstantSource.system())) {
            System.out.printf(
                    "restart with %,d entries: %d ms%n", ledger.size(), (System.nanoTime() - start) / 1_000_000);
        }
        start = System.nanoTime();
        long cpu = cpu();
        var found = LedgerVerifier.verify(data, key.verifier(), LeafCheck.none(), Progress.silent());
        System.out.printf(
                "verify: %d ms, CPU %d ms: %s%n",
                (System.nanoTime() - start) / 1_000_000, (cpu() - cpu) / 1_000_000, found);
    }

    private void point(Ledger ledger, int writers, boolean shown) throws Exception {
        long cpu = cpu();
        long end = System.nanoTime() + nanos;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<long[]>> running = IntStream.range(0, writers)
                    .mapToObj(writer -> threads.submit(() -> write(ledger, writer, end)))
                    .toList();
            long[] all = new long[0];
            for (Future<long[]> one : running) {
                long[] times = one.get();
                int before = all.length;
                all = Arrays.copyOf(all, before + times.length);
                System.arraycopy(times, 0, all, before, times.length);
            }
            if (shown) {
                print(Integer.toString(writers), all, cpu() - cpu);
            }
        }
    }

    private static long[] write(Ledger ledger, int writer, long end) throws Exception {
        byte[] leaf = new byte[BYTES];
        Arrays.fill(leaf, (byte) ('a' + writer % 26));
        long[] times = new long[1024];
        int count = 0;
        for (long now = System.nanoTime(); now < end; ) {
            ledger.append(new Entry(leaf.clone(), List.of()));
            long after = System.nanoTime();
            if (count == times.length) {
                times = Arrays.copyOf(times, 2 * count);
            }
            times[count++] = after - now;
            now = after;
        }
        return Arrays.copyOf(times, count);
    }

    /** The disk by itself, before each point: on a shared machine it is not the same for long. */
    private void raw() throws IOException {
        Path file = Files.createTempFile(folder, "raw", "");
        byte[] bytes = new byte[BYTES];
        new Random(1).nextBytes(bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            int size = 64 << 20;
            for (long at = 0; at < size; at += 1 << 20) {
                channel.write(ByteBuffer.allocate(1 << 20), at);
            }
            channel.force(true);
            long cpu = cpu();
            long end = System.nanoTime() + nanos;
            long[] times = new long[1 << 20];
            int count = 0;
            while (System.nanoTime() < end && count < times.length) {
                long now = System.nanoTime();
                channel.write(ByteBuffer.wrap(bytes), ((long) count * BYTES) % (size - BYTES));
                channel.force(false);
                times[count++] = System.nanoTime() - now;
            }
            print("disk", Arrays.copyOf(times, count), cpu() - cpu);
        }
    }

    private void print(String name, long[] times, long cpu) {
        Arrays.sort(times);
        System.out.printf(
                "%7s %,10.0f %8.0f %8.0f %9.0f %10.0f%n",
                name,
                times.length * 1e9 / nanos,
                times[times.length / 2] / 1e3,
                times[(int) (times.length * 0.99)] / 1e3,
                times[(int) (times.length * 0.999)] / 1e3,
                cpu / 1e6 * 10_000 / times.length);
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
