package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation.Asks;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Gate;
import dev.reeve.gate.Permit;
import dev.reeve.json.Json;
import dev.reeve.upstream.Exchange;
import dev.reeve.upstream.LogLevel;
import dev.reeve.upstream.Offered;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One request that runs: what stops it, and what may be said of it before its response. Safe for use by many threads. */
final class Ongoing {
    /** Of a number of progress, in characters: shorter than any that a guardrail looks for. */
    private static final int LONGEST_PLAIN = 8;

    private final Optional<Json> progressToken;
    private final Replies replies;
    private final ClientSide client;
    private List<Runnable> stops = new ArrayList<>(1);
    private boolean cancelled;
    private boolean ended;
    private boolean onlyForResult;
    private Optional<Permit> permit = Optional.empty();
    private Optional<Denial> cut = Optional.empty();
    private final LargeAnswers.Part room;

    /**
     * @param client what it takes; nothing of it where only a response can be sent
     * @param room its caller's
     */
    Ongoing(Optional<Json> progressToken, Replies replies, ClientSide client, LargeAnswers.Part room) {
        this.room = room;
        this.progressToken = progressToken;
        this.replies = replies;
        this.client = replies.maySpeak() ? client : ClientSide.NOTHING;
    }

    /** What the client takes. */
    ClientSide client() {
        return client;
    }

    /** Sends the client a request of ours that belongs to this one. */
    boolean ask(Json.Obj request) {
        return !over() && replies.event(request);
    }

    /** The caller has gone, said that it no longer wants an answer, or is no longer anybody. */
    void cancel() {
        List<Runnable> now;
        synchronized (this) {
            cancelled = true;
            now = stops;
            stops = List.of();
        }
        now.forEach(Runnable::run);
    }

    /** What runs of it now, under its permit. */
    synchronized Optional<Permit> permit() {
        return ended ? Optional.empty() : permit;
    }

    /** It may not go on. Other than after {@link #cancel}, its caller waits for an answer and gets this one. */
    void cut(Denial why) {
        List<Runnable> now;
        synchronized (this) {
            if (ended || cancelled || cut.isPresent()) {
                return;
            }
            cut = Optional.of(why);
            now = stops;
            stops = List.of();
        }
        now.forEach(Runnable::run);
    }

    /** The effect, and where it was cut off why. One that was done before stays done. */
    synchronized Effect because(Effect effect) {
        return switch (effect) {
            case Effect.NotSent ignored when cut.isPresent() -> new Effect.NotSent(cut.get());
            case Effect.Unknown ignored when cut.isPresent() -> new Effect.Unknown(cut.get());
            default -> effect;
        };
    }

    synchronized boolean cancelled() {
        return cancelled;
    }

    /** No event may follow the response. */
    synchronized void end() {
        ended = true;
        stops = List.of();
    }

    /**
     * For the one effect that the permit allows.
     *
     * @param mayAsk what the server may ask
     */
    Exchange exchange(Gate gate, Permit permit, Set<Asks> mayAsk) {
        runs(permit);
        Offered offered = client.offered().within(mayAsk);
        return new Exchange() {
            @Override
            public void streams() {
                if (!over()) {
                    replies.streams();
                }
            }

            @Override
            public void pauses(int retryMillis) {
                if (!over()) {
                    replies.pauses(retryMillis);
                }
            }

            @Override
            public boolean large(long bytes, long deadline) {
                return room.take(bytes, deadline);
            }

            @Override
            public Offered offered() {
                return offered;
            }

            @Override
            public Optional<LogLevel> logsFrom() {
                return client.logsFrom();
            }

            @Override
            public Optional<LogLevel> logLevel() {
                return client.logLevel();
            }

            @Override
            public void log(Json.Obj params) {
                if (!over()) {
                    gate.interim(permit, params)
                            .ifPresent(told -> replies.event(message("notifications/message", told)));
                }
            }

            @Override
            public void progress(Json.Obj params) {
                if (progressToken.isPresent() && !over()) {
                    passed(gate, permit, params)
                            .ifPresent(told -> replies.event(notification(progressToken.get(), told)));
                }
            }

            @Override
            public void onCancel(Runnable stop) {
                whenCancelled(stop);
            }
        };
    }

    /** It is there for a result that waited, and for no call. */
    synchronized void onlyForResult() {
        onlyForResult = true;
    }

    synchronized boolean isOnlyForResult() {
        return onlyForResult;
    }

    synchronized void runs(Permit one) {
        permit = Optional.of(one);
    }

    /** Its response was passed on. */
    void giveBackRoom() {
        room.giveBack();
    }

    private synchronized boolean over() {
        return ended || cancelled || cut.isPresent();
    }

    /** At once if it is cancelled or cut off already. */
    void whenCancelled(Runnable stop) {
        synchronized (this) {
            if (ended) {
                return;
            }
            if (!cancelled && cut.isEmpty()) {
                stops.add(stop);
                return;
            }
        }
        stop.run();
    }

    /**
     * All of it comes from outside and passes the result stages (R5): a number can be a card's as well as a text can. A text that may not be told
     * stays behind, and so does all of it where the numbers may not.
     */
    private static Optional<Json.Obj> passed(Gate gate, Permit permit, Json.Obj params) {
        Json.Builder numbers = Json.object();
        number(params, "progress").ifPresent(value -> numbers.put("progress", value));
        number(params, "total").ifPresent(value -> numbers.put("total", value));
        Json.Obj plain = numbers.build();
        Optional<String> text = params.string("message");
        if (text.isEmpty() && isSmall(plain)) {
            return Optional.of(plain);
        }
        Json.Obj whole = text.map(said -> plain.with("message", Json.of(said))).orElse(plain);
        Optional<Json.Obj> told = gate.interim(permit, whole);
        if (told.isEmpty() && text.isPresent()) {
            told = isSmall(plain) ? Optional.of(plain) : gate.interim(permit, plain);
        }
        return told.filter(it -> it.get("progress").equals(plain.get("progress"))
                        && it.get("total").equals(plain.get("total")))
                .map(it -> it.string("message")
                        .map(said -> plain.with("message", Json.of(said)))
                        .orElse(plain));
    }

    /** Nobody's number, and too short to tell anything but how far it is. */
    private static boolean isSmall(Json.Obj numbers) {
        return numbers.members().values().stream()
                .allMatch(value -> value.toString().length() <= LONGEST_PLAIN);
    }

    private static Optional<Json> number(Json.Obj params, String name) {
        return params.get(name).filter(value -> value instanceof Json.Num);
    }

    private static Json.Obj notification(Json token, Json.Obj params) {
        return message("notifications/progress", params.with("progressToken", token));
    }

    private static Json.Obj message(String method, Json.Obj params) {
        return Json.object()
                .put("jsonrpc", "2.0")
                .put("method", method)
                .put("params", params)
                .build();
    }
}
