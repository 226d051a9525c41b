package dev.reeve.workbench;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventFilter;
import dev.reeve.audit.LedgerPass;
import dev.reeve.ledger.Progress;
import dev.reeve.record.Event.Stored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/** The decisions of a ledger's folder that somebody asked for, in their order. */
public final class DecisionLog {
    /** What a decision is rebuilt from. */
    private static final Set<String> NEEDED =
            Set.of("arguments", "input", "resources", "subject", "grants", "digest", "reasons", "record");

    private final Path ledger;
    private final int threads;
    private final LedgerPass pass;
    private final EventFilter filter;

    /** @param threads at least one */
    public DecisionLog(Path ledger, EventFilter filter, int threads) {
        this.ledger = ledger;
        this.threads = threads;
        this.pass = new LedgerPass(ledger, DecisionLog::mayDecide, NEEDED, threads);
        this.filter = filter;
    }

    /** Every leaf is canonical JSON, so none that is no outcome has this. */
    private static boolean mayCount(byte[] leaf) {
        return mayDecide(leaf) || new String(leaf, StandardCharsets.ISO_8859_1).contains("\"kind\":\"outcome\"");
    }

    /** Work on a record. */
    interface Work<T> {
        /** @param asked whether somebody asked for it */
        T of(Stored stored, boolean asked);
    }

    /**
     * All decisions and outcomes, also those that nobody asked for.
     *
     * @param begin what was recorded before is passed over
     */
    <T> void eachWithOutcomes(Optional<Instant> begin, Work<T> work, Consumer<T> inOrder, Progress progress)
            throws IOException {
        new LedgerPass(ledger, DecisionLog::mayCount, NEEDED, threads)
                .each(
                        stored -> {
                            Happened happened = new Happened(stored, Optional.empty());
                            boolean wanted = (happened.isAction()
                                            || stored.kind().equals("outcome"))
                                    && begin.map(time -> isSince(stored, time)).orElse(true);
                            return wanted
                                    ? Optional.of(work.of(stored, happened.isAction() && filter.matches(happened)))
                                    : Optional.empty();
                        },
                        inOrder,
                        progress);
    }

    private static boolean isSince(Stored stored, Instant begin) {
        try {
            return !Instant.parse(stored.leaf().string("time").orElse("")).isBefore(begin);
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** Every leaf is canonical JSON; texts of others stand in quotes that are escaped. */
    private static boolean mayDecide(byte[] leaf) {
        String text = new String(leaf, StandardCharsets.ISO_8859_1);
        return text.contains("\"kind\":\"intent\"")
                || text.contains("\"kind\":\"denial\"")
                || text.contains("\"kind\":\"hold\"")
                || text.contains("\"kind\":\"verdict\"");
    }

    /** @throws IOException if the folder cannot be read */
    public <T> void each(Function<Stored, T> work, Consumer<T> inOrder, Progress progress) throws IOException {
        pass.each(
                stored -> {
                    Happened happened = new Happened(stored, Optional.empty());
                    return happened.isAction() && filter.matches(happened)
                            ? Optional.of(work.apply(stored))
                            : Optional.empty();
                },
                inOrder,
                progress);
    }
}
