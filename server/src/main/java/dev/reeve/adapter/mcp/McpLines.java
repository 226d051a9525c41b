package dev.reeve.adapter.mcp;

import dev.reeve.connector.ConnectorService;
import dev.reeve.identity.Identification;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.upstream.Upstreams;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * MCP over lines, in all revisions: a connector's standard input and output. The first request decides for the life of the process: one that
 * says its revision in {@code _meta} is stateless, anything else begins with a handshake.
 */
public final class McpLines implements ConnectorService {
    public static final String CHANNEL = "mcp-stdio";
    private static final Duration LAST_WORDS = Duration.ofSeconds(30);

    private final McpEngine engine;
    private final Upstreams upstreams;

    public McpLines(McpEngine engine, Upstreams upstreams) {
        this.engine = engine;
        this.upstreams = upstreams;
    }

    @Override
    public Optional<Talk> open(Identification.Known who, String upstream, String session, Answers answers) {
        return upstreams.names().contains(upstream)
                ? Optional.of(new LineTalk(who, upstream, session, answers))
                : Optional.empty();
    }

    private final class LineTalk implements Talk {
        private final Conversation conversation = new Conversation(engine.limits());
        private final LineQueue work = new LineQueue(engine.limits().requestsEach());
        private final Set<LineSink> sinks = ConcurrentHashMap.newKeySet();
        private final Caller caller;
        private final Answers answers;
        private Optional<Revision> revision = Optional.empty();
        private boolean committed;
        private boolean hears;
        private volatile boolean gone;

        LineTalk(Identification.Known who, String upstream, String session, Answers answers) {
            this.caller = new Caller(who, new Route.One(upstream), CHANNEL, session, Optional.of(conversation));
            this.answers = answers;
            conversation.speakThrough(message -> !gone && answers.offer(JsonWriter.bytes(message)));
        }

        @Override
        public void line(byte[] line) {
            switch (Message.read(line, engine.limits().message())) {
                case Message.Unreadable bad -> {
                    engine.refused(caller, bad.code());
                    send(bad.error().response(bad.id()));
                }
                case Message.Request request -> request(request, line.length);
                case Message.Notification said -> notification(said);
                case Message.Answer answer -> {
                    if (!conversation.answered(answer)) {
                        engine.refused(caller, "unasked_answer");
                    }
                }
                case Message.Batch batch -> batch(batch, line.length);
            }
        }

        private void batch(Message.Batch batch, int size) {
            boolean begun = revision.filter(spoken -> !spoken.stateless()).isPresent();
            if (!begun || !conversation.revision().hasBatches()) {
                engine.refused(caller, "invalid_request");
                send(RpcError.invalidRequest("Invalid Request: batches are not part of this protocol revision")
                        .response(Json.Null.NULL));
                return;
            }
            boolean taken = work.run(
                    Optional.empty(),
                    size,
                    () -> engine.batch(caller, conversation.revision(), batch, new LineReplies())
                            .ifPresent(all -> answers.send(JsonWriter.bytes(all))));
            if (!taken) {
                tooMany(Json.Null.NULL);
            }
        }

        private void request(Message.Request request, int size) {
            try {
                Revision spoken = decided(request);
                boolean taken = work.run(
                        Optional.of(request.id()),
                        size,
                        () -> engine.request(
                                caller,
                                spoken.stateless() ? spoken : conversation.revision(),
                                request,
                                new LineReplies()));
                if (!taken) {
                    tooMany(request.id());
                }
            } catch (RpcException e) {
                send(e.error().response(request.id()));
            }
        }

        private void tooMany(Json id) {
            engine.refused(caller, "too_many_requests");
            send(RpcError.of(RpcError.NOT_ALLOWED, "too many requests wait already; send fewer at once")
                    .response(id));
        }

        private Revision decided(Message.Request request) throws RpcException {
            boolean enveloped = Meta.enveloped(request.params());
            if (enveloped && !request.method().equals(Method.INITIALIZE.wire())) {
                ModernHeaders.served(
                        Meta.read(request.params()).protocolVersion().orElse(""));
                Revision modern = settle(Revision.V2026_07_28);
                committed |= !request.method().equals(Method.DISCOVER.wire());
                return modern;
            }
            if (revision.isEmpty() && !request.method().equals(Method.INITIALIZE.wire())) {
                throw RpcError.invalidRequest("Invalid Request: begin with initialize, or say your revision in `_meta`")
                        .thrown();
            }
            Revision old = settle(Revision.V2025_11_25);
            committed = true;
            return old;
        }

        private Revision settle(Revision spoken) throws RpcException {
            // A client whose question for the revision was answered too late for it goes on with a handshake.
            if (committed && revision.isPresent() && revision.get() != spoken) {
                throw RpcError.invalidRequest("Invalid Request: this process speaks "
                                + revision.get().wire())
                        .thrown();
            }
            revision = Optional.of(spoken);
            return spoken;
        }

        private void notification(Message.Notification said) {
            Revision spoken = revision.orElse(Revision.V2025_11_25);
            boolean waited = said.method().equals(Method.CANCELLED.wire())
                    && said.params().get("requestId").filter(work::forget).isPresent();
            if (waited) {
                return;
            }
            engine.notification(caller, spoken, said);
            boolean begun = revision.equals(Optional.of(Revision.V2025_11_25));
            if (begun && !hears && said.method().equals("notifications/initialized")) {
                // Once, however often it is said: every list change would come as often.
                hears = true;
                engine.listenToAll(caller, new LineSink());
            }
        }

        @Override
        public void gone() {
            gone = true;
            work.close();
            conversation.cancelAll();
            sinks.forEach(LineSink::end);
        }

        @Override
        public void finished() {
            try {
                work.awaitIdle(LAST_WORDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean send(Json.Obj message) {
            return answers.send(JsonWriter.bytes(message));
        }

        /** The way back of one request; all share the pipe. */
        private final class LineReplies implements Replies {
            @Override
            public boolean maySpeak() {
                return true;
            }

            @Override
            public boolean event(Json.Obj message) {
                return send(message);
            }

            @Override
            public void respond(int status, Json.Obj response) {
                send(response);
            }

            @Override
            public void cancelled(int status, Json.Obj response) {
                // Whoever cancelled wants to hear nothing more of it.
            }

            @Override
            public Sink keepOpen() {
                return new LineSink();
            }

            @Override
            public void onGone(Runnable action) {
                // Calls that run are cancelled through the conversation when the client goes.
            }
        }

        private final class LineSink implements Replies.Sink {
            private final AtomicReference<Runnable> whenOver = new AtomicReference<>(() -> {});
            private volatile boolean over;

            @Override
            public boolean offer(Json.Obj message) {
                return !over && !gone && answers.offer(JsonWriter.bytes(message));
            }

            /** The pipe stays: other requests share it. */
            @Override
            public void end() {
                over = true;
                sinks.remove(this);
                whenOver.getAndSet(() -> {}).run();
            }

            @Override
            public void onGone(Runnable action) {
                whenOver.updateAndGet(before -> () -> {
                    before.run();
                    action.run();
                });
                sinks.add(this);
                if (gone || over) {
                    end();
                }
            }
        }
    }
}
