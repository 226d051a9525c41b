package dev.reeve.grant;

import dev.reeve.gate.TimedGrant;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Something that people gave, or want to give, for a time.
 *
 * @param gives what; its own names of givers are those of {@link #givers}
 * @param needs who may give it, and how many must agree
 * @param givers oldest first; each person once
 * @param length for how long it is given
 * @param until when it ends; of one that waits for others: when it waits no more
 * @param ticket of the question that it answers, if it is an answer
 * @param version of the row that it was read from; 0 if there is none yet
 */
public record Grant(
        String id,
        Recipient to,
        TimedGrant gives,
        Needs needs,
        List<Giver> givers,
        Duration length,
        Instant created,
        Instant until,
        State state,
        Optional<String> ticket,
        long version) {
    public Grant {
        givers = List.copyOf(givers);
    }

    /** @param owner of the agent, when it was asked for */
    public record Needs(List<String> by, int quorum, Optional<String> owner) {
        public Needs {
            by = List.copyOf(by);
        }
    }

    /** Somebody who gave it, and why. */
    public record Giver(String person, String reason, Instant at) {}

    /** Where it stands. What ended never begins again. */
    public enum State {
        /** Others must agree. */
        PROPOSED,
        GIVEN,
        ENDED,
        REVOKED;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean isOpen() {
            return this == PROPOSED || this == GIVEN;
        }
    }

    /** With time counted. */
    public State stateAt(Instant now) {
        return state.isOpen() && !now.isBefore(until) ? State.ENDED : state;
    }

    List<String> people() {
        return givers.stream().map(Giver::person).toList();
    }

    Grant in(State other) {
        return new Grant(id, to, gives, needs, givers, length, created, until, other, ticket, version);
    }

    /** As if only those had agreed whom this finds. */
    Grant givenBy(Predicate<Giver> which) {
        return new Grant(
                id,
                to,
                gives,
                needs,
                givers.stream().filter(which).toList(),
                length,
                created,
                until,
                state,
                ticket,
                version);
    }

    /** One more agrees; with enough of them it is in force from now on. */
    Grant with(Giver giver) {
        List<Giver> all = new ArrayList<>(givers);
        all.add(giver);
        boolean enough = all.size() >= needs.quorum();
        return new Grant(
                id,
                to,
                gives,
                needs,
                all,
                length,
                created,
                enough ? giver.at().plus(length) : until,
                enough ? State.GIVEN : state,
                ticket,
                version);
    }

    /** As a decision sees it. */
    TimedGrant fact() {
        return switch (gives) {
            case TimedGrant.Permission one ->
                new TimedGrant.Permission(
                        id,
                        people(),
                        one.grantable(),
                        one.terms(),
                        one.tool(),
                        one.resource(),
                        one.actions(),
                        one.arguments());
            case TimedGrant.Answer one ->
                new TimedGrant.Answer(
                        id,
                        people(),
                        one.asks(),
                        one.kind(),
                        one.upstream(),
                        one.subject(),
                        one.definition(),
                        one.arguments(),
                        one.free(),
                        one.labels());
        };
    }

    /** The same, as it is in this version of its row. */
    public Grant at(long stored) {
        return new Grant(id, to, gives, needs, givers, length, created, until, state, ticket, stored);
    }

    /** For people, programs and rows. */
    public Json.Obj asJson() {
        return Json.object()
                .put("id", id)
                .put("state", state.wire())
                .put("to", to.asJson())
                .put("gives", fact().asJson())
                .put("by", Json.Arr.ofStrings(needs.by()))
                .put("quorum", needs.quorum())
                .put("owner", needs.owner())
                .put(
                        "givers",
                        new Json.Arr(givers.stream()
                                .<Json>map(one -> Json.object()
                                        .put("person", one.person())
                                        .put("reason", one.reason())
                                        .put("at", one.at().toString())
                                        .build())
                                .toList()))
                .put("length", length.toString())
                .put("created", created.toString())
                .put("until", until.toString())
                .put("ticket", ticket)
                .build();
    }
}
