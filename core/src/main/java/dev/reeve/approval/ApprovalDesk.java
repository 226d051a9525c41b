package dev.reeve.approval;

import dev.reeve.approval.Approval.State;
import dev.reeve.approval.Approval.Vote;
import dev.reeve.approval.NotDecidedException.Kind;
import dev.reeve.gate.Approvals.Hidden;
import dev.reeve.gate.AskTerms;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Hours;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.identity.PersonName;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where people see what is asked of them, and answer. Whoever calls vouches that the person is signed in to Reeve as that person (R16): an
 * agent's key, its client's answer and the local user of the operating system are none.
 *
 * <p>Security guarantees: an answer is in the record before it counts; each person counts once; what ended stays ended. Safe for several
 * threads.
 */
public final class ApprovalDesk {
    private static final int LONGEST_REASON = 1_000;
    private static final Comparator<Approval> NEWEST_FIRST =
            Comparator.comparing(Approval::created).reversed().thenComparing(Approval::ticket);

    private final ApprovalBook book;
    private final Object lock;
    private final People people;
    private final GateClock clock;
    private final HourlyCeiling ceiling;
    private final ResultRoom results;
    private final Showings showings;

    ApprovalDesk(ApprovalBook book, Object lock, People people, GateClock clock, Limits limits, ResultRoom results) {
        this.results = results;
        this.book = book;
        this.showings = new Showings(book);
        this.lock = lock;
        this.people = people;
        this.clock = clock;
        this.ceiling = new HourlyCeiling(limits.approvedAnHour());
        book.all().stream()
                .flatMap(one -> one.votes().stream())
                .filter(Vote::yes)
                .sorted(Comparator.comparing(Vote::at))
                .forEach(vote -> ceiling.count(PersonName.plain(vote.person()), vote.at()));
    }

    /**
     * What to list.
     *
     * @param state empty: any
     * @param agent empty: any
     * @param forPerson only what this person is asked; empty: for anybody
     */
    public record Filter(Optional<State> state, Optional<String> agent, Optional<String> forPerson) {
        public static final Filter ALL = new Filter(Optional.empty(), Optional.empty(), Optional.empty());
        public static final Filter PENDING = new Filter(Optional.of(State.PENDING), Optional.empty(), Optional.empty());
    }

    /** Newest first, each in the state that it is in now. */
    public List<Approval> list(Filter filter) {
        Instant now = clock.latest();
        Optional<Person> asked = filter.forPerson().flatMap(people::person);
        return book.all().stream()
                .map(one -> one.in(one.stateAt(now)))
                .filter(one -> filter.state().isEmpty() || filter.state().get() == one.state())
                .filter(one -> filter.agent().isEmpty()
                        || filter.agent().get().equals(one.asked().agent()))
                .filter(one -> filter.forPerson().isEmpty()
                        || asked.filter(person -> Eligibility.any(one, person)).isPresent())
                .sorted(NEWEST_FIRST)
                .toList();
    }

    /** In the state that it is in now. */
    public Optional<Approval> show(String ticket) {
        Instant now = clock.latest();
        return book.find(ticket).map(one -> one.in(one.stateAt(now)));
    }

    /**
     * To be called before the arguments of these are shown to somebody, signed in or not: who sees which is in the record first, once for each.
     */
    public void showing(String person, Collection<Approval> approvals) throws NotDecidedException {
        try {
            showings.arguments(person, approvals);
        } catch (UnrecordableException e) {
            throw NotDecidedException.unrecordable(e);
        }
    }

    /**
     * The result that waits under a ticket, as whoever may answer sees it: with placeholders for what guardrails look for, and names behind
     * signs of injection. Who sees which result is in the record before it is shown, once for each.
     *
     * @return empty if it is no question about a result
     */
    public Optional<Json.Obj> result(String ticket, Answerer person) throws NotDecidedException {
        Approval approval = known(ticket);
        if (!approval.asked().isAboutResult()) {
            return Optional.empty();
        }
        Instant now = clock.latest();
        if (!approval.stateAt(now).isOpen()) {
            throw ended(approval, now);
        }
        Person who = who(person);
        if (!Eligibility.any(approval, who)) {
            throw notAsked(approval, who);
        }
        try {
            Json.Obj shown = results.shown(ticket)
                    .orElseThrow(() -> new NotDecidedException(
                            Kind.UNAVAILABLE, "result_unreadable", "the result cannot be read any more", "say no"));
            showings.result(person.name(), approval);
            return Optional.of(shown);
        } catch (UnrecordableException e) {
            throw NotDecidedException.unrecordable(e);
        }
    }

    /** Takes each approval that is new or changed; must return soon and not throw. */
    public void onChange(Consumer<Approval> listener) {
        book.onChange(listener);
    }

