package dev.reeve.approval;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One question to people about one action, and what became of it.
 *
 * @param ticket the id of the record of the hold, by which agents and people name it
 * @param key digest over everything that it binds (R17); an action with another one is another question
 * @param asked what people are shown
 * @param demands of each rule that asked
 * @param until when it ends: unanswered, or approved and not used
 * @param votes oldest first; each person once
 * @param escalated whether those who are asked later are asked by now
 * @param breakers who broke the glass, of those who could when the last of them did; with two it is approved
 * @param intent the action that used it up
 * @param version of the row that it was read from; 0 if there is none yet
 */
public record Approval(
        String ticket,
        String key,
        Asked asked,
        List<Demand> demands,
        Instant created,
        Instant until,
        State state,
        List<Vote> votes,
        boolean escalated,
        List<Vote> breakers,
        Optional<String> intent,
        long version) {
    public Approval {
        demands = List.copyOf(demands);
        votes = List.copyOf(votes);
        breakers = List.copyOf(breakers);
    }

    /** Where it stands. What ended never begins again. */
    public enum State {
        PENDING,
        APPROVED,
        DENIED,
        EXPIRED,
        REDEEMED,
        WITHDRAWN,
        /** People said yes for a time, to more than this call: what they gave is a grant of its own. */
        GRANTED;

        public String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        boolean isOpen() {
            return this == PENDING || this == APPROVED;
        }
    }

    /**
     * What one person said, and why.
     *
     * @param proposal for more than this call
     */
    public record Vote(Answerer by, boolean yes, String reason, Instant at, Optional<Proposal> proposal) {
        public Vote(Answerer by, boolean yes, String reason, Instant at) {
            this(by, yes, reason, at, Optional.empty());
        }

        public String person() {
            return by.name();
        }
    }

    /**
     * Which calls a person says yes to, and for how long.
     *
     * @param free names of arguments that may be anything; the others are as they are in this call
     */
    public record Proposal(Duration length, Set<String> free) {
        public static final int MOST_FREE = 32;

        public Proposal {
            free = Set.copyOf(free);
            if (free.size() > MOST_FREE) {
                throw new IllegalArgumentException("at most " + MOST_FREE + " arguments are let free");
            }
        }
    }

    /** For how long at most people may say yes to a pattern; empty if some rule that asks does not let them. */
    public Optional<Duration> mostGranted() {
        return demands.stream().anyMatch(one -> one.terms().grant().isEmpty())
                ? Optional.empty()
                : demands.stream().flatMap(one -> one.terms().grant().stream()).min(Duration::compareTo);
    }

    /** Those who said yes to what this proposes. */
    public List<Vote> votesFor(Proposal proposal) {
        return votes.stream()
                .filter(Vote::yes)
                .filter(one -> one.proposal()
                        .filter(it -> it.free().equals(proposal.free()))
                        .isPresent())
                .toList();
    }

    /** With time counted: what nobody answered or used in time has expired, written down or not. */
    public State stateAt(Instant now) {
        return state.isOpen() && !now.isBefore(until) ? State.EXPIRED : state;
    }

    public boolean isBrokenGlass() {
        return breakers.size() >= 2;
    }

    /** Who said yes. */
    public List<String> approvers() {
        List<String> people = new ArrayList<>();
        votes.stream().filter(Vote::yes).forEach(vote -> people.add(vote.person()));
        if (isBrokenGlass()) {
            breakers.stream()
                    .map(Vote::person)
                    .filter(one -> !people.contains(one))
                    .forEach(people::add);
        }
        return people;
    }

    /** The shortest wait that some rule set. */
    Duration life() {
        return demands.stream()
                .map(one -> one.terms().expires())
                .min(Duration::compareTo)
                .orElseThrow();
    }

    /** When more people are asked; empty if never, or if they are already. */
    Optional<Instant> escalates() {
        return escalated
                ? Optional.empty()
                : demands.stream()
                        .flatMap(one -> one.terms().escalation().stream())
                        .map(one -> created.plus(one.after()))
                        .min(Instant::compareTo);
    }

    /** As it is kept: of what ended, no more than what people look at. */
    Approval kept() {
        return state.isOpen()
                ? this
                : new Approval(
                        ticket,
                        key,
                        asked.ended(),
                        demands,
                        created,
                        until,
                        state,
                        votes,
                        escalated,
                        breakers,
                        intent,
                        version);
    }

    Approval in(State other) {
        return new Approval(
                ticket, key, asked, demands, created, until, other, votes, escalated, breakers, intent, version);
    }

    Approval with(Vote vote) {
        List<Vote> all = new ArrayList<>(votes);
        all.add(vote);
        return new Approval(
                ticket, key, asked, demands, created, until, state, all, escalated, breakers, intent, version);
    }

    /** As if only these had been said. */
    Approval onlyWith(List<Vote> said) {
        return new Approval(
                ticket, key, asked, demands, created, until, state, said, escalated, breakers, intent, version);
    }

    /** @param before those of the breakers who still count */
    Approval brokenBy(List<Vote> before, Vote by) {
        List<Vote> all = new ArrayList<>(before);
        all.add(by);
        return new Approval(ticket, key, asked, demands, created, until, state, votes, escalated, all, intent, version);
    }

    /** From the yes on, the agent has as long again to come back. */
    Approval approved(Instant now) {
        return new Approval(
                ticket,
                key,
                asked,
                demands,
                created,
                now.plus(life()),
                State.APPROVED,
                votes,
                escalated,
                breakers,
                intent,
                version);
    }

    Approval until(Instant end) {
        return new Approval(
                ticket, key, asked, demands, created, end, state, votes, escalated, breakers, intent, version);
    }

    Approval escalate() {
        return new Approval(ticket, key, asked, demands, created, until, state, votes, true, breakers, intent, version);
    }

    Approval usedFor(String action) {
        return new Approval(
                ticket,
                key,
                asked,
                demands,
                created,
                until,
                State.REDEEMED,
                votes,
                escalated,
                breakers,
                Optional.of(action),
                version);
    }

    /** The same, as it is in this version of its row. */
    public Approval at(long stored) {
        return new Approval(
                ticket, key, asked, demands, created, until, state, votes, escalated, breakers, intent, stored);
    }
}
