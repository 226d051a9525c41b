package dev.reeve.cli;

import dev.reeve.gate.Journal;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.metrics.Counter;
import dev.reeve.metrics.Metrics;
import java.util.Locale;

/** Counts what is recorded. */
final class CountedJournal implements Journal {
    private final Journal journal;
    private final Counter decisions;
    private final Counter unrecordable;

    CountedJournal(Journal journal, Metrics metrics) {
        this.journal = journal;
        this.decisions = metrics.counter("reeve_decisions_total", "Decisions by ruling.", "ruling");
        this.unrecordable = metrics.counter(
                "reeve_unrecordable_total", "Actions that could not be recorded, and so were not done or told.");
    }

    @Override
    public String decided(Decision decision) throws UnrecordableException {
        try {
            String ticket = journal.decided(decision);
            decisions.increment(decision.ruling().name().toLowerCase(Locale.ROOT));
            return ticket;
        } catch (UnrecordableException e) {
            unrecordable.increment();
            throw e;
        }
    }

    @Override
    public void completed(Completion completion) throws UnrecordableException {
        try {
            journal.completed(completion);
        } catch (UnrecordableException e) {
            unrecordable.increment();
            throw e;
        }
    }
}