    /**
     * A person answers. One no ends it; a yes counts with those of others until each rule has its quorum.
     *
     * @param person signed in
     * @param reason may be empty where no rule wants one
     * @return how it is now
     */
    public Approval decide(String ticket, Answerer person, boolean yes, String reason) throws NotDecidedException {
        return decide(ticket, person, yes, reason, Optional.empty());
    }

    /**
     * The same, perhaps for a pattern of calls: once as many as the rules want said yes to the same pattern, it is granted, and whoever called
     * gives that grant. If they do not agree on one, their yes is for this call.
     */
    public Approval decide(
            String ticket, Answerer person, boolean yes, String reason, Optional<Approval.Proposal> proposal)
            throws NotDecidedException {
        checkReason(reason);
        synchronized (lock) {
            Instant now = clock.latest();
            Approval approval = pending(ticket, now);
            Person who = who(person);
            checkMay(approval, who);
            Vote vote = new Vote(person, yes, reason, now, proposal);
            if (proposal.isPresent()) {
                checkProposal(approval, proposal.get(), yes);
            }
            if (!yes) {
                return changed(approval.with(vote).in(State.DENIED), vote, "approval_deny");
            }
            checkYes(approval, who, reason, now);
            Approval after = approval.with(vote);
            Approval done = changed(answered(after, proposal, now), vote, "approval_approve");
            ceiling.count(PersonName.plain(person.name()), now);
            return done;
        }
    }

    private Approval answered(Approval after, Optional<Approval.Proposal> proposal, Instant now) {
        if (proposal.isPresent() && Eligibility.isSatisfied(after.onlyWith(after.votesFor(proposal.get())), people)) {
            return after.in(State.GRANTED);
        }
        return Eligibility.isSatisfied(after, people) ? after.approved(now) : after;
    }

    private static void checkProposal(Approval approval, Approval.Proposal proposal, boolean yes)
            throws NotDecidedException {
        if (!yes) {
            throw new NotDecidedException(Kind.INVALID, "invalid", "a no is for this question only", "");
        }
        Duration most = approval.mostGranted()
                .orElseThrow(() -> new NotDecidedException(
                        Kind.FORBIDDEN,
                        "no_pattern",
                        "the rule that asks lets nobody say yes to more than this call",
                        "say yes to this call; a rule that lets people grant says `grant: { up_to: 1h }`"));
        if (proposal.length().compareTo(AskTerms.SHORTEST_GRANT) < 0
                || proposal.length().compareTo(most) > 0) {
            throw new NotDecidedException(
                    Kind.INVALID, "invalid", "by the rule that asks it may be granted for 1m to " + most, "");
        }
        checkSeen(approval.asked().hidden(), proposal);
    }

    /** What is bound to a placeholder would be no call at all; what is let free is said so. */
    private static void checkSeen(Hidden hidden, Approval.Proposal proposal) throws NotDecidedException {
        if (hidden.elsewhere()) {
            throw new NotDecidedException(
                    Kind.FORBIDDEN,
                    "no_pattern",
                    "something is hidden in the name of what it asks for, or of an argument: no other call can be"
                            + " compared with it",
                    "say yes to this call");
        }
        List<String> bound = hidden.arguments().stream()
                .filter(name -> !proposal.free().contains(name))
                .sorted()
                .toList();
        if (!bound.isEmpty()) {
            String names = String.join("`, `", bound);
            throw new NotDecidedException(
                    Kind.INVALID,
                    "hidden_argument",
                    "something is hidden in `" + names + "`: no other call can be compared with what is shown there",
                    "say yes to this call, or let free whatever stands there: --free " + String.join(",", bound));
        }
    }

    /**
     * When those who are asked cannot be had: two administrators, neither of them the agent's owner nor who it acts for, let it happen all the
     * same. A record of its own kind, and told in the status.
     */
    public Approval breakGlass(String ticket, Answerer person, String reason) throws NotDecidedException {
        checkReason(reason);
        if (reason.isBlank()) {
            throw new NotDecidedException(Kind.INVALID, "reason_required", "breaking the glass needs a reason", "");
        }
        synchronized (lock) {
            Instant now = clock.latest();
            Approval approval = pending(ticket, now);
            Person who = who(person);
            if (!Assent.mayBreak(approval, who)) {
                throw new NotDecidedException(
                        Kind.FORBIDDEN,
                        "not_asked",
                        "only administrators break the glass, and not for an agent of their own or one that acts for"
                                + " them",
                        "ask two others");
            }
            if (approval.breakers().stream().anyMatch(one -> PersonName.isSame(one.person(), person.name()))) {
                throw new NotDecidedException(
                        Kind.CONFLICT, "decided_already", "you did so already", "a second person must do it too");
            }
            Vote vote = new Vote(person, true, reason, now);
            Approval after = approval.brokenBy(Assent.breaking(approval, people), vote);
            return changed(after.isBrokenGlass() ? after.approved(now) : after, vote, "break_glass");
        }
    }

