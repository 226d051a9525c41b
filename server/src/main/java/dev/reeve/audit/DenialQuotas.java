package dev.reeve.audit;

import dev.reeve.action.Action;
import dev.reeve.gate.Journal;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.JsonWriter;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What does not run costs an agent nothing and Reeve a place on the disk for ever, so each agent has a quota of it, in records and in what
 * they hold: beyond it they are counted, and the count is recorded (R15). By agent, not by key: who has many keys has no more (R12). What is
 * allowed is always recorded, and so is a hold that asks people something new, of which there are few (`approval.Limits`).
 */
public final class DenialQuotas implements Journal {
    /** Recorded in full at once; more than a person will read. */
    static final int BURST = 300;
    /** And then one more each so often. */
    static final Duration REFILL = Duration.ofSeconds(1);
    /** And of KiB of what agents sent: one record may hold megabytes. */
    static final int BURST_KIB = 32 << 10;

    static final Duration REFILL_KIB = Duration.ofMillis(200);

    private final Journal journal;
    private final Counted counted;
    private final Quotas<Owner> quotas;
    private final Quotas<Owner> sizes;

    private record Owner(String tenant, String agent) {}

    /** Takes the agent and the code of each denial or hold that is only counted. */
    @FunctionalInterface
    public interface Counted {
        /** @return the id of the summary in which it will be found */
        String denied(String agent, String code);
    }

    public DenialQuotas(Journal journal, InstantSource clock, Counted counted) {
        this.journal = journal;
        this.quotas = new Quotas<>(BURST, REFILL, clock);
        this.sizes = new Quotas<>(BURST_KIB, REFILL_KIB, clock);
        this.counted = counted;
    }

    @Override
    public String decided(Decision decision) throws UnrecordableException {
        if (isAlwaysRecorded(decision) || hasRoom(decision.action())) {
            return journal.decided(decision);
        }
        return counted.denied(
                decision.action().principal().agent(),
                decision.denial().map(denial -> denial.code()).orElse("unknown"));
    }

    @Override
    public void completed(Completion completion) throws UnrecordableException {
        journal.completed(completion);
    }

    private static boolean isAlwaysRecorded(Decision decision) {
        return switch (decision.ruling()) {
            case ALLOW -> true;
            case DENY -> false;
            case HOLD -> decision.isNewQuestion();
        };
    }

    private boolean hasRoom(Action action) {
        Owner owner = new Owner(action.principal().tenant(), action.principal().agent());
        return quotas.take(owner) && sizes.take(owner, kibibytes(action));
    }

    private static long kibibytes(Action action) {
        long characters = action.operation().subject().length();
        characters += JsonWriter.bytes(action.operation().arguments()).length;
        characters += action.operation()
                .input()
                .map(input -> JsonWriter.bytes(input.asJson()).length)
                .orElse(0);
        characters += action.reasoning().map(String::length).orElse(0);
        return characters >> 10;
    }
}
