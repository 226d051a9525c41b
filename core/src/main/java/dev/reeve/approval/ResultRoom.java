package dev.reeve.approval;

import dev.reeve.action.Action;
import dev.reeve.approval.Approval.State;
import dev.reeve.gate.Approvals.Question;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.HeldResults;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.CanonicalLength;
import dev.reeve.json.Json;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Results that wait for people. The question is an approval like any other; what it is about is kept beside it as long as it is open.
 *
 * <p>Security guarantees: a result is given out once; nothing of it is kept once its question has ended. A call of which the result waits, or
 * was refused, finds that here instead of being made again; one of which the result went lost is told so once first. Safe for several threads.
 */
public final class ResultRoom implements HeldResults {
    private static final System.Logger LOG = System.getLogger("dev.reeve.approval");

    private final House house;
    private final KeptResults kept;
    private final Limits.Results limits;
    /** What is kept, or is about to be, by ticket. */
    private final Map<String, KeptResults.Size> sizes = new ConcurrentHashMap<>();
    /** Calls that find something here. */
    private final Map<String, String> tickets = new ConcurrentHashMap<>();
    /** Tickets of results that are on their way out just now. */
    private final Set<String> leaving = ConcurrentHashMap.newKeySet();

    private volatile Predicate<String> lives = agent -> true;

    /** What it shares with questions about calls. */
    record House(
            ApprovalBook book,
            Object lock,
            Places places,
            People people,
            GateClock clock,
            UnaryOperator<Json> mask,
            Standing standing) {
        /** Whether what was approved is approved by people who still may; the caller has the lock. */
        interface Standing {
            boolean stands(Approval approval) throws UnrecordableException;
        }
    }

    ResultRoom(House house, KeptResults kept, Limits.Results limits) throws UnrecordableException {
        this.house = house;
        this.kept = kept;
        this.limits = limits;
        kept.sizes().forEach(one -> sizes.put(one.ticket(), one));
        Instant now = house.clock().latest();
        house.book().all().stream()
                .filter(one -> one.asked().isAboutResult())
                .sorted(Comparator.comparing(Approval::created))
                .forEach(one -> tickets.put(one.key(), one.ticket()));
        // Of what was used up, nothing is kept any more if it was given out.
        List.copyOf(tickets.values()).stream()
                .map(one -> house.book().find(one).orElseThrow())
                .filter(one -> one.state() == State.REDEEMED && !sizes.containsKey(one.ticket()))
                .forEach(one -> leave(one.key(), one.ticket(), now));
        house.book().onChange(this::changed);
        wipeWhatEnded(now);
    }

    /**
     * Of identical calls that ran at once each result has its question. Once one is over, the call finds another that is open, or a no that
     * stands still.
     */
    private Optional<Approval> other(String key, String over, Instant now) {
        return house.book().all().stream()
                .filter(one -> one.key().equals(key) && !one.ticket().equals(over))
                .filter(one -> one.stateAt(now).isOpen() || (one.state() == State.DENIED && now.isBefore(one.until())))
                .max(Comparator.comparing((Approval one) -> one.stateAt(now).isOpen())
                        .thenComparing(Approval::created));
    }

    /** @return whether it was this one that the call found so far */
    private boolean leave(String key, String over, Instant now) {
        boolean found = tickets.remove(key, over);
        if (found) {
            other(key, over, now).ifPresent(one -> tickets.putIfAbsent(key, one.ticket()));
        }
        return found;
    }

    /** @param lives whether an agent of this name may still come back */
    public void agents(Predicate<String> lives) {
        this.lives = lives;
    }

    /** How many results wait. */
    public int size() {
        return sizes.size();
    }

    /** What ended is wiped at once; what is used up, when it is given out. */
    private void changed(Approval approval) {
        if (approval.asked().isAboutResult() && !approval.state().isOpen() && approval.state() != State.REDEEMED) {
            wipe(approval.ticket());
        }
    }

    private void wipe(String ticket) {
        if (!sizes.containsKey(ticket)) {
            return;
        }
        try {
            kept.remove(ticket);
            sizes.remove(ticket);
        } catch (UnrecordableException e) {
            LOG.log(System.Logger.Level.WARNING, "a result that ended is not wiped yet: {0}", e.getMessage());
        }
    }

    @Override
    public boolean isEmpty() {
        return tickets.isEmpty();
    }

    @Override
    public HeldResults.Standing standing(String key, Action action, boolean clockDoubtful) {
        String ticket = tickets.get(key);
        if (ticket == null) {
            return new HeldResults.Standing.Unknown();
        }
        Optional<Approval> found = house.book().find(ticket);
        if (found.isEmpty()) {
            tickets.remove(key, ticket);
            return new HeldResults.Standing.Unknown();
        }
        Instant now = house.clock().latest();
        Approval approval = openIfAny(key, found.get(), now);
        return switch (approval.stateAt(now)) {
            case PENDING -> new HeldResults.Standing.Waits(approval.ticket(), rule(approval));
            case APPROVED -> approved(approval, action, clockDoubtful);
            case DENIED, EXPIRED, WITHDRAWN, REDEEMED, GRANTED ->
                leaving.contains(approval.ticket())
                        ? refused("another call gets it just now", approval)
                        : over(key, approval, now);
        };
    }

