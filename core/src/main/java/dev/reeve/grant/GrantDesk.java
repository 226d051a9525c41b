package dev.reeve.grant;

import dev.reeve.approval.Answerer;
import dev.reeve.approval.Approval;
import dev.reeve.approval.Approval.Proposal;
import dev.reeve.approval.Approval.Vote;
import dev.reeve.approval.ApprovalActs;
import dev.reeve.approval.Demand;
import dev.reeve.approval.Eligibility;
import dev.reeve.approval.NotDecidedException;
import dev.reeve.approval.NotDecidedException.Kind;
import dev.reeve.approval.People;
import dev.reeve.approval.Person;
import dev.reeve.gate.AskTerms;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Grants;
import dev.reeve.gate.TimedGrant;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.grant.Grant.Giver;
import dev.reeve.grant.Grant.Needs;
import dev.reeve.grant.Grant.State;
import dev.reeve.identity.PersonName;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.Offer;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where people give agents something for a time, and take it back. Whoever calls vouches that the person is signed in to Reeve as that person
 * (R16).
 *
 * <p>Security guarantees: nothing is given that the policy in force does not let this person give to this agent; it is in the record before it
 * counts, and ends by Reeve's clock (R7); what is taken back counts no more when the call returns, whatever can be recorded (R14). Safe for
 * several threads.
 */
public final class GrantDesk implements Grants {
    /** Open ones of one agent, and of all. */
    static final int MOST_OF_AGENT = 20;

    static final int MOST = 1_000;
    /** How long those who must agree are waited for. */
    private static final Duration WAITING = Duration.ofHours(1);
    /** How long what ended is kept for people to look at; the record has it for ever. */
    private static final Duration KEPT = Duration.ofDays(7);

    private static final int LONGEST_REASON = 1_000;
    private static final String REEVE = "reeve";
    private static final Comparator<Grant> NEWEST_FIRST =
            Comparator.comparing(Grant::created).reversed().thenComparing(Grant::id);

    private final Object lock = new Object();
    private final GrantBook book;
    private final People people;
    private final GateClock clock;
    private final Supplier<String> ids;

