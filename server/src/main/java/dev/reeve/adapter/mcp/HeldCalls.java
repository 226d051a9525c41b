package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.adapter.mcp.Governed.How;
import dev.reeve.adapter.mcp.Governed.Outcome;
import dev.reeve.adapter.mcp.Governed.Outcome.NotAllowed;
import dev.reeve.adapter.mcp.HeldCall.State;
import dev.reeve.adapter.mcp.HeldCall.State.Ended;
import dev.reeve.approval.Approval;
import dev.reeve.approval.ApprovalRoom;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Permit;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.upstream.InputRequired;
import dev.reeve.upstream.Offered;
import dev.reeve.upstream.TaskResults;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Calls that wait for people as tasks of their clients. A yes sends the call through the gate again, as its client's retry would: every stage
 * is asked, the approval is used up by that one call, intent and outcome are recorded (R16, R17). What came of it is kept for its principal and
 * told as long as the call would still be allowed. Safe for use by many threads.
 */
final class HeldCalls {
    private static final System.Logger LOG = System.getLogger("dev.reeve.adapter.mcp");
    private static final long LAST_SECONDS = 5;

    private final Surroundings around;
    private final Surroundings.People people;
    private final Rounds rounds;
    private final TaskBook book;
    private final Told told;
    private final Running running;
    private final LargeAnswers room;
    private final long mostKept;
    private final Set<Ongoing> own = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Words what came of a call of a tool for its client. */
    interface Told {
        Json.Obj of(Revision revision, Route route, Route.Target target, Outcome outcome) throws RpcException;
    }

    /** @param mostKept bytes of all results that were not fetched yet */
    HeldCalls(
            Surroundings around,
            Surroundings.People people,
            Rounds rounds,
            TaskBook book,
            Told told,
            Running running,
            LargeAnswers room,
            long mostKept) {
        this.around = around;
        this.people = people;
        this.rounds = rounds;
        this.book = book;
        this.told = told;
        this.running = running;
        this.room = room;
        this.mostKept = mostKept;
        people.approvals().desk().onChange(this::changed);
    }

    /** Whether a client can wait for this in this way. */
    static boolean isFor(Calls.Call call, NotAllowed not) {
        return waits(not)
                && call.revision().stateless()
                && call.meta()
                        .capabilities()
                        .map(Offered::read)
                        .filter(Offered::tasks)
                        .isPresent();
    }

    /** Whoever asked for people, a rule, a guardrail or a judge: a yes to this call settles it. */
    private static boolean waits(NotAllowed not) {
        return not.how() == How.HELD || not.how() == How.RESULT_HELD;
    }

    /**
     * The task that a call becomes. The same call again while it waits is the same task.
     *
     * @return empty if its caller has as many tasks as it may: then the denial says the same
     */
    Optional<HeldCall> hold(
            Calls.Call call, Operation.ToolCall begun, Route.Target target, Rounds.Request request, NotAllowed not) {
        Optional<HeldCall> held =
                book.held(call.caller(), not.ticket(), () -> new HeldCall(call, begun, target, request, not, now()));
        // Somebody may have answered before there was a task to tell.
        held.ifPresent(this::look);
        return held;
    }

    private Instant now() {
        return people.time().instant();
    }

    /** Under the lock of those who decide: only hands it on. */
    private void changed(Approval approval) {
        book.waitingFor(approval.ticket()).forEach(one -> later(() -> look(one)));
    }