    private Approval openIfAny(String key, Approval found, Instant now) {
        if (found.stateAt(now).isOpen()) {
            return found;
        }
        Optional<Approval> open =
                other(key, found.ticket(), now).filter(one -> one.stateAt(now).isOpen());
        open.ifPresent(one -> tickets.replace(key, found.ticket(), one.ticket()));
        return open.orElse(found);
    }

    private static Optional<RuleRef> rule(Approval approval) {
        return approval.demands().stream().findFirst().map(demand -> {
            int colon = demand.place().lastIndexOf(':');
            String line = demand.place().substring(colon + 1);
            return colon > 0 && line.matches("[0-9]{1,9}")
                    ? new RuleRef(demand.rule(), demand.place().substring(0, colon), Integer.parseInt(line))
                    : RuleRef.builtIn(demand.rule());
        });
    }

    private HeldResults.Standing approved(Approval approval, Action action, boolean clockDoubtful) {
        Asked asked = approval.asked();
        if (clockDoubtful) {
            return refused("whether its release has expired cannot be said: the clock stepped back", approval);
        }
        if (!Assent.stands(approval, house.people())) {
            return refused("who released it may not any more", approval);
        }
        boolean same = asked.definition().equals(action.definition())
                && asked.owner().equals(action.principal().owner());
        return same
                ? new HeldResults.Standing.Released(approval.ticket(), approval.approvers())
                : refused("the definition, or the agent's owner, is another one than when the call was made", approval);
    }

    private static HeldResults.Standing refused(String why, Approval approval) {
        return new HeldResults.Standing.Refused(Denial.of(
                        "result_kept_back",
                        ReasonClass.UNAVAILABLE,
                        "the result of the same call is not given out: " + why + ", ticket " + approval.ticket())
                .withTell("The call was made before. Its result is not given out now."));
    }

    /** A no stands as long as the question would have; whatever else became of it is told once, so that no call is made again unawares. */
    private HeldResults.Standing over(String key, Approval approval, Instant now) {
        boolean told = approval.state() == State.DENIED
                ? now.isBefore(approval.until())
                : now.isBefore(approval.until().plus(approval.life())) && leave(key, approval.ticket(), now);
        if (told) {
            return new HeldResults.Standing.Refused(
                    ended(approval.in(approval.stateAt(now))).orElseGet(() -> lost(approval)));
        }
        leave(key, approval.ticket(), now);
        return new HeldResults.Standing.Unknown();
    }

    private static Denial lost(Approval approval) {
        return gone("something failed while it was given out", approval);
    }

    /** What an agent is told of a result that is not given out; empty while it waits, and once people released it. */
    static Optional<Denial> ended(Approval approval) {
        return switch (approval.state()) {
            case DENIED ->
                Optional.of(Denial.of(
                                "result_refused",
                                ReasonClass.POLICY,
                                "a person said that the result does not go out, ticket " + approval.ticket())
                        .withTell("The call was made. A person said that its result is not given out."));
            case EXPIRED ->
                Optional.of(gone(
                        approval.approvers().isEmpty() ? "nobody answered in time" : "nobody fetched it in time",
                        approval));
            case WITHDRAWN -> Optional.of(gone("the question was taken back", approval));
            case PENDING, APPROVED, REDEEMED, GRANTED -> Optional.empty();
        };
    }

    private static Denial gone(String why, Approval approval) {
        return Denial.of(
                        "result_gone",
                        ReasonClass.UNAVAILABLE,
                        "the result of the same call is gone: " + why + ", ticket " + approval.ticket())
                .withTell("The call was made, and its result is gone: " + why
                        + ". If you ask for the same again, the call is made a second time.");
    }

    @Override
    public Optional<String> place(Waiting waiting) {
        Json.Obj body = body(waiting);
        long bytes = bytes(body);
        if (bytes > limits.one()) {
            return Optional.of(
                    "it is larger than what people can be asked about: " + bytes + " bytes, at most " + limits.one());
        }
        Question question = waiting.question();
        String id = question.action().id();
        String agent = question.action().principal().agent();
        synchronized (house.lock()) {
            if (bytes(agent::equals) + bytes > limits.agent() || bytes(any -> true) + bytes > limits.all()) {
                return Optional.of("as much as may be kept waits already: " + limits.agent() + " bytes of one agent, "
                        + limits.all() + " in all");
            }
            Optional<Denial> full =
                    house.places().take(question, waiting.key(), house.clock().latest());
            full.ifPresentOrElse(ignored -> {}, () -> sizes.put(id, new KeptResults.Size(id, agent, bytes)));
            return full.map(Denial::reason);
        }
    }

    private long bytes(Predicate<String> agent) {
        return sizes.values().stream()
                .filter(one -> agent.test(one.agent()))
                .mapToLong(KeptResults.Size::bytes)
                .sum();
    }

