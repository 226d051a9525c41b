package dev.reeve.audit;

import dev.reeve.ledger.Disclosure;
import dev.reeve.ledger.LedgerReader;
import dev.reeve.ledger.Progress;
import dev.reeve.record.Event.Stored;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Records of a ledger's folder: read by one thread, worked on by several, given out in their order. Reads also while it is being
 * written. Memory is that of a few pieces, however long the ledger is.
 */
public final class LedgerPass {
    private static final int PIECE = 256;
    private static final int PIECE_BYTES = 1 << 20;
    private static final int PIECES_A_THREAD = 4;

    private final Path ledger;
    private final Predicate<byte[]> wanted;
    private final Set<String> needed;
    private final int threads;

    /**
     * @param wanted tells by the bytes of an entry, which is canonical JSON, whether it is worth parsing
     * @param needed names of hidden values; others are not even parsed
     */
    public LedgerPass(Path ledger, Predicate<byte[]> wanted, Set<String> needed, int threads) {
        this.ledger = ledger;
        this.wanted = wanted;
        this.needed = Set.copyOf(needed);
        this.threads = threads;
    }

    @SuppressWarnings("ArrayRecordComponent") // nobody compares these
    private record Raw(long index, byte[] leaf, List<Disclosure> disclosures) {}

    /**
     * @param work on any thread; what it gives nothing for is passed over
     * @throws IOException if the folder cannot be read
     */
    public <T> void each(Function<Stored, Optional<T>> work, Consumer<T> inOrder, Progress progress)
            throws IOException {
        long end = LedgerReader.end(ledger);
        try (ExecutorService pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("pass-", 0).factory())) {
            Reading<T> reading = new Reading<>(pool, work, inOrder, end, progress);
            try {
                LedgerReader.read(ledger, 0, reading::accept);
                reading.finish();
            } finally {
                pool.shutdownNow();
            }
        }
    }

    private final class Reading<T> {
        private final ExecutorService pool;
        private final Function<Stored, Optional<T>> work;
        private final Consumer<T> inOrder;
        private final long end;
        private final Progress progress;
        private final Deque<Future<List<T>>> pieces = new ArrayDeque<>();
        private List<Raw> piece = new ArrayList<>(PIECE);
        private long bytes;
        private long taken;

        Reading(
                ExecutorService pool,
                Function<Stored, Optional<T>> work,
                Consumer<T> inOrder,
                long end,
                Progress progress) {
            this.pool = pool;
            this.work = work;
            this.inOrder = inOrder;
            this.end = end;
            this.progress = progress;
        }

        boolean accept(long index, byte[] leaf, List<Disclosure> disclosures) {
            if (index >= end) {
                return false;
            }
            if (wanted.test(leaf)) {
                List<Disclosure> kept = disclosures.stream()
                        .filter(one -> needed.contains(one.name()))
                        .toList();
                piece.add(new Raw(index, leaf, kept));
                bytes += leaf.length
                        + kept.stream().mapToLong(one -> one.value().length).sum();
                if (piece.size() >= PIECE || bytes >= PIECE_BYTES) {
                    submit();
                    progress.at(taken, index, end);
                }
            }
            return true;
        }

        private void submit() {
            List<Raw> full = piece;
            piece = new ArrayList<>(PIECE);
            bytes = 0;
            pieces.add(pool.submit(() -> worked(full)));
            if (pieces.size() >= threads * PIECES_A_THREAD) {
                take();
            }
        }

        private List<T> worked(List<Raw> raws) {
            List<T> done = new ArrayList<>(raws.size());
            for (Raw raw : raws) {
                work.apply(AuditReader.stored(raw.index(), raw.leaf(), raw.disclosures()))
                        .ifPresent(done::add);
            }
            return done;
        }

        private void take() {
            try {
                List<T> done = pieces.remove().get();
                taken += done.size();
                done.forEach(inOrder);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(String.valueOf(e.getCause()), e);
            }
        }

        void finish() {
            if (!piece.isEmpty()) {
                submit();
            }
            while (!pieces.isEmpty()) {
                take();
            }
            progress.at(taken, end, end);
        }
    }
}
