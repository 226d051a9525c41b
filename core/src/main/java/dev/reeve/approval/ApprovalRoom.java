package dev.reeve.approval;

import dev.reeve.approval.Approval.State;
import dev.reeve.gate.Approvals;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The gate's side of approvals: what an action that is held finds, and using up what was approved. Opens the book and the desk on it.
 *
 * <p>Security guarantees: an approval is used by one action, whatever happens to that action; it fits only what has the same {@link Asked#key}.
 */
public final class ApprovalRoom implements Approvals {
    /** How long what ended is kept for people to look at; the record has it for ever. */
    private static final Duration KEPT = Duration.ofDays(7);

    static final String REEVE = "reeve";

    private final Object lock = new Object();
    private final ApprovalBook book;
    private final ApprovalDesk desk;
    private final GateClock clock;
    private final People people;
    private final UnaryOperator<Json> mask;
    private final Places places;
    private final int ended;
    private final ResultRoom results;

    /**
     * @param kept results that wait
     * @param mask takes known secrets out of what people are shown
     * @throws UnrecordableException if what was asked before cannot be read
     */
    public ApprovalRoom(
            ApprovalRows rows,
            KeptResults kept,
            ApprovalActs acts,
            People people,
            GateClock clock,
            Limits limits,
            UnaryOperator<Json> mask)
            throws UnrecordableException {
        this.book = new ApprovalBook(rows, acts);
        this.clock = clock;
        this.people = people;
        this.mask = mask;
        this.places = new Places(book, limits);
        this.ended = limits.room().ended();
        this.results = new ResultRoom(
                new ResultRoom.House(book, lock, places, people, clock, mask, this::stands), kept, limits.results());
        this.desk = new ApprovalDesk(book, lock, people, clock, limits, results);
    }

    @Override
    public ResultRoom results() {
        return results;
    }

    public ApprovalDesk desk() {
        return desk;
    }

    /** Whether something is in the record that may not be in its row yet. */
    public boolean isBusy() {
        return book.isBusy();
    }

    @Override
    public Standing standing(Question question) {
        Instant now = clock.latest();
        Optional<Approval> known = book.ofKey(Asked.key(question));
        if (known.isEmpty()) {
            return unasked(question, now);
        }
        Approval approval = known.get();
        return switch (approval.stateAt(now)) {
            case PENDING -> new Standing.Waiting(approval.ticket());
            case APPROVED -> Assent.stands(approval, people) ? approved(question, approval) : unasked(question, now);
            // Until the question itself would have ended: who asks again at once wears people out.
            case DENIED ->
                now.isBefore(approval.until()) ? new Standing.Refused(denied(approval)) : unasked(question, now);
            case EXPIRED, REDEEMED, WITHDRAWN, GRANTED -> unasked(question, now);
        };
    }

    private static Standing approved(Question question, Approval approval) {
        return question.facts().clockDoubtful()
                ? new Standing.Refused(Denial.of(
                        "clock_doubtful",
                        ReasonClass.UNAVAILABLE,
                        "it is approved, but whether that has expired cannot be said: the clock stepped back"))
                : new Standing.Approved(approval.ticket(), approval.approvers());
    }

    private static Denial denied(Approval approval) {
        return Denial.of("approval_denied", ReasonClass.POLICY, "a person said no, ticket " + approval.ticket())
                .withTell("A person was asked and said no.");
    }

    /** What an agent is told whose question ended without a yes; empty while it waits, and after a yes. */
    public static Optional<Denial> ended(Approval approval) {
        if (approval.asked().isAboutResult()) {
            return ResultRoom.ended(approval);
        }
        return switch (approval.state()) {
            case DENIED -> Optional.of(denied(approval));
            case EXPIRED ->
                Optional.of(Denial.of(
                                "approval_expired",
                                ReasonClass.UNAVAILABLE,
                                "nobody answered in time, ticket " + approval.ticket())
                        .withTell("Nobody answered in time. The same call asks again."));
            case WITHDRAWN ->
                Optional.of(Denial.of(
                                "approval_withdrawn",
                                ReasonClass.UNAVAILABLE,
                                "the question was taken back, ticket " + approval.ticket())
                        .withTell("The question was taken back. The same call asks again."));
            case PENDING, APPROVED, REDEEMED, GRANTED -> Optional.empty();
        };
    }

    private Standing unasked(Question question, Instant now) {
        Optional<Denial> full;
        synchronized (lock) {
            full = places.take(question, now);
        }
        return full.<Standing>map(Standing.Refused::new).orElseGet(Standing.Unasked::new);
    }

    @Override
    public boolean redeem(String ticket, Question question) throws UnrecordableException {
        synchronized (lock) {
            Optional<Approval> found = book.find(ticket)
                    .filter(one -> one.stateAt(clock.latest()) == State.APPROVED)
                    .filter(one -> one.key().equals(Asked.key(question)));
            if (found.isEmpty() || !stands(found.get())) {
                return false;
            }
            String intent = question.action().id();
            Json.Obj difference = Json.object()
                    .put("intent", intent)
                    .put("by", Json.Arr.ofStrings(found.get().approvers()))
                    .build();
            return book.change(found.get().usedFor(intent), REEVE, "approval_redeem", difference)
                    .isPresent();
        }
    }

    /**
     * What was approved by people who may not any more is ended, so that others are asked anew. The caller has the lock.
     *
     * @return whether it is as it was
     */
    private boolean stands(Approval approval) throws UnrecordableException {
        if (approval.state() != State.APPROVED || Assent.stands(approval, people)) {
            return true;
        }
        Json.Obj difference = Json.object()
                .put("reason", "who approved it may not any more")
                .put("by", Json.Arr.ofStrings(approval.approvers()))
                .build();
        book.change(approval.in(State.WITHDRAWN), REEVE, "approval_withdraw", difference);
        return false;
    }

    @Override
    public String open(String ticket, Question question) throws UnrecordableException {
        synchronized (lock) {
            Instant now = clock.latest();
            String key = Asked.key(question);
            Optional<Approval> waits =
                    book.ofKey(key).filter(one -> one.stateAt(now).isOpen());
            if (waits.isPresent() && stands(waits.get())) {
                return waits.get().ticket();
            }
            if (!places.holds(question)) {
                Optional<Denial> full = places.take(question, now);
                if (full.isPresent()) {
                    throw new UnrecordableException(full.get().reason());
                }
            }
            List<Demand> demands =
                    question.asks().stream().map(ask -> Demand.of(ask, mask)).toList();
            Approval fresh = new Approval(
                    ticket,
                    key,
                    Asked.of(question, mask),
                    demands,
                    now,
                    now,
                    State.PENDING,
                    List.of(),
                    false,
                    List.of(),
                    Optional.empty(),
                    0);
            book.open(fresh.until(now.plus(fresh.life())));
            places.asked(question, now);
            return ticket;
        }
    }

    /**
     * The agent that asked takes its question back, or a yes that is not used. A question of somebody else, and one that ended, stays as it
     * is. How often the agent asked still counts.
     *
     * @return whether it ended by this
     */
    public boolean takeBack(String ticket, Principal asker) throws UnrecordableException {
        synchronized (lock) {
            Optional<Approval> open = book.find(ticket)
                    .filter(one -> one.stateAt(clock.latest()).isOpen())
                    .filter(one -> one.asked().isBy(asker));
            if (open.isEmpty()) {
                return false;
            }
            Json.Obj difference = Json.object()
                    .put("state", State.WITHDRAWN.wire())
                    .put("by_agent", asker.agent())
                    .build();
            return book.change(open.get().in(State.WITHDRAWN), REEVE, "approval_withdraw", difference)
                    .isPresent();
        }
    }

    @Override
    public void abandon(String action) {
        if (places.mayHold(action)) {
            synchronized (lock) {
                places.giveBack(action);
            }
        }
    }

    /**
     * What time brings about: asks more people, writes down what expired, ends what is approved by nobody who may any more, forgets what ended
     * long ago. To be called now and then.
     */
    public void tick() throws UnrecordableException {
        synchronized (lock) {
            Instant now = clock.latest();
            try {
                bringAbout(now);
            } finally {
                // What ran out is wiped, also where that cannot be recorded now.
                results.tick(now);
            }
        }
    }

    private void bringAbout(Instant now) throws UnrecordableException {
        for (Approval one : List.copyOf(book.all())) {
            if (one.state().isOpen() && one.stateAt(now) == State.EXPIRED) {
                book.change(one.in(State.EXPIRED), REEVE, "approval_expire", Json.Obj.EMPTY);
            } else if (one.state() == State.PENDING
                    && one.escalates().filter(at -> !now.isBefore(at)).isPresent()) {
                book.change(one.escalate(), REEVE, "approval_escalate", Json.Obj.EMPTY);
            } else if (!one.state().isOpen() && now.isAfter(one.until().plus(KEPT))) {
                book.forget(one);
            } else {
                stands(one);
            }
        }
        forgetTheOldest(now);
    }

    /** Who asks for ever fills nothing (R15). */
    private void forgetTheOldest(Instant now) throws UnrecordableException {
        List<Approval> over = book.all().stream()
                .filter(one -> !one.state().isOpen() && isDone(one, now))
                .sorted(Comparator.comparing(Approval::created).reversed())
                .skip(ended)
                .toList();
        for (Approval one : over) {
            book.forget(one);
        }
    }

    /** Whether neither an hourly ceiling nor the refusal of the same question needs it any more. */
    private static boolean isDone(Approval one, Instant now) {
        Instant hourAgo = now.minus(HourlyCeiling.HOUR);
        return one.created().isBefore(hourAgo)
                && one.votes().stream().allMatch(vote -> vote.at().isBefore(hourAgo))
                && (one.state() != State.DENIED || !now.isBefore(one.until()));
    }

    /**
     * What the record says was ended and the rows do not know, after a crash or a restore (R29). Only what narrows.
     *
     * @param act as it was recorded
     * @return whether that changed something
     */
    public boolean endAgain(String act, String ticket) throws UnrecordableException {
        synchronized (lock) {
            Optional<State> ends = ending(act);
            Optional<Approval> open =
                    book.find(ticket).filter(one -> one.state().isOpen());
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
            case "approval_redeem" -> Optional.of(State.REDEEMED);
            case "approval_deny" -> Optional.of(State.DENIED);
            case "approval_withdraw" -> Optional.of(State.WITHDRAWN);
            case "approval_expire" -> Optional.of(State.EXPIRED);
            default -> Optional.empty();
        };
    }
}