    private Json.Obj body(Waiting waiting) {
        return KeptJson.write(waiting.kept(), (Json.Obj) house.mask().apply(waiting.shown()));
    }

    private static long bytes(Json.Obj body) {
        return CanonicalLength.of(body);
    }

    @Override
    public void keep(Waiting waiting) throws UnrecordableException {
        Question question = waiting.question();
        String ticket = question.action().id();
        synchronized (house.lock()) {
            Instant now = house.clock().latest();
            List<Demand> demands = question.asks().stream()
                    .map(ask -> Demand.of(ask, house.mask()))
                    .toList();
            Approval fresh = new Approval(
                    ticket,
                    waiting.key(),
                    Asked.of(question, house.mask()).aboutResult(waiting.found()),
                    demands,
                    now,
                    now,
                    State.PENDING,
                    List.of(),
                    false,
                    List.of(),
                    Optional.empty(),
                    0);
            // A question about what is not there could be answered with yes.
            kept.put(ticket, question.action().principal().agent(), body(waiting));
            house.book().open(fresh.until(now.plus(fresh.life())));
            tickets.put(waiting.key(), ticket);
            house.places().asked(question, now);
        }
    }

    @Override
    public Optional<Kept> read(String ticket) throws UnrecordableException {
        return kept.read(ticket).map(KeptJson::read);
    }

    /** As people see it, without what is known as a secret only by now. */
    Optional<Json.Obj> shown(String ticket) throws UnrecordableException {
        return kept.read(ticket).map(KeptJson::shown).map(it ->
                (Json.Obj) house.mask().apply(it));
    }

    @Override
    public boolean take(String ticket, String action) throws UnrecordableException {
        synchronized (house.lock()) {
            Optional<Approval> found = house.book()
                    .find(ticket)
                    .filter(one -> one.stateAt(house.clock().latest()) == State.APPROVED);
            if (found.isEmpty() || !house.standing().stands(found.get())) {
                return false;
            }
            Json.Obj difference = Json.object()
                    .put("intent", action)
                    .put("by", Json.Arr.ofStrings(found.get().approvers()))
                    .put("result", Json.of(true))
                    .build();
            // Before anybody can see that it is used up: it would look lost.
            leaving.add(ticket);
            boolean mine = false;
            try {
                mine = house.book()
                        .change(found.get().usedFor(action), ApprovalRoom.REEVE, "approval_redeem", difference)
                        .isPresent();
                return mine;
            } finally {
                if (!mine) {
                    leaving.remove(ticket);
                }
            }
        }
    }

    @Override
    public void given(String ticket) {
        house.book()
                .find(ticket)
                .ifPresent(one -> leave(one.key(), ticket, house.clock().latest()));
        wipe(ticket);
    }

    @Override
    public void left(String ticket) {
        leaving.remove(ticket);
    }

    @Override
    public void drop(String ticket) {
        synchronized (house.lock()) {
            house.book()
                    .find(ticket)
                    .filter(one -> one.state().isOpen())
                    .ifPresent(one -> withdraw(one, "its outcome could not be recorded"));
            wipe(ticket);
        }
    }

    private void withdraw(Approval approval, String reason) {
        try {
            house.book()
                    .change(
                            approval.in(State.WITHDRAWN),
                            ApprovalRoom.REEVE,
                            "approval_withdraw",
                            Json.object().put("reason", reason).build());
        } catch (UnrecordableException e) {
            LOG.log(System.Logger.Level.WARNING, "a question about a result cannot be ended: {0}", e.getMessage());
        }
    }

    @Override
    public void abandon(String action) {
        synchronized (house.lock()) {
            house.places().giveBack(action);
            if (house.book().find(action).isEmpty()) {
                wipe(action);
            }
        }
    }

    /** The caller has the lock. */
    void tick(Instant now) {
        for (Approval one : List.copyOf(house.book().all())) {
            if (one.asked().isAboutResult()
                    && one.stateAt(now).isOpen()
                    && !lives.test(one.asked().agent())) {
                withdraw(one, "its agent was ended");
            }
        }
        Map.copyOf(tickets).forEach((key, ticket) -> {
            boolean counts = house.book()
                    .find(ticket)
                    .filter(one -> now.isBefore(one.until().plus(one.life())))
                    .isPresent();
            if (!counts) {
                leave(key, ticket, now);
            }
        });
        leaving.retainAll(tickets.values());
        wipeWhatEnded(now);
    }

    /**
     * Also what a crash, a store that took nothing, or an older store left behind, and what ran out while nothing could be recorded. What is
     * being given out is wiped when that is in the record.
     */
    private void wipeWhatEnded(Instant now) {
        for (String ticket : List.copyOf(sizes.keySet())) {
            boolean over = house.book()
                    .find(ticket)
                    .map(question -> !question.stateAt(now).isOpen()
                            && (question.state() != State.REDEEMED || !tickets.containsValue(ticket)))
                    .orElseGet(() -> !house.places().mayHold(ticket));
            if (over) {
                wipe(ticket);
            }
        }
    }
}
