package dev.reeve.bench;

import dev.reeve.ledger.LeafCheck;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.LedgerVerifier;
import dev.reeve.ledger.Progress;
import dev.reeve.ledger.SigningKeys;
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
import java.util.stream.Stream;

/**
 * Durable appends of 700 bytes at 1, 16, 64 and 256 writers: the ledger, RocksDB, PostgreSQL and SQLite in turn on one disk in one run,
 * and before each point the disk by itself. Then the start and the verification of a ledger of {@code ENTRIES}.
 *
 * <p>Arguments: folder, seconds a point (default 5, as much to warm up), entries for the start (default none).
 */
public final class LedgerBench {
    private static final int BYTES = 700;
    private static final int[] WRITERS = {1, 16, 64, 256};
    private final Path folder;
    private final long nanos;
    private final SigningKeys key;

    private LedgerBench(Path folder, long nanos) throws Exception {
        this.folder = folder;
        this.nanos = nanos;
        this.key = SigningKeys.loadOrCreate(folder.resolve("keys/key"));
    }

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory(
                Path.of(args.length > 0 ? args[0] : ".").toAbsolutePath(), "ledger-bench");
        long seconds = args.length > 1 ? Long.parseLong(args[1]) : 5;
        LedgerBench bench = new LedgerBench(folder, seconds * 1_000_000_000);
        if (seconds > 0) {
            bench.compare();
        }
        if (args.length > 2) {
            bench.restart(Long.parseLong(args[2]));
        }
    }

    private interface Opening {
        DurableLog open(Path folder) throws Exception;
    }

    private void compare() throws Exception {
        System.out.println("log        writers      per s   p50 us   p99 us  p99.9 us   CPU ms per 10,000");
        List<Opening> all = List.of(
                at -> ReeveLog.open(at, key),
                at -> new RocksLog(at),
                at -> new PostgresLog(at, WRITERS[WRITERS.length - 1]),
                at -> new SqliteLog(at.resolveSibling("log.sqlite")));
        int number = 0;
        for (Opening opening : all) {
            Path at = folder.resolve("log" + ++number);
            String name;
            long entries = 0;
            try (DurableLog log = opening.open(at)) {
                name = log.name();
                for (int writers : WRITERS) {
                    entries += point(log, writers, false);
                    raw();
                    entries += point(log, writers, true);
                }
            }
            Path measured = Files.exists(at) ? at : at.resolveSibling("log.sqlite");
            System.out.printf(
                    "%-10s %,d entries, %.0f bytes each on disk%n", name, entries, (double) size(measured) / entries);
        }
    }

    private void restart(long entries) throws Exception {
        Path data = folder.resolve("restart");
        try (ReeveLog log = ReeveLog.open(data, key)) {
            while (log.ledger().size() < entries) {
                point(log, WRITERS[WRITERS.length - 1], 5_000_000_000L);
            }
        }
        long start = System.nanoTime();
        try (Ledger ledger = Ledger.open(data, LedgerSettings.of("bench"), key, InstantSource.system())) {
            System.out.printf(
                    "restart with %,d entries: %d ms%n", ledger.size(), (System.nanoTime() - start) / 1_000_000);
        }
        start = System.nanoTime();
        long cpu = cpu();
        var found = LedgerVerifier.verify(data, key.verifiers(), LeafCheck.none(), Progress.silent());
        System.out.printf(
                "verify: %d ms, CPU %d ms: %s%n",
                (System.nanoTime() - start) / 1_000_000, (cpu() - cpu) / 1_000_000, found);
    }

    private long point(DurableLog log, int writers, boolean shown) throws Exception {
        long cpu = cpu() + log.cpuElsewhere();
        long[] times = point(log, writers, nanos);
        if (shown) {
            print(String.format("%-10s %7d", log.name(), writers), times, cpu() + log.cpuElsewhere() - cpu);
        }
        return times.length;
    }

    private static long[] point(DurableLog log, int writers, long nanos) throws Exception {
        long end = System.nanoTime() + nanos;
        try (ExecutorService threads = log.virtualThreads()
                ? Executors.newVirtualThreadPerTaskExecutor()
                : Executors.newFixedThreadPool(writers)) {
            List<Future<long[]>> running = IntStream.range(0, writers)
                    .mapToObj(writer -> threads.submit(() -> write(log, writer, end)))
                    .toList();
            long[] all = new long[0];
            for (Future<long[]> one : running) {
                long[] times = one.get();
                int before = all.length;
                all = Arrays.copyOf(all, before + times.length);
                System.arraycopy(times, 0, all, before, times.length);
            }
            return all;
        }
    }

    private static long[] write(DurableLog log, int writer, long end) throws Exception {
        // Nothing that a peer could press together.
        byte[] noise = new byte[1 << 20];
        new Random(writer).nextBytes(noise);
        long[] times = new long[1024];
        int count = 0;
        for (long now = System.nanoTime(); now < end; ) {
            int from = count * 997 % (noise.length - BYTES);
            log.append(Arrays.copyOfRange(noise, from, from + BYTES));
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
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            int size = 64 << 20;
            for (long at = 0; at < size; at += 1 << 20) {
                channel.write(ByteBuffer.allocate(1 << 20), at);
            }
            channel.force(true);
            long cpu = cpu();
            long end = System.nanoTime() + nanos / 4;
            long[] times = new long[1 << 20];
            int count = 0;
            while (System.nanoTime() < end && count < times.length) {
                long now = System.nanoTime();
                channel.write(ByteBuffer.wrap(bytes), ((long) count * BYTES) % (size - BYTES));
                channel.force(false);
                times[count++] = System.nanoTime() - now;
            }
            print(String.format("%-10s %7d", "the disk", 1), Arrays.copyOf(times, count), cpu() - cpu);
        }
    }

    private static void print(String name, long[] times, long cpu) {
        long sum = Arrays.stream(times).sum();
        Arrays.sort(times);
        int writers = Integer.parseInt(name.substring(11).trim());
        System.out.printf(
                "%s %,10.0f %8.0f %8.0f %9.0f %10.0f%n",
                name,
                times.length * 1e9 * writers / sum,
                times[times.length / 2] / 1e3,
                times[(int) (times.length * 0.99)] / 1e3,
                times[(int) (times.length * 0.999)] / 1e3,
                cpu / 1e6 * 10_000 / times.length);
    }

    private static long size(Path at) throws IOException {
        try (Stream<Path> files = Files.walk(at)) {
            long size = 0;
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                size += Files.size(file);
            }
            return size;
        }
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
