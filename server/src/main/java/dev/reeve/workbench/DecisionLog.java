package dev.reeve.workbench;

import dev.reeve.audit.AuditReader;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventFilter;
import dev.reeve.ledger.Disclosure;
import dev.reeve.ledger.LedgerReader;
import dev.reeve.ledger.Progress;
import dev.reeve.record.Event.Stored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

/**
 * The decisions of a ledger's folder: read by one thread, worked on by several, given out in their order. Reads also while it is being
 * written. Memory is that of a few pieces, however long the ledger is.
 */
final class DecisionLog {
    /** What a decision is rebuilt from; anything else that is hidden is not even parsed. */
    private static final Set<String> NEEDED = Set.of("arguments", "input", "resources", "digest", "record");

    private static final int PIECE = 256;
    private static final int PIECE_BYTES = 1 << 20;
    private static final int PIECES_A_THREAD = 4;

    private final Path ledger;
    private final EventFilter filter;
    private final int threads;

    DecisionLog(Path ledger, EventFilter filter, int threads) {
        this.ledger = ledger;
        this.filter = filter;
        this.threads = threads;
    }

    @SuppressWarnings("ArrayRecordComponent") // nobody compares these
    private record Raw(long index, byte[] leaf, List<Disclosure> disclosures) {}

    /** @throws IOException if the folder cannot be read */
    <T> void each(Function<Stored, T> work, Consumer<T> inOrder, Progress progress) throws IOException {
        long end = LedgerReader.end(ledger);
        try (ExecutorService pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("replay-", 0).factory())) {
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
        private final Function<Stored, T> work;
        private final Consumer<T> inOrder;
        private final long end;
        private final Progress progress;
        private final Deque<Future<List<T>>> pieces = new ArrayDeque<>();
        private List<Raw> piece = new ArrayList<>(PIECE);
        private long bytes;
        private long taken;

        Reading(ExecutorService pool, Function<Stored, T> work, Consumer<T> inOrder, long end, Progress progress) {
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
            if (mayDecide(leaf)) {
                List<Disclosure> needed = disclosures.stream()
                        .filter(one -> NEEDED.contains(one.name()))
                        .toList();
                piece.add(new Raw(index, leaf, needed));
                bytes += leaf.length
                        + needed.stream().mapToLong(one -> one.value().length).sum();
                if (piece.size() >= PIECE || bytes >= PIECE_BYTES) {
                    submit();
                    progress.at(taken, index, end);
                }
            }
            return true;
        }

        /** Every leaf is canonical JSON; texts of others stand in quotes that are escaped. */
        private boolean mayDecide(byte[] leaf) {
            String text = new String(leaf, StandardCharsets.ISO_8859_1);
            return text.contains("\"kind\":\"intent\"")
                    || text.contains("\"kind\":\"denial\"")
                    || text.contains("\"kind\":\"hold\"")
                    || text.contains("\"kind\":\"verdict\"");
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
                Stored stored = AuditReader.stored(raw.index(), raw.leaf(), raw.disclosures());
                Happened happened = new Happened(stored, Optional.empty());
                if (happened.isAction() && filter.matches(happened)) {
                    done.add(work.apply(stored));
                }
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
