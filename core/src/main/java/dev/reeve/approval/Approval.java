package dev.reeve.approval;

import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
 * @param breakers who broke the glass; with two of them it is approved
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
        WITHDRAWN;

        public String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        boolean isOpen() {
            return this == PENDING || this == APPROVED;
        }
    }

    /** What one person said, and why. */
    public record Vote(String person, boolean yes, String reason, Instant at) {
        Json.Obj asJson() {
            return Json.object()
                    .put("person", person)
                    .put("yes", yes)
                    .put("reason", reason)
                    .put("at", at.toString())
                    .build();
        }
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

    Approval broken(Vote by) {
        List<Vote> all = new ArrayList<>(breakers);
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
