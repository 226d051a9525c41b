package dev.reeve.judge;

import dev.reeve.audit.AuditReader;
import dev.reeve.gate.Journal;
import dev.reeve.gate.UnrecordableException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Habits that are learnt from what is allowed while the process runs, and before that from the end of the record. Nothing is learnt or read
 * before somebody wants to know.
 */
public final class History {
    /** As many records are read at most: some seconds of one core, once. */
    static final long MOST_RECORDS = 50_000;

    private final Habits habits = new Habits();
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final CountDownLatch read = new CountDownLatch(1);
    private final AuditReader record;
    private final Executor workers;
    private final Consumer<String> incidents;

    public History(AuditReader record, Executor workers, Consumer<String> incidents) {
        this.record = record;
        this.workers = workers;
        this.incidents = incidents;
    }

    /** The journal that lets the habits know what was allowed. */
    public Journal learning(Journal journal) {
        return new Journal() {
            @Override
            public String decided(Decision decision) throws UnrecordableException {
                String ticket = journal.decided(decision);
                if (wanted.get() && decision.ruling() == Ruling.ALLOW) {
                    decision.facts()
                            .ifPresent(facts -> habits.observe(
                                    decision.action().principal().tenant(),
                                    decision.action().principal().agent(),
                                    Doings.of(decision.action(), facts)));
                }
                return ticket;
            }

            @Override
            public void completed(Completion completion) throws UnrecordableException {
                journal.completed(completion);
            }
        };
    }

    /** Empty habits are habits too: what was not read within this time is new to them, which is the careful side. */
    Habits habits(Duration patience) {
        if (!wanted.get() && wanted.compareAndSet(false, true)) {
            workers.execute(this::readBack);
        }
        try {
            if (!read.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return habits;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return habits;
    }

    private void readBack() {
        try {
            record.read(Math.max(0, record.size() - MOST_RECORDS), happened -> {
                Doings.of(happened)
                        .ifPresent(doing -> habits.observe(
                                happened.record().leaf().string("tenant").orElse(""),
                                happened.record().leaf().string("agent").orElse(""),
                                doing));
                return true;
            });
        } catch (IOException e) {
            incidents.accept("the history of agents could not be read: " + e.getMessage());
        } finally {
            read.countDown();
        }
    }
}
