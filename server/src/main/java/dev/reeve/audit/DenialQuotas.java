package dev.reeve.audit;

import dev.reeve.gate.Journal;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.identity.Principal;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Denials cost an agent nothing and Reeve a place on the disk for ever, so each agent has a quota of them: beyond it they are counted, and the
 * count is recorded (R15). By agent, not by key: who has many keys has no more (R12). What is allowed or held is always recorded.
 */
public final class DenialQuotas implements Journal {
    /** Recorded in full at once; more than a person will read. */
    static final int BURST = 300;
    /** And then one more each so often. */
    static final Duration REFILL = Duration.ofSeconds(1);

    private final Journal journal;
    private final Counted counted;
    private final Quotas<Owner> quotas;

    private record Owner(String tenant, String agent) {}

    /** Takes the agent and the code of each denial that is only counted. */
    @FunctionalInterface
    public interface Counted {
        /** @return the id of the summary in which it will be found */
        String denied(String agent, String code);
    }

    public DenialQuotas(Journal journal, InstantSource clock, Counted counted) {
        this.journal = journal;
        this.quotas = new Quotas<>(BURST, REFILL, clock);
        this.counted = counted;
    }

    @Override
    public String decided(Decision decision) throws UnrecordableException {
        if (decision.ruling() != Ruling.DENY || hasRoom(decision.action().principal())) {
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

    private boolean hasRoom(Principal principal) {
        return quotas.take(new Owner(principal.tenant(), principal.agent()));
    }
}
