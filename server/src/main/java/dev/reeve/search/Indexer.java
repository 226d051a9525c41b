package dev.reeve.search;

import dev.reeve.audit.AuditReader;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.Words;
import dev.reeve.ledger.Disclosure;
import dev.reeve.ledger.LedgerEntries;
import dev.reeve.record.Event.Stored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Brings an index to where its ledger is, piece by piece. One thread. An index that is damaged, of another ledger, or ahead of this one is
 * deleted and made anew.
 */
final class Indexer implements AutoCloseable {
    private static final int MOST_RECORDS = 8_192;
    private static final long MOST_BYTES = 32L << 20;
    /** A breath is offered after so many records. */
    private static final int BREATH = 16;

    private final IndexFile file;
    private final LedgerEntries entries;
    private final String ledger;
    private final Joined joined;
    private final IndexWriter writer;
    private final Map<String, Long> open;
    private long next;

    private Indexer(IndexFile file, LedgerEntries entries, String ledger, IndexWriter writer, long next)
            throws SQLException {
        this.file = file;
        this.entries = entries;
        this.ledger = ledger;
        this.joined = new Joined(entries);
        this.writer = writer;
        this.open = writer.open();
        this.next = next;
    }

    /**
     * @param size of the ledger
     * @throws SQLException if there can be no index here: no space, no right to write
     */
    static Indexer open(IndexFile file, LedgerEntries entries, long size) throws SQLException, IOException {
        String ledger = entries.identity();
        try {
            Optional<Indexer> found = resume(file, entries, ledger, size);
            if (found.isPresent()) {
                return found.get();
            }
        } catch (SQLException e) {
            // Not a database, or a damaged one: it is only an index.
        }
        return afresh(file, entries, ledger);
    }

    private static Optional<Indexer> resume(IndexFile file, LedgerEntries entries, String ledger, long size)
            throws SQLException, IOException {
        Connection connection = file.write();
        try {
            Optional<IndexFile.State> state = IndexFile.state(connection);
            if (state.isPresent() && fits(state.get(), entries, ledger, size)) {
                return Optional.of(new Indexer(
                        file,
                        entries,
                        ledger,
                        new IndexWriter(connection),
                        state.get().next()));
            }
            connection.close();
            return Optional.empty();
        } catch (SQLException | IOException e) {
            connection.close();
            throw e;
        }
    }

    private static boolean fits(IndexFile.State state, LedgerEntries entries, String ledger, long size)
            throws IOException {
        if (!state.ledger().equals(ledger) || state.next() > size) {
            return false;
        }
        return state.next() == 0
                || entries.at(state.next() - 1)
                        .filter(found -> MessageDigest.isEqual(digest(found.leaf()), state.tail()))
                        .isPresent();
    }

    private static Indexer afresh(IndexFile file, LedgerEntries entries, String ledger)
            throws SQLException, IOException {
        file.delete();
        Connection connection = file.write();
        IndexFile.begin(connection, ledger);
        return new Indexer(file, entries, ledger, new IndexWriter(connection), 0);
    }

    /** The first record that was not looked at yet. */
    long next() {
        return next;
    }

    int open() {
        return open.size();
    }

    /**
     * The next piece, committed.
     *
     * @param end how many records are durable
     * @param breath is taken now and then: it may rest
     * @throws SQLException if it could not be written: the piece can be tried again
     */
    void advance(long end, Runnable breath) throws SQLException, IOException {
        Piece piece = new Piece(breath);
        try {
            long reached = entries.read(next, end, piece::take);
            piece.finish();
            writer.commit(reached, piece.tail, piece.opened, piece.ended);
            piece.opened.forEach(open::put);
            piece.closed.forEach(open::remove);
            next = reached;
        } catch (SQLException | IOException | RuntimeException e) {
            writer.rollback();
            if (e instanceof UnwrittenException unwritten) {
                throw unwritten.cause;
            }
            throw e;
        }
    }

    /** Through the reading of the ledger, which knows of no databases. */
    private static final class UnwrittenException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final SQLException cause;

        UnwrittenException(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    private static byte[] digest(byte[] leaf) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(leaf);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * What came together. Events are written as they are finished: words are written fastest in the order of their events, and nothing but
     * the intents that wait is kept while a piece rests.
     */
    private final class Piece {
        private final Map<String, Stored> begun = new HashMap<>();
        private final Map<String, Long> opened = new LinkedHashMap<>();
        private final Set<Long> ended = new LinkedHashSet<>();
        private final List<String> closed = new ArrayList<>();
        private final Runnable breath;
        private byte[] tail = new byte[0];
        private int records;
        private long bytes;

        Piece(Runnable breath) {
            this.breath = breath;
        }

        boolean take(long index, byte[] leaf, List<Disclosure> disclosures) {
            if (++records % BREATH == 0) {
                breath.run();
            }
            tail = leaf;
            bytes += leaf.length;
            for (Disclosure one : disclosures) {
                bytes += one.value().length;
            }
            Stored record = AuditReader.stored(index, leaf, lookedAt(disclosures));
            try {
                switch (record.kind()) {
                    case "intent" -> begun.put(record.id(), record);
                    case "outcome" -> outcome(record);
                    default -> writer.add(new Happened(record, Optional.empty()));
                }
            } catch (SQLException e) {
                throw new UnwrittenException(e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return records < MOST_RECORDS && bytes < MOST_BYTES;
        }

        /** What no word is taken of need not be read. */
        private static List<Disclosure> lookedAt(List<Disclosure> disclosures) {
            List<Disclosure> some = new ArrayList<>(disclosures.size());
            for (Disclosure one : disclosures) {
                if (Words.isLookedAt(one.name())) {
                    some.add(one);
                }
            }
            return some;
        }

        private void outcome(Stored outcome) throws SQLException, IOException {
            Stored intent = begun.remove(outcome.id());
            if (intent == null) {
                Long record = open.get(outcome.id());
                if (record == null || !ended.add(record)) {
                    return;
                }
                closed.add(outcome.id());
                intent = joined.record(record);
            }
            writer.add(new Happened(intent, Optional.of(outcome)));
        }

        void finish() {
            begun.values().forEach(intent -> opened.put(intent.id(), intent.index()));
            tail = digest(tail);
        }
    }

    /** Deletes the index and begins anew. */
    Indexer again() throws SQLException, IOException {
        close();
        return afresh(file, entries, ledger);
    }

    @Override
    public void close() throws SQLException {
        writer.close();
    }
}
