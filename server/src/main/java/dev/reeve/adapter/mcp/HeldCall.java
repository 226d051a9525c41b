package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.adapter.mcp.Governed.Outcome.NotAllowed;
import dev.reeve.gate.Permit;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A call that waits for people, as the task that its client was given instead of an answer (extension {@code io.modelcontextprotocol/tasks}):
 * where it stands, and how that reads. What ended stays as it ended. {@link HeldCalls} moves it on. Safe for use by many threads.
 */
final class HeldCall implements TaskBook.Task {
    /** How long what came of it can be fetched. */
    static final Duration KEPT = Duration.ofHours(1);

    /** As long as a server's state is worth something. */
    private static final Duration ANSWERED_WITHIN = Rounds.LIFE;

    private static final long POLL_WAITING = 2_000;
    private static final long POLL_RUNNING = 500;
    static final String COMPLETED = "completed";
    static final String FAILED = "failed";
    static final String CANCELLED = "cancelled";
    static final String RAN = "The call was made; its result is not given out.";

    private final Operation.ToolCall begun;
    private final Route.Target target;
    private final SealedStates.Binding binding;
    private final Instant created;
    private final Revision revision;
    private final Json.Obj params;
    private final Meta meta;
    private String id = "";
    private Caller caller;
    private State state;
    private Instant updated;
    private int asked;

    /** Where it stands. */
    sealed interface State {
        /** @param request what is sent once somebody said yes */
        record Waits(Rounds.Request request, NotAllowed why) implements State {}

        record Runs(Ongoing ongoing) implements State {}

        /**
         * The server wants to know something first.
         *
         * @param questions under keys that no other round of this task has
         * @param prefix of those keys
         * @param given what goes back to the server beside the answers
         * @param earlier answers of rounds before that go back with them: a server that gives nothing to bring back remembers none
         */
        record Asks(Json.Obj questions, String prefix, Optional<String> given, Json.Obj earlier) implements State {}

        /** @param permit under which it ran, if what came of it is told only while that would still be allowed */
        record Ended(String status, String message, Json.Obj told, Optional<Permit> permit, long bytes)
                implements State {
            static Ended of(String status, String message, Json.Obj told, Optional<Permit> permit) {
                return new Ended(
                        status, message, told, permit, JsonWriter.text(told).length());
            }

            static Ended cancelled(String message) {
                return new Ended(CANCELLED, message, Json.Obj.EMPTY, Optional.empty(), 0);
            }
        }
    }

    HeldCall(
            Calls.Call call,
            Operation.ToolCall begun,
            Route.Target target,
            Rounds.Request request,
            NotAllowed why,
            Instant now) {
        this.caller = call.caller();
        this.revision = call.revision();
        this.params = call.params();
        this.meta = call.meta();
        this.begun = begun;
        this.target = target;
        this.binding = request.binding();
        this.created = now;
        this.updated = now;
        this.state = new State.Waits(request, why);
    }

    synchronized void named(String ours) {
        id = ours;
    }

    synchronized String id() {
        return id;
    }

    Operation.ToolCall begun() {
        return begun;
    }

    Route.Target target() {
        return target;
    }

    Revision revision() {
        return revision;
    }

    Meta meta() {
        return meta;
    }

    SealedStates.Binding binding() {
        return binding;
    }

    @Override
    public synchronized Principal principal() {
        return caller.principal();
    }

    @Override
    public synchronized Route route() {
        return caller.route();
    }

    /** What its client was asked a while ago and did not answer holds up nothing. */
    @Override
    public synchronized boolean over() {
        return state instanceof State.Ended || state instanceof State.Asks;
    }

    @Override
    public synchronized long bytes() {
        return state instanceof State.Ended ended ? ended.bytes() : 0;
    }

    /** Whether it was kept as long as was said. */
    synchronized boolean isStale(Instant now) {
        return switch (state) {
            case State.Ended ignored -> !now.isBefore(updated.plus(KEPT));
            case State.Asks ignored -> !now.isBefore(updated.plus(ANSWERED_WITHIN));
            case State.Waits ignored -> false;
            case State.Runs ignored -> false;
        };
    }

    /** What it waits for. */
    synchronized Optional<String> ticket() {
        return state instanceof State.Waits waits ? Optional.of(waits.why().ticket()) : Optional.empty();
    }

    /** Whether the call was made, and its result is what it waits for. */
    synchronized boolean waitsForResult() {
        return state instanceof State.Waits waits && waits.why().how() == Governed.How.RESULT_HELD;
    }

    /** Its owner came back: what it does from now on is decided on who that is now. */
    synchronized void seen(Caller again) {
        caller = again;
    }

    /** The call with another way back. */
    synchronized Calls.Call call(Ongoing ongoing) {
        return new Calls.Call(caller, revision, params, meta, ongoing);
    }

