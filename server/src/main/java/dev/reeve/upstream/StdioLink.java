package dev.reeve.upstream;

import dev.reeve.child.Child;
import dev.reeve.child.LastWords;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.outbound.Departure;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A child that speaks MCP on its pipes, one message a line. */
final class StdioLink implements Link, Child.Listener {
    /** A child that says this many things in a row that are no messages is ended. */
    private static final int MOST_JUNK = 10_000;

    private static final Duration SET_LEVEL = Duration.ofSeconds(10);

    private final Failures failures;
    private final News news;
    private final LastWords lastWords;
    private final JsonLimits limits;
    private final Map<Json, Pending> waiting = new ConcurrentHashMap<>();
    private final Map<String, Pending> byToken = new ConcurrentHashMap<>();
    private volatile @Nullable Child child;
    private volatile @Nullable Agreement agreement;
    private final Followed.Board board = new Followed.Board();
    private final AtomicLong order = new AtomicLong();
    private final LogsFrom logsFrom = new LogsFrom();
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
    public Step call(Ask ask, Call call) throws CallFailedException {
        setLevel(call);
        return begin(ask, call, agreement().modern());
    }

    /** One of Reeve's own questions, for which nothing was offered to be asked. */
    Answer ask(Ask ask, Call call, boolean modern) throws CallFailedException {
        return switch (begin(ask, call, modern)) {
            case Step.Done(Answer answer) -> answer;
            case Step.Asked asked -> throw new IllegalStateException("asked although nothing was offered");
        };
    }

    private void setLevel(Call call) throws CallFailedException {
        Optional<LogLevel> level = logsFrom.toTell(call, agreement());
        if (level.isPresent()) {
            Answer ignored = ask(Envelope.setLevel(level.get()), Call.own(SET_LEVEL), false);
        }
    }

    private Step begin(Ask ask, Call call, boolean modern) throws CallFailedException {
        String id = Envelope.freshId();
        Optional<String> token = call.wantsProgress() ? Optional.of(Envelope.freshId()) : Optional.empty();
        Running running = new Running(id, new Pending(call, token, order.incrementAndGet()));
        waiting.put(new Json.Str(id), running.pending());
        token.ifPresent(it -> byToken.put(it, running.pending()));
        byte[] line = JsonWriter.bytes(Envelope.request(id, ask, modern, token, call));
        return running.step(line, call);
    }

    /** One request, from its line to its answer. */
    private final class Running implements Step.Dialogue {
        private final String id;
        private final Pending pending;
        private @Nullable Json question;

        Running(String id, Pending pending) {
            this.id = id;
            this.pending = pending;
        }

        Pending pending() {
            return pending;
        }

        Step step(byte[] line, Call call) throws CallFailedException {
            boolean goesOn = false;
            try {
                call.whenCancelled(() -> pending.wake(new Pending.Wake.Cancelled()));
                if (over) {
                    throw failures.ended("its process had ended");
                }
                if (!child().send(line, pending, pending::heldBack)) {
                    throw over
                            ? failures.ended("its process had ended")
                            : failures.crowded("its process does not take its input");
                }
                Pending.Wake wake = pending.await();
                if (wake instanceof Pending.Wake.Asked(Incoming.Request asked)) {
                    goesOn = true;
                    question = asked.id();
                    return new Step.Asked(asked.method(), asked.params(), this);
                }
                return new Step.Done(StdioLink.this.answer(pending, wake, id, call));
            } finally {
                call.whenCancelled(() -> {});
                if (!goesOn) {
                    forget();
                }
            }
        }

        private void forget() {
            waiting.remove(new Json.Str(id));
            pending.token().ifPresent(byToken::remove);
        }

        @Override
        public Step answer(Json.Obj response, Call call) throws CallFailedException {
            byte[] line = JsonWriter.bytes(Envelope.answer(java.util.Objects.requireNonNull(question), response));
            pending.goOn(call);
            try {
                return step(line, call);
            } catch (CallFailedException e) {
                if (e.kind() == CallFailedException.Kind.NOT_SENT) {
                    // The server still waits for an answer that will not come.
                    tellCancelled(true, id);
                }
                throw e;
            }
        }

