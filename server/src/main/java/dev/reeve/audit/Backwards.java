package dev.reeve.audit;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.ledger.LedgerReader;
import dev.reeve.record.Event.Stored;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The newest events, found from the end of a ledger, piece by piece: it costs what lies between the end and what is wanted, not the age of
 * the ledger. An outcome whose intent lies further back waits for it.
 */
final class Backwards {
    private static final int FIRST_PIECE = 2_048;
    private static final int LARGEST_PIECE = 65_536;
    /** So many pieces more are read for the intent of an outcome that is newer than what was found. */
    private static final int PATIENCE = 8;

    private final Path ledger;
    private final int most;
    private final EventFilter filter;
    private final Map<String, Stored> orphans = new HashMap<>();
    private final TreeMap<Long, Happened> found = new TreeMap<>();
    private int waited;

    Backwards(Path ledger, int most, EventFilter filter) {
        this.ledger = ledger;
        this.most = most;
        this.filter = filter;
    }

    /** In the order in which they were finished. */
    List<Happened> run(long size) throws IOException {
        long end = size;
        int piece = FIRST_PIECE;
        while (end > 0 && !enough()) {
            long from = Math.max(0, end - piece);
            read(from, end);
            end = from;
            piece = Math.min(piece * 2, LARGEST_PIECE);
        }
        return new ArrayList<>(found.values());
    }

    private boolean enough() {
        if (found.size() < most) {
            return false;
        }
        if (most == 0) {
            return true;
        }
        long oldest = found.firstKey();
        orphans.values().removeIf(outcome -> outcome.index() < oldest);
        return orphans.isEmpty() || ++waited > PATIENCE;
    }

    private void read(long from, long end) throws IOException {
        Map<String, Stored> open = new HashMap<>();
        LedgerReader.read(ledger, from, (index, leaf, disclosures) -> {
            if (index < end && filter.mayMatch(leaf)) {
                take(open, AuditReader.stored(index, leaf, disclosures));
            }
            return index + 1 < end;
        });
        open.values().forEach(intent -> give(new Happened(intent, Optional.ofNullable(orphans.remove(intent.id())))));
    }

    private void take(Map<String, Stored> open, Stored record) {
        switch (record.kind()) {
            case "intent" -> open.put(record.id(), record);
            case "outcome" -> {
                Stored intent = open.remove(record.id());
                if (intent != null) {
                    give(new Happened(intent, Optional.of(record)));
                } else if (orphans.size() < AuditReader.MOST_OPEN) {
                    orphans.put(record.id(), record);
                }
            }
            default -> give(new Happened(record, Optional.empty()));
        }
    }

    private void give(Happened happened) {
        if (filter.matches(happened)) {
            found.put(happened.finished(), happened);
            if (found.size() > most) {
                found.pollFirstEntry();
            }
        }
    }
}