    /** Takes back what was asked or approved and is not used yet. */
    public Approval withdraw(String ticket, Answerer person, String reason) throws NotDecidedException {
        checkReason(reason);
        synchronized (lock) {
            Instant now = clock.latest();
            Approval approval = known(ticket);
            Person who = who(person);
            if (!approval.stateAt(now).isOpen()) {
                throw ended(approval, now);
            }
            if (!who.roles().contains("admin") && !Eligibility.any(approval, who)) {
                throw notAsked(approval);
            }
            return changed(approval.in(State.WITHDRAWN), new Vote(person, false, reason, now), "approval_withdraw");
        }
    }

    private Approval changed(Approval after, Vote vote, String act) throws NotDecidedException {
        Json.Obj difference = Json.object()
                .put("reason", vote.reason())
                .put("state", after.state().wire())
                .put("agent", after.asked().agent())
                .put("subject", after.asked().subject())
                .put("until", after.until().toString())
                .build();
        try {
            return book.change(after, vote.person(), act, difference)
                    .orElseThrow(() -> new NotDecidedException(
                            Kind.CONFLICT, "changed", "somebody else changed it just now", "look again"));
        } catch (UnrecordableException e) {
            throw NotDecidedException.unrecordable(e);
        }
    }

    private Approval known(String ticket) throws NotDecidedException {
        return book.find(ticket)
                .orElseThrow(() -> new NotDecidedException(
                        Kind.UNKNOWN, "ticket_unknown", "nothing waits under the ticket `" + ticket + "`", ""));
    }

    private Approval pending(String ticket, Instant now) throws NotDecidedException {
        Approval approval = known(ticket);
        if (approval.stateAt(now) != State.PENDING) {
            throw ended(approval, now);
        }
        return approval;
    }

    private static NotDecidedException ended(Approval approval, Instant now) {
        String state = approval.stateAt(now).wire();
        return new NotDecidedException(
                Kind.CONFLICT, "not_pending", "it does not wait any more: it is " + state, "the agent may ask again");
    }

    private Person who(Answerer person) throws NotDecidedException {
        return people.person(person)
                .orElseThrow(() -> new NotDecidedException(
                        Kind.FORBIDDEN,
                        "no_person",
                        "`" + person.name() + "` is nobody who may approve",
                        "an administrator makes a token: reeve admin token NAME"));
    }

    private static void checkReason(String reason) throws NotDecidedException {
        if (reason.length() > LONGEST_REASON) {
            throw new NotDecidedException(
                    Kind.INVALID, "invalid", "a reason has at most " + LONGEST_REASON + " characters", "");
        }
    }

    private static void checkMay(Approval approval, Person who) throws NotDecidedException {
        if (approval.votes().stream().anyMatch(vote -> vote.person().equals(who.name()))) {
            throw new NotDecidedException(
                    Kind.CONFLICT, "decided_already", "you answered already", "it waits for other people");
        }
        if (!Eligibility.any(approval, who)) {
            throw notAsked(approval, who);
        }
    }

    private static NotDecidedException notAsked(Approval approval, Person who) {
        return Eligibility.isSelf(approval, who)
                ? new NotDecidedException(
                        Kind.FORBIDDEN,
                        "self_approval",
                        "it is your own agent, or it acts for you, and the rule does not name you",
                        "somebody else must answer; a rule that should let you says `by: [owner]` or your name")
                : notAsked(approval);
    }

    private static NotDecidedException notAsked(Approval approval) {
        List<String> asked = approval.demands().stream()
                .flatMap(demand -> demand.asked(approval.escalated()).stream())
                .distinct()
                .toList();
        return new NotDecidedException(
                Kind.FORBIDDEN,
                "not_asked",
                "you are not among those who are asked",
                asked.isEmpty() ? "" : "asked are " + String.join(", ", asked));
    }

    private void checkYes(Approval approval, Person who, String reason, Instant now) throws NotDecidedException {
        List<AskTerms> terms = approval.demands().stream()
                .filter(demand -> Eligibility.asks(approval, demand, who))
                .map(Demand::terms)
                .toList();
        if (reason.isBlank() && terms.stream().anyMatch(AskTerms::reasonRequired)) {
            throw new NotDecidedException(
                    Kind.INVALID, "reason_required", "the rule wants a reason for a yes", "give one with --reason");
        }
        Optional<Hours> closed = terms.stream()
                .flatMap(one -> one.hours().stream())
                .filter(hours -> !hours.contain(now))
                .findFirst();
        if (closed.isPresent()) {
            throw new NotDecidedException(
                    Kind.CONFLICT, "outside_hours", "a yes counts in working hours only: " + closed.get(), "");
        }
        if (ceiling.isReached(PersonName.plain(who.name()), now)) {
            throw new NotDecidedException(
                    Kind.CONFLICT,
                    "too_many_approved",
                    "you approved as many as one person may in an hour",
                    "take a rest, or make a rule or a grant of what is always right");
        }
    }
}