    private void later(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "the process ends, and with it all tasks; what was approved stays so");
        }
    }

    /** What people said by now. */
    void look(HeldCall held) {
        held.ticket()
                .ifPresent(
                        ticket -> look(held, ticket, people.approvals().desk().show(ticket)));
    }

    private void look(HeldCall held, String ticket, Optional<Approval> found) {
        if (found.isEmpty()) {
            held.ends(ticket, Ended.cancelled("Nobody remembers the question. Make the same call again."), now());
            return;
        }
        switch (found.get().state()) {
            case PENDING -> {}
            case APPROVED -> goOn(held, ticket);
            // Where another call was first, this one is asked about anew; a result that another got is gone.
            case REDEEMED -> {
                if (held.waitsForResult()) {
                    Denial gone = Governed.givenToAnother();
                    held.ends(
                            ticket, worded(held, new NotAllowed(gone, ticket, How.WITHHELD), Optional.empty()), now());
                } else {
                    goOn(held, ticket);
                }
            }
            case GRANTED -> granted(held, ticket, found.get());
            case DENIED, EXPIRED -> {
                Denial why = ApprovalRoom.ended(found.get()).orElseThrow();
                How how = found.get().asked().isAboutResult() ? How.WITHHELD : How.DENIED;
                held.ends(ticket, worded(held, new NotAllowed(why, ticket, how), Optional.empty()), now());
            }
            case WITHDRAWN ->
                held.ends(
                        ticket,
                        Ended.cancelled("The question was taken back. "
                                + (found.get().asked().isAboutResult() ? HeldCall.RAN : "Nothing was sent.")),
                        now());
        }
    }

    /** The grant follows the answer; a call before it would be another question. */
    private void granted(HeldCall held, String ticket, Approval approval) {
        if (people.granted().test(ticket)) {
            goOn(held, ticket);
        } else if (!now().isBefore(approval.until())) {
            held.ends(ticket, Ended.cancelled("What people gave is over. Make the same call again."), now());
        }
    }

    /** Something was given, the policy is another one, or time went by: what people gave may be over before it was ever given. */
    void lookAgain() {
        later(() -> book.waiting().forEach(this::look));
    }

    private void goOn(HeldCall held, String ticket) {
        Ongoing ongoing = unheard(held);
        if (held.waitsForResult()) {
            ongoing.onlyForResult();
        }
        held.starts(ticket, ongoing, now()).ifPresent(request -> later(() -> run(held, ongoing, () -> request)));
    }

    private Ongoing unheard(HeldCall held) {
        Offered offered = ClientSide.of(held.meta()).offered();
        return new Ongoing(
                Optional.empty(),
                new Unheard(),
                new ClientSide(offered, Optional.empty(), Optional.empty()),
                room.of(held.principal().party()));
    }

    private interface Next {
        Rounds.Request request() throws RpcException;
    }

    private void run(HeldCall held, Ongoing ongoing, Next next) {
        Calls.Call call = held.call(ongoing);
        running.add(ongoing, call.caller());
        own.add(ongoing);
        try {
            if (ongoing.cancelled()) {
                held.runsInto(Ended.cancelled("Cancelled. Nothing was sent."), now());
                return;
            }
            Rounds.Went went = rounds.go(call, next.request());
            while (went.outcome() instanceof Outcome.Done(Json.Obj result) && wantsOnlyToBeAskedAgain(result)) {
                went = rounds.go(call, again(held, call, held.again(Json.Obj.EMPTY, result.string(Method.STATE))));
            }
            arrived(held, ongoing, went);
        } catch (RpcException e) {
            held.runsInto(failed(e.error(), Optional.empty()), now());
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            LOG.log(System.Logger.Level.ERROR, "a task failed", e);
            held.runsInto(failed(McpEngine.BUG, Optional.empty()), now());
        } finally {
            ongoing.end();
            ongoing.giveBackRoom();
            own.remove(ongoing);
            running.remove(ongoing);
        }
    }

    private static boolean wantsOnlyToBeAskedAgain(Json.Obj result) {
        return InputRequired.is(result) && !result.has("inputRequests");
    }

    private Rounds.Request again(HeldCall held, Calls.Call call, Json.Obj params) throws RpcException {
        return rounds.begin(
                new Calls.Call(call.caller(), call.revision(), params, call.meta(), call.ongoing()),
                held.binding(),
                held.begun());
    }

    private void arrived(HeldCall held, Ongoing ongoing, Rounds.Went went) {
        Optional<Permit> permit = ongoing.permit();
        switch (went.outcome()) {
            case NotAllowed not
            when waits(not) && ongoing.cancelled() -> {
                held.runsInto(HeldCall.cancelled(not), now());
                takeBack(held, not.ticket());
            }
            case NotAllowed not
            when ongoing.cancelled() ->
                held.runsInto(Ended.cancelled("Cancelled. " + Denials.opening(not.how())), now());
            case NotAllowed not
            when waits(not) -> {
                held.runsInto(new State.Waits(went.last(), not), now());
                look(held);
            }
            case Outcome.Done(Json.Obj result)
            when InputRequired.is(result) ->
                held.runsInto(
                        held.asking(
                                result.object("inputRequests").orElse(Json.Obj.EMPTY),
                                result.string(Method.STATE),
                                went.last().responses()),
                        now());
            case Outcome.Done(Json.Obj result)
            when TaskResults.is(result) ->
                book.replace(
                        held.id(),
                        new TaskBook.AtServer(
                                held.principal(),
                                held.route(),
                                result.string("taskId").orElse(""),
                                held.begun()));
            case Outcome outcome -> {
                held.runsInto(worded(held, outcome, permit), now());
                book.trim(held.id(), mostKept);
            }
        }
    }

    private Ended worded(HeldCall held, Outcome outcome, Optional<Permit> permit) {
        try {
            Json.Obj result = told.of(held.revision(), held.route(), held.target(), outcome);
            String message = outcome instanceof NotAllowed not ? Denials.brief(not) : "It ran.";
            return Ended.of(
                    HeldCall.COMPLETED,
                    message,
                    Json.object().put("result", result).build(),
                    permit);
        } catch (RpcException e) {
            return failed(e.error(), permit);
        }
    }

    /** @param permit under which a server said so */
    private static Ended failed(RpcError error, Optional<Permit> permit) {
        return Ended.of(
                HeldCall.FAILED,
                error.message(),
                Json.object().put("error", error.asJson()).build(),
                permit);
    }

    /** Whether it was kept as long as was said; then it is forgotten. */
    boolean isGone(HeldCall held) {
        boolean gone = held.isStale(now());
        if (gone) {
            book.forget(held.id());
        }
        return gone;
    }

    /** How it stands, for its principal; what ran only if it would still be allowed. */
    Json.Obj get(Caller caller, HeldCall held) {
        held.seen(caller);
        look(held);
        State state = held.state();
        if (state instanceof Ended ended && ended.permit().isPresent()) {
            Permit permit = ended.permit().get();
            Optional<Denial> not = around.gate().reconsider(permit);
            if (not.isPresent()) {
                NotAllowed withheld = new NotAllowed(not.get(), permit.action().id(), How.WITHHELD);
                return held.shown(worded(held, withheld, Optional.empty()));
            }
        }
        return held.shown(state);
    }

    /** Answers to what the server asked; no answer is a person's yes (R16). What nobody asked for is left out. */
    void update(Caller caller, HeldCall held, Json.Obj responses) {
        held.seen(caller);
        Ongoing ongoing = unheard(held);
        held.answered(responses, ongoing, now())
                .ifPresent(it -> later(() -> run(
                        held,
                        ongoing,
                        () -> again(held, held.call(ongoing), it.params()).with(it.earlier()))));
    }

    /** Takes the question back, or stops what runs. */
    void cancel(HeldCall held) {
        switch (held.cancels(now())) {
            case State.Waits waits -> takeBack(held, waits.why().ticket());
            case State.Runs runs -> runs.ongoing().cancel();
            case State.Asks ignored -> {}
            case Ended ignored -> {}
        }
    }

    /** Unless another task waits for the same answer. If it cannot be recorded people are still asked, and what they say is used by nobody. */
    private void takeBack(HeldCall held, String ticket) {
        if (!book.waitingFor(ticket).isEmpty()) {
            return;
        }
        try {
            people.approvals().takeBack(ticket, held.principal());
        } catch (UnrecordableException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a question that its agent took back still waits: {0}",
                    e.getMessage());
        }
    }

    /** Stops what runs, and waits until its end is written down. */
    void close() {
        threads.shutdown();
        own.forEach(Ongoing::cancel);
        try {
            if (!threads.awaitTermination(LAST_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