        @Override
        public void abandon() {
            forget();
            tellCancelled(pending.sent(), id);
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
                throw sent ? failures.lost(lastWill()) : failures.ended("its process ended");
            case Pending.Wake.Asked ignored -> throw new IllegalStateException("a question is no answer");
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
            case Incoming.Notification told when told.method().equals("notifications/message") -> log(told.params());
            case Incoming.Notification told
            when told.method().equals("notifications/subscriptions/acknowledged") -> acknowledged(told.params());
            case Incoming.Notification told -> {
                if (!board.tells(told)) {
                    news.notified(told.method());
                }
            }
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

    private void acknowledged(Json.Obj params) {
        params.object("_meta")
                .flatMap(meta -> meta.get(Envelope.SUBSCRIPTION_ID))
                .map(waiting::remove)
                .ifPresent(pending -> pending.wake(new Pending.Wake.Answered(new Answer.Result(Json.Obj.EMPTY))));
    }

    @Override
    public Followed follow(String uri, Call call) throws CallFailedException {
        boolean modern = agreement().modern();
        Ask ask = modern ? Envelope.listenTo(uri) : Envelope.subscribe(uri, true);
        String id = Envelope.freshId();
        Followed.Board.Listening listening = board.add(uri);
        Running running = new Running(id, new Pending(call, Optional.empty(), order.incrementAndGet()));
        waiting.put(new Json.Str(id), running.pending());
        boolean agreed = false;
        try {
            byte[] line = JsonWriter.bytes(Envelope.request(id, ask, modern, Optional.empty()));
            agreed = running.step(line, call) instanceof Step.Done(Answer.Result ignored);
        } finally {
            if (!agreed) {
                listening.close();
            }
        }
        if (!agreed) {
            throw failures.unfollowable("it refuses the subscription");
        }
        return new OnPipe(uri, id, listening, modern);
    }

    private final class OnPipe implements Followed {
        private final String uri;
        private final String id;
        private final Followed.Board.Listening listening;
        private final boolean modern;

        OnPipe(String uri, String id, Followed.Board.Listening listening, boolean modern) {
            this.uri = uri;
            this.id = id;
            this.listening = listening;
            this.modern = modern;
        }

        @Override
        public void read(Runnable updated) {
            listening.read(updated);
        }

        @Override
        public void close() {
            boolean last = listening.close();
            if (modern) {
                tellCancelled(true, id);
            } else if (last) {
                subscribe(uri, false);
                if (board.follows(uri)) {
                    // Somebody began to meanwhile, whom the server may have forgotten by this.
                    subscribe(uri, true);
                }
            }
        }
    }

    private void subscribe(String uri, boolean on) {
        tell(Envelope.request(Envelope.freshId(), Envelope.subscribe(uri, on), false, Optional.empty()));
    }

    /** A pipe does not say which call a message belongs to: all of a principal's calls share it, and each takes what it wants. */
    private void log(Json.Obj params) {
        if (waiting.isEmpty()) {
            news.drop();
        }
        waiting.values().forEach(pending -> {
            if (!pending.log(params)) {
                news.drop();
            }
        });
    }

    /** The newest call that may be asked is asked: they are all of one principal, and nothing says which it is. */
    private boolean isTaken(Incoming.Request request) {
        return Questions.kind(request.method(), request.params())
                .flatMap(kind -> waiting.values().stream()
                        .filter(pending -> pending.mayBeAsked(kind))
                        .max(Comparator.comparingLong(Pending::order)))
                .filter(pending -> pending.ask(request))
                .isPresent();
    }

    private void reply(Incoming.Request request) {
        Agreement agreed = agreement;
        boolean modern = agreed != null && agreed.modern();
        if (!modern && isTaken(request)) {
            return;
        }
        if (modern || !tell(Envelope.replyTo(request))) {
            news.drop();
        }
    }

    @Override
    public void ended() {
        over = true;
        board.end();
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