    /**
     * @param ids unguessable
     * @throws UnrecordableException if what was given before cannot be read
     */
    public GrantDesk(GrantRows rows, ApprovalActs acts, People people, GateClock clock, Supplier<String> ids)
            throws UnrecordableException {
        this.book = new GrantBook(rows, acts);
        this.people = people;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public List<TimedGrant> of(Principal principal, Instant now) {
        return book.of(principal, now);
    }

    /**
     * Newest first, each in the state that it is in now.
     *
     * @param state empty: any
     * @param agent empty: any
     */
    public List<Grant> list(Optional<State> state, Optional<String> agent) {
        Instant now = clock.latest();
        return book.all().stream()
                .map(one -> one.in(one.stateAt(now)))
                .filter(one -> state.isEmpty() || state.get() == one.state())
                .filter(one -> agent.isEmpty() || agent.get().equals(one.to().agent()))
                .sorted(NEWEST_FIRST)
                .toList();
    }

    /** In the state that it is in now. */
    public Optional<Grant> show(String id) {
        Instant now = clock.latest();
        return book.find(id).map(one -> one.in(one.stateAt(now)));
    }

    /** @param listener called whenever something was given or ended; must return soon and not throw */
    public void onChange(Runnable listener) {
        book.onChange(listener);
    }

    /** Whether something is in the record that may not be in its row yet, or the other way round. */
    public boolean isBusy() {
        return book.isBusy();
    }

    /**
     * A person gives something of what the policy in force offers; where several must agree, it waits for the others.
     *
     * @param offer of the policy in force
     * @return how it is now
     */
    public Grant give(Offer offer, Wish wish, Answerer person, String reason) throws NotDecidedException {
        checkReason(reason);
        synchronized (lock) {
            Instant now = clock.latest();
            checkOffer(offer, wish);
            checkMay(offer.by(), wish.owner(), wish.to().user(), who(person));
            checkRoom(wish.to().agent(), now);
            TimedGrant what = new TimedGrant.Permission(
                    "",
                    List.of(),
                    offer.name(),
                    offer.terms(),
                    wish.tool(),
                    wish.resource(),
                    wish.actions(),
                    wish.arguments());
            Grant fresh = new Grant(
                    ids.get(),
                    wish.to(),
                    what,
                    new Needs(offer.by(), offer.quorum(), wish.owner()),
                    List.of(),
                    wish.length(),
                    now,
                    now.plus(WAITING),
                    State.PROPOSED,
                    Optional.empty(),
                    0);
            Grant after = fresh.with(new Giver(person.name(), reason, now));
            return widened(after, person.name(), after.state() == State.GIVEN ? "grant_give" : "grant_propose");
        }
    }

    /** Another person agrees to what somebody wants to give. */
    public Grant agree(String id, Answerer person, String reason) throws NotDecidedException {
        checkReason(reason);
        synchronized (lock) {
            Instant now = clock.latest();
            Grant waits = known(id);
            if (waits.stateAt(now) != State.PROPOSED) {
                throw notOpen(waits, now);
            }
            if (waits.people().stream().anyMatch(one -> PersonName.isSame(one, person.name()))) {
                throw new NotDecidedException(
                        Kind.CONFLICT, "decided_already", "you agreed already", "it waits for other people");
            }
            checkMay(waits.needs().by(), waits.needs().owner(), waits.to().user(), who(person));
            Grant after = waits.givenBy(giver -> stillGives(waits, giver)).with(new Giver(person.name(), reason, now));
            return widened(after, person.name(), after.state() == State.GIVEN ? "grant_give" : "grant_agree");
        }
    }

    /** Who may not give it any more counts no more, also not with what was said before. */
    private boolean stillGives(Grant waits, Giver giver) {
        return people.person(giver.person())
                .filter(who -> Eligibility.mayGive(
                        waits.needs().by(), waits.needs().owner(), waits.to().user(), who))
                .isPresent();
    }

    /**
     * What people said yes to for a time, when a rule asked. That they may was looked at when they said so.
     *
     * @param approval granted just now
     */
    public Grant answer(Approval approval) throws NotDecidedException {
        synchronized (lock) {
            Instant now = clock.latest();
            Proposal proposal = approval.votes().getLast().proposal().orElseThrow();
            List<Vote> votes = approval.votesFor(proposal);
            checkRoom(approval.asked().agent(), now);
            Duration length = votes.stream()
                    .map(vote -> vote.proposal().orElseThrow().length())
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
            Grant given = new Grant(
                    ids.get(),
                    recipient(approval),
                    what(approval, proposal),
                    new Needs(List.of(), votes.size(), approval.asked().owner()),
                    votes.stream()
                            .map(vote -> new Giver(vote.person(), vote.reason(), vote.at()))
                            .toList(),
                    length,
                    now,
                    now.plus(length),
                    State.GIVEN,
                    Optional.of(approval.ticket()),
                    0);
            return widened(given, votes.getLast().person(), "grant_give");
        }
    }

    private static Recipient recipient(Approval approval) {
        return new Recipient(
                approval.asked().tenant(),
                approval.asked().agent(),
                Optional.empty(),
                approval.asked().user(),
                Optional.of(new Recipient.Exactly(
                        approval.asked().actors(), approval.asked().owner())));
    }

    private static TimedGrant what(Approval approval, Proposal proposal) {
        return new TimedGrant.Answer(
                "",
                List.of(),
                approval.demands().stream().map(Demand::key).collect(Collectors.toSet()),
                approval.asked().kind(),
                Optional.of(approval.asked().upstream()),
                approval.asked().subject(),
                approval.asked().definition(),
                TimedGrant.Answer.bound(approval.asked().arguments().orElseThrow(), proposal.free()),
                proposal.free(),
                new HashSet<>(approval.asked().labels()));
    }

    /** Takes it back; in force when it returns. Whoever may give it may, and every administrator. */
    public Grant revoke(String id, Answerer person, String reason) throws NotDecidedException {
        if (reason.length() > LONGEST_REASON) {
            throw tooLong();
        }
        Instant now = clock.latest();
        Grant open = known(id);
        if (!open.stateAt(now).isOpen()) {
            throw notOpen(open, now);
        }
        Person who = who(person);
        if (!who.roles().contains("admin") && !open.people().contains(person.name())) {
            throw new NotDecidedException(
                    Kind.FORBIDDEN,
                    "not_asked",
                    "a grant is taken back by who gave it, or by an administrator",
                    "ask one of them");
        }
        book.end(id, State.REVOKED);
        synchronized (lock) {
            book.noteEnd(
                    id,
                    person.name(),
                    "grant_revoke",
                    Json.object().put("reason", reason).build());
            try {
                book.settle();
            } catch (UnrecordableException e) {
                // It counts no more, and is recorded as soon as that can be: `tick` tries again.
            }
        }
        return show(id).orElse(open.in(State.REVOKED));
    }

    private Grant widened(Grant after, String person, String act) throws NotDecidedException {
        try {
            book.settle();
            return book.widen(after, person, act)
                    .orElseThrow(() -> new NotDecidedException(
                            Kind.CONFLICT, "changed", "somebody else changed it just now", "look again"));
        } catch (UnrecordableException e) {
            throw NotDecidedException.unrecordable(e);
        }
    }

    /** What time brings about: writes down what ended, and what could not be written, forgets what ended long ago. To be called now and then. */
    public void tick() throws UnrecordableException {
        synchronized (lock) {
            book.settle();
            Instant now = clock.latest();
            for (Grant one : List.copyOf(book.all())) {
                if (one.state().isOpen() && one.stateAt(now) == State.ENDED) {
                    book.end(one.id(), State.ENDED);
                    book.noteEnd(one.id(), REEVE, "grant_end", Json.Obj.EMPTY);
                } else if (!one.state().isOpen() && now.isAfter(one.until().plus(KEPT))) {
                    book.forget(one);
                }
            }
            book.settle();
        }
    }

    /**
     * What the record says was ended and the rows do not know, after a crash or a restore (R29). Only what narrows.
     *
     * @param act as it was recorded
     * @return whether that changed something
     */
    public boolean endAgain(String act, String id) throws UnrecordableException {
        synchronized (lock) {
            Optional<State> ends = ending(act);
            Optional<Grant> open = book.find(id).filter(one -> one.state().isOpen());
            if (ends.isEmpty() || open.isEmpty()) {
                return false;
            }
            book.apply(open.get().in(ends.get()));
            return true;
        }
    }

    /** Where an act leaves it for good; empty for what does not end it. */
    public static Optional<State> ending(String act) {
        return switch (act) {
            case "grant_revoke" -> Optional.of(State.REVOKED);
            case "grant_end" -> Optional.of(State.ENDED);
            default -> Optional.empty();
        };
    }

    private Grant known(String id) throws NotDecidedException {
        return book.find(id)
                .orElseThrow(() ->
                        new NotDecidedException(Kind.UNKNOWN, "grant_unknown", "there is no grant `" + id + "`", ""));
    }

    private static NotDecidedException notOpen(Grant grant, Instant now) {
        return new NotDecidedException(
                Kind.CONFLICT, "not_open", "it is " + grant.stateAt(now).wire() + " already", "");
    }

    private Person who(Answerer person) throws NotDecidedException {
        return people.person(person)
                .orElseThrow(() -> new NotDecidedException(
                        Kind.FORBIDDEN,
                        "no_person",
                        "`" + person.name() + "` is nobody who may give anything",
                        "an administrator makes a token: reeve admin token NAME"));
    }

    private static void checkReason(String reason) throws NotDecidedException {
        if (reason.isBlank()) {
            throw new NotDecidedException(
                    Kind.INVALID, "reason_required", "a grant needs a reason", "give one with --reason");
        }
        if (reason.length() > LONGEST_REASON) {
            throw tooLong();
        }
    }

    private static NotDecidedException tooLong() {
        return new NotDecidedException(
                Kind.INVALID, "invalid", "a reason has at most " + LONGEST_REASON + " characters", "");
    }

    private static void checkOffer(Offer offer, Wish wish) throws NotDecidedException {
        if (!offer.isFor(wish.to().agent())) {
            throw new NotDecidedException(
                    Kind.FORBIDDEN,
                    "not_grantable",
                    "`" + offer.name() + "` is not for the agent `" + wish.to().agent() + "`",
                    "it is for " + offer.to().stream().map(Object::toString).collect(Collectors.joining(", ")));
        }
        if (wish.length().compareTo(AskTerms.SHORTEST_GRANT) < 0
                || wish.length().compareTo(offer.upTo()) > 0) {
            throw new NotDecidedException(
                    Kind.INVALID, "invalid", "`" + offer.name() + "` is given for 1m to " + offer.upTo(), "");
        }
        Set<String> unknown = new HashSet<>(wish.actions());
        unknown.removeAll(offer.words());
        if (!unknown.isEmpty()) {
            throw new NotDecidedException(
                    Kind.INVALID, "invalid", "no action is called " + String.join(", ", unknown), "");
        }
    }

    private static void checkMay(List<String> by, Optional<String> owner, Optional<String> user, Person who)
            throws NotDecidedException {
        if (!Eligibility.mayGive(by, owner, user, who)) {
            throw new NotDecidedException(
                    Kind.FORBIDDEN,
                    "not_asked",
                    "you are not among those who may give this to this agent; nobody gives to an agent of their own"
                            + " unless they are named, and never for what is done for them",
                    by.isEmpty() ? "administrators may" : "those are " + String.join(", ", by));
        }
    }

    private void checkRoom(String agent, Instant now) throws NotDecidedException {
        List<Grant> open =
                book.all().stream().filter(one -> one.stateAt(now).isOpen()).toList();
        boolean many =
                open.stream().filter(one -> one.to().agent().equals(agent)).count() >= MOST_OF_AGENT;
        if (many || open.size() >= MOST) {
            throw new NotDecidedException(
                    Kind.CONFLICT,
                    "too_many_grants",
                    many
                            ? "`" + agent + "` has " + MOST_OF_AGENT + " grants already"
                            : "there are " + MOST + " grants already",
                    "revoke some, or write what is always right into the policy");
        }
    }
}
