package dev.reeve.gate;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The record, as the gate needs it. Each method returns only when what it was given is durable, but for a lazy outcome (R2). */
public interface Journal {
    /**
     * The intent of an allowed action, or a denial, or a hold.
     *
     * @return the id of the record in which an operator finds it: the action's, or that of a summary in which it is only counted
     */
    String decided(Decision decision) throws UnrecordableException;

    /** What came of an allowed action. */
    void completed(Completion completion) throws UnrecordableException;

    /** How it was decided. */
    enum Ruling {
        ALLOW,
        DENY,
        HOLD
    }

    /**
     * @param attempt as it came, before admission; what is recorded is the action
     * @param denial set unless the ruling is {@link Ruling#ALLOW}
     * @param approval of an intent, what was used up for it; of a hold, what it waits under if it was asked before
     * @param reserved of limits, at worst; of a denial, where it counts as a failure
     * @param restored what stands for values in it, or was hidden; empty where nothing was
     */
    record Decision(
            Attempt attempt,
            Action action,
            String policyVersion,
            Optional<Facts> facts,
            List<Finding> findings,
            Ruling ruling,
            Optional<Denial> denial,
            Recording recording,
            Optional<Approval> approval,
            List<Spending> reserved,
            Optional<Restored> restored) {
        public Decision {
            findings = List.copyOf(findings);
            reserved = List.copyOf(reserved);
        }

        /** One in which nothing stands for anything else. */
        public Decision(
                Attempt attempt,
                Action action,
                String policyVersion,
                Optional<Facts> facts,
                List<Finding> findings,
                Ruling ruling,
                Optional<Denial> denial,
                Recording recording,
                Optional<Approval> approval,
                List<Spending> reserved) {
            this(
                    attempt,
                    action,
                    policyVersion,
                    facts,
                    findings,
                    ruling,
                    denial,
                    recording,
                    approval,
                    reserved,
                    Optional.empty());
        }

        /** One that no person had a part in, and that took nothing of any limit. */
        public Decision(
                Attempt attempt,
                Action action,
                String policyVersion,
                Optional<Facts> facts,
                List<Finding> findings,
                Ruling ruling,
                Optional<Denial> denial,
                Recording recording) {
            this(
                    attempt,
                    action,
                    policyVersion,
                    facts,
                    findings,
                    ruling,
                    denial,
                    recording,
                    Optional.empty(),
                    List.of());
        }

        /** Whether it is a hold that asks people something that they were not asked before. */
        public boolean isNewQuestion() {
            return ruling == Ruling.HOLD
                    && approval.isEmpty()
                    && findings.stream()
                            .noneMatch(one -> one instanceof Finding.Ask ask
                                    && ask.terms().isEmpty());
        }

        public Decision withReserved(List<Spending> reserved) {
            return new Decision(
                    attempt,
                    action,
                    policyVersion,
                    facts,
                    findings,
                    ruling,
                    denial,
                    recording,
                    approval,
                    reserved,
                    restored);
        }
    }

    /**
     * The action of the decision is not the one that was decided: where values were put in the place of tokens it has the tokens, and where guardrails
     * found something, placeholders.
     *
     * @param kinds of what was found
     * @param digest of the action as it was decided, and sent, under a key of the installation
     */
    record Restored(List<String> tokens, List<String> kinds, String digest) {
        public Restored {
            tokens = List.copyOf(tokens);
            kinds = List.copyOf(kinds);
        }
    }

    /**
     * People's part in a decision.
     *
     * @param ticket that was used up, or under which the action waits already
     * @param by who said yes; nobody while it waits
     */
    record Approval(String ticket, List<String> by) {
        public Approval {
            by = List.copyOf(by);
        }
    }

    /**
     * @param released what goes to the caller
     * @param spent of limits
     */
    record Completion(
            Action action,
            Effect effect,
            List<ResultFinding> findings,
            Release released,
            Duration elapsed,
            Recording recording,
            List<Spending> spent) {
        public Completion {
            findings = List.copyOf(findings);
            spent = List.copyOf(spent);
        }

        /** One that took nothing of any limit. */
        public Completion(
                Action action,
                Effect effect,
                List<ResultFinding> findings,
                Release released,
                Duration elapsed,
                Recording recording) {
            this(action, effect, findings, released, elapsed, recording, List.of());
        }
    }
}
