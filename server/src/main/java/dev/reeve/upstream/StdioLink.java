package dev.reeve.upstream;

import dev.reeve.child.Child;
import dev.reeve.child.LastWords;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.outbound.Departure;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A child that speaks MCP on its pipes, one message a line. */
final class StdioLink implements Link, Child.Listener {
    /** A child that says this many things in a row that are no messages is ended. */
    private static final int MOST_JUNK = 10_000;

    private final Failures failures;
    private final News news;
    private final LastWords lastWords;
    private final JsonLimits limits;
    private final Map<Json, Pending> waiting = new ConcurrentHashMap<>();
    private final Map<String, Pending> byToken = new ConcurrentHashMap<>();
    private volatile @Nullable Child child;
    private volatile @Nullable Agreement agreement;
    private volatile boolean over;
    private int junk;

    StdioLink(Failures failures, News news, LastWords lastWords, int answerBytes) {
        this.failures = failures;
        this.news = news;
        this.lastWords = lastWords;
        this.limits = HttpEndpoint.limits(answerBytes);
    }

    @Override
    public void started(Child started) {
        child = started;
    }

    void agree(Agreement agreed) {
        agreement = agreed;
    }

    private Child child() {
        Child started = child;
        if (started == null) {
            throw new IllegalStateException("no child yet");
        }
        return started;
    }

    @Override
    public Agreement agreement() {
        Agreement agreed = agreement;
        if (agreed == null) {
            throw new IllegalStateException("nothing agreed yet");
        }
        return agreed;
    }

    @Override
    public Answer call(Ask ask, Call call) throws CallFailedException {
        return call(ask, call, agreement().modern());
    }

    Answer call(Ask ask, Call call, boolean modern) throws CallFailedException {
        String id = Envelope.freshId();
        Optional<String> token = call.wantsProgress() ? Optional.of(Envelope.freshId()) : Optional.empty();
        Pending pending = new Pending(call, token);
        waiting.put(new Json.Str(id), pending);
        token.ifPresent(it -> byToken.put(it, pending));
        try {
            call.whenCancelled(() -> pending.wake(new Pending.Wake.Cancelled()));
            byte[] line = JsonWriter.bytes(Envelope.request(id, ask, modern, token));
            if (over) {
                throw failures.stale("its process had ended");
            }
            if (!child().send(line, pending, pending::heldBack)) {
                throw over
                        ? failures.stale("its process had ended")
                        : failures.crowded("its process does not take its input");
            }
            return answer(pending, pending.await(), id, call);
        } finally {
            call.whenCancelled(() -> {});
            waiting.remove(new Json.Str(id));
            token.ifPresent(byToken::remove);
        }
    }

    private Answer answer(Pending pending, Pending.Wake wake, String id, Call call) throws CallFailedException {
        boolean sent = pending.sent();
        return switch (wake) {
            case Pending.Wake.Answered answered -> refuseIfStale(answered.answer());
            case Pending.Wake.HeldBack ignored -> throw failures.notSent(call.heldBack());
            case Pending.Wake.Cancelled ignored -> {
                tellCancelled(sent, id);
                throw failures.cancelled(sent);
            }
            case Pending.Wake.Late ignored -> {
                tellCancelled(sent, id);
                throw sent
                        ? failures.lost("it did not answer in time")
                        : failures.crowded("its process did not take its input in time");
            }
            case Pending.Wake.ChildEnded ignored ->
                throw sent ? failures.lost(lastWill()) : failures.stale("its process ended");
            case Pending.Wake.Unreadable unreadable -> throw failures.unusable(unreadable.code(), unreadable.problem());
        };
    }

    /** How it ended, for operators. */
    String lastWill() {
        Child started = child;
        String status = started == null || started.status().isEmpty()
                ? ""
                : " with status " + started.status().getAsInt();
        return "its process ended" + status + lastWords.last();
    }

    private Answer refuseIfStale(Answer answer) throws CallFailedException {
        if (answer instanceof Answer.Failure failure && failure.code() == -32022 && agreement != null) {
            throw failures.stale("it speaks another revision by now");
        }
        return answer;
    }

    private void tellCancelled(boolean sent, String id) {
        if (sent) {
            tell(Envelope.cancelled(id));
        }
    }

    /** @return false if the child does not take it */
    boolean tell(Json.Obj message) {
        return child().send(JsonWriter.bytes(message), Departure.FREE, () -> {});
    }

    @Override
    public void line(byte[] line, boolean whole) {
        if (!whole) {
            over = true;
            everybody(new Pending.Wake.Unreadable(
                    "answer_too_large", "it sent a line of more than " + limits.bytes() + " bytes"));
            child().kill();
            return;
        }
        Incoming incoming = parse(line);
        junk = incoming instanceof Incoming.Junk ? junk + 1 : 0;
        if (junk > MOST_JUNK) {
            over = true;
            child().kill();
        }
        switch (incoming) {
            case Incoming.Response response -> answered(response);
            case Incoming.Notification told
            when told.method().equals("notifications/progress") -> progress(told.params());
            case Incoming.Notification told -> news.notified(told.method());
            case Incoming.Request request -> reply(request);
            case Incoming.Junk ignored -> news.drop();
        }
    }

    private Incoming parse(byte[] line) {
        try {
            return Incoming.of(StrictJson.read(line, limits));
        } catch (JsonRefusedException e) {
            return new Incoming.Junk();
        }
    }

    private void answered(Incoming.Response response) {
        Pending pending = response.id().map(waiting::remove).orElse(null);
        if (pending == null) {
            news.drop();
        } else {
            pending.wake(new Pending.Wake.Answered(response.answer()));
        }
    }

    private void progress(Json.Obj params) {
        Optional<Pending> pending = params.string("progressToken").map(byToken::get);
        boolean passed = pending.flatMap(it -> Progress.of(params, it.token()).map(it::progress))
                .orElse(false);
        if (!passed) {
            news.drop();
        }
    }

    private void reply(Incoming.Request request) {
        Agreement agreed = agreement;
        boolean modern = agreed != null && agreed.modern();
        if (modern || !tell(Envelope.replyTo(request))) {
            news.drop();
        }
    }

    @Override
    public void ended() {
        over = true;
        everybody(new Pending.Wake.ChildEnded());
    }

    private void everybody(Pending.Wake why) {
        waiting.values().forEach(it -> it.wake(why));
    }

    /** Changes come on the same pipe; there is nothing to wait for. */
    @Override
    public boolean listen() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return !over;
    }

    @Override
    public void close() {
        over = true;
        Child started = child;
        if (started != null) {
            started.close();
        }
        everybody(new Pending.Wake.ChildEnded());
    }
}