    /** Once for each ticket: what is to be sent. */
    synchronized Optional<Rounds.Request> starts(String ticket, Ongoing ongoing, Instant now) {
        if (state instanceof State.Waits waits && waits.why().ticket().equals(ticket)) {
            becomes(new State.Runs(ongoing), now);
            return Optional.of(waits.request());
        }
        return Optional.empty();
    }

    /** @param params in the words in which the call itself would have come again */
    record Answered(Json.Obj params, Json.Obj earlier) {}

    /** Once for each round: what the client sent. Empty if nothing was asked. */
    synchronized Optional<Answered> answered(Json.Obj responses, Ongoing ongoing, Instant now) {
        if (!(state instanceof State.Asks asks)) {
            return Optional.empty();
        }
        Json.Builder known = Json.object();
        boolean some = false;
        for (Map.Entry<String, Json> one : responses.members().entrySet()) {
            if (asks.questions().has(one.getKey())) {
                known.put(one.getKey().substring(asks.prefix().length()), one.getValue());
                some = true;
            }
        }
        if (!some) {
            return Optional.empty();
        }
        becomes(new State.Runs(ongoing), now);
        return Optional.of(new Answered(again(known.build(), asks.given()), asks.earlier()));
    }

    /** The parameters of the call with what the server wants back. */
    Json.Obj again(Json.Obj responses, Optional<String> given) {
        Json.Obj again = params.without(Method.STATE).without(Method.RESPONSES).with(Method.RESPONSES, responses);
        return given.map(it -> again.with(Method.STATE, Json.of(it))).orElse(again);
    }

    /** Where what runs has come to. */
    synchronized void runsInto(State next, Instant now) {
        if (state instanceof State.Runs) {
            becomes(next, now);
        }
    }

    /**
     * The server's questions, each under a key that the task never had.
     *
     * @param sent the answers with which it was called
     */
    synchronized State asking(Json.Obj questions, Optional<String> given, Json.Obj sent) {
        asked++;
        Json.Obj earlier = given.isPresent() ? Json.Obj.EMPTY : sent;
        String prefix = asked + ".";
        Json.Builder own = Json.object();
        for (Map.Entry<String, Json> one : questions.members().entrySet()) {
            own.put(prefix + one.getKey(), one.getValue());
            // What it asks anew was not answered.
            earlier = earlier.without(one.getKey());
        }
        return new State.Asks(own.build(), prefix, given, earlier);
    }

    /** Ends it if it still waits for this ticket. */
    synchronized boolean ends(String ticket, State.Ended end, Instant now) {
        boolean mine = ticket().equals(Optional.of(ticket));
        if (mine) {
            becomes(end, now);
        }
        return mine;
    }

    /** Its client wants it no more. Where it stood; what runs goes on until it is stopped. */
    synchronized State cancels(Instant now) {
        State before = state;
        if (state instanceof State.Waits waits) {
            becomes(cancelled(waits.why()), now);
        } else if (state instanceof State.Asks) {
            becomes(State.Ended.cancelled("Cancelled. Nothing was sent."), now);
        }
        return before;
    }

    /** Of what waited. */
    static State.Ended cancelled(NotAllowed why) {
        return State.Ended.cancelled(
                "Cancelled. " + (why.how() == Governed.How.RESULT_HELD ? RAN : "Nothing was sent."));
    }

    private void becomes(State next, Instant now) {
        state = next;
        updated = now;
    }

    synchronized State state() {
        return state;
    }

    /** As the extension has it, in the state that is given: the present one, or what is told instead of it. */
    synchronized Json.Obj shown(State shown) {
        Json.Builder all = Json.object()
                .put("taskId", id)
                .put("status", status(shown))
                .put("statusMessage", message(shown))
                .put("createdAt", created.toString())
                .put("lastUpdatedAt", updated.toString());
        boolean ended = shown instanceof State.Ended;
        all.put(
                "ttlMs",
                ended ? Json.of(Duration.between(created, updated.plus(KEPT)).toMillis()) : Json.Null.NULL);
        if (!ended) {
            all.put("pollIntervalMs", shown instanceof State.Runs ? POLL_RUNNING : POLL_WAITING);
        }
        Json.Obj more = switch (shown) {
            case State.Waits waits ->
                Json.object().put("_meta", Denials.data(waits.why())).build();
            case State.Asks asks ->
                Json.object().put("inputRequests", asks.questions()).build();
            case State.Ended end -> end.told();
            case State.Runs ignored -> Json.Obj.EMPTY;
        };
        more.members().forEach(all::put);
        return all.build();
    }

    private static String status(State state) {
        return switch (state) {
            case State.Waits ignored -> "working";
            case State.Runs ignored -> "working";
            case State.Asks ignored -> "input_required";
            case State.Ended ended -> ended.status();
        };
    }

    private static String message(State state) {
        return switch (state) {
            case State.Waits waits -> Denials.waiting(waits.why());
            case State.Runs ignored -> "It was approved and runs.";
            case State.Asks ignored -> "The server asks something before it goes on.";
            case State.Ended ended -> ended.message();
        };
    }
}
