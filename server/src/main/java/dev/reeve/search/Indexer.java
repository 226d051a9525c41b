package dev.reeve.search;

import dev.reeve.audit.AuditReader;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.ledger.Disclosure;
import dev.reeve.ledger.LedgerEntries;
import dev.reeve.record.Event.Stored;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
            throw e;
        }
    }

    private static byte[] digest(byte[] leaf) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(leaf);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** What came together. Actions are joined here where both records are in it. */
    private final class Piece {
        private final Map<String, Stored> begun = new HashMap<>();
        private final List<Happened> happened = new ArrayList<>();
        private final List<Stored> late = new ArrayList<>();
        private final Map<String, Long> opened = new LinkedHashMap<>();
        private final List<Long> ended = new ArrayList<>();
        private final List<String> closed = new ArrayList<>();
        private byte[] tail = new byte[0];
        private final Runnable breath;
        private int records;
        private long bytes;

        Piece(Runnable breath) {
            this.breath = breath;
        }

        boolean take(long index, byte[] leaf, List<Disclosure> disclosures) {
            tail = leaf;
            if (++records % BREATH == 0) {
                breath.run();
            }
            bytes += leaf.length;
            for (Disclosure one : disclosures) {
                bytes += one.value().length;
            }
            Stored record = AuditReader.stored(index, leaf, disclosures);
            switch (record.kind()) {
                case "intent" -> begun.put(record.id(), record);
                case "outcome" -> outcome(record);
                default -> happened.add(new Happened(record, Optional.empty()));
            }
            return records < MOST_RECORDS && bytes < MOST_BYTES;
        }

        private void outcome(Stored record) {
            Stored intent = begun.remove(record.id());
            if (intent != null) {
                happened.add(new Happened(intent, Optional.of(record)));
            } else if (open.containsKey(record.id())) {
                late.add(record);
            }
        }

        void finish() throws SQLException, IOException {
            for (Stored outcome : late) {
                Long record = open.get(outcome.id());
                if (record != null && !ended.contains(record)) {
                    happened.add(new Happened(joined.record(record), Optional.of(outcome)));
                    ended.add(record);
                    closed.add(outcome.id());
                }
            }
            // Words are written fastest in the order of their events.
            happened.sort(Comparator.comparingLong(Happened::finished));
            int written = 0;
            for (Happened one : happened) {
                writer.add(one);
                if (++written % BREATH == 0) {
                    breath.run();
                }
            }
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
