package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation.Offer;
import dev.reeve.json.Json;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code subscriptions/listen} of 2026-07-28: one stream for whatever a client wants to hear of. */
final class Listens {
    private final Answers answers;
    private final Listeners listeners;
    private final Subscriptions subscriptions;
    private final LargeAnswers room;

    Listens(Answers answers, Listeners listeners, Subscriptions subscriptions, LargeAnswers room) {
        this.room = room;
        this.answers = answers;
        this.listeners = listeners;
        this.subscriptions = subscriptions;
    }

    /** The answer is the stream: the acknowledgement first, then what was asked for and is served. */
    void open(Caller caller, Revision revision, Message.Request request, Meta meta, Replies replies)
            throws RpcException {
        Json.Obj asked = request.params()
                .object("notifications")
                .orElseThrow(() -> RpcError.invalidParams("`notifications` must be an object")
                        .thrown());
        Set<Offer> wanted = EnumSet.noneOf(Offer.class);
        Json.Builder honoured = Json.object();
        want(asked, "toolsListChanged", Offer.TOOLS, wanted, honoured);
        want(asked, "promptsListChanged", Offer.PROMPTS, wanted, honoured);
        want(asked, "resourcesListChanged", Offer.RESOURCES, wanted, honoured);
        List<Subscriptions.Opened> followed = subscriptions.openAll(
                caller, meta, request.id(), asked.array("resourceSubscriptions").orElse(Json.Arr.EMPTY));
        if (!followed.isEmpty()) {
            honoured.put(
                    "resourceSubscriptions",
                    Json.Arr.ofStrings(
                            followed.stream().map(Subscriptions.Opened::uri).toList()));
        }
        Ongoing ongoing = new Ongoing(
                Optional.empty(),
                replies,
                ClientSide.NOTHING,
                room.of(caller.principal().party()));
        try {
            McpEngine.begin(caller, request, ongoing);
        } catch (RpcException e) {
            followed.forEach(one -> one.following().stop());
            throw e;
        }
        Replies.Sink sink = replies.keepOpen();
        sink.onGone(() -> followed.forEach(one -> one.following().stop()));
        Json.Obj acknowledged = Json.object()
                .put("jsonrpc", "2.0")
                .put("method", "notifications/subscriptions/acknowledged")
                .put(
                        "params",
                        Json.object()
                                .put("_meta", Json.object().put(Meta.SUBSCRIPTION, request.id()))
                                .put("notifications", honoured))
                .build();
        Replies.Sink subscription = new Subscription(sink, ongoing, ended(revision, request.id()));
        Optional<Listeners.Listener> listener =
                listeners.add(caller, wanted, subscription, Optional.of(request.id()), Optional.of(acknowledged));
        if (listener.isEmpty()) {
            caller.conversation().ifPresent(talk -> talk.end(request.id(), ongoing));
            followed.forEach(one -> one.following().stop());
            subscription.end();
            return;
        }
        followed.forEach(one -> one.following().open(subscription::offer));
        caller.conversation()
                .ifPresent(talk -> ongoing.whenCancelled(() -> {
                    // Where streams share one pipe, only a cancellation ends one.
                    talk.end(request.id(), ongoing);
                    listeners.remove(listener.get());
                    sink.end();
                }));
    }

    private static void want(Json.Obj asked, String name, Offer offer, Set<Offer> wanted, Json.Builder honoured) {
        if (asked.get(name).equals(Optional.of(Json.Bool.TRUE))) {
            wanted.add(offer);
            honoured.put(name, true);
        }
    }

    private Json.Obj ended(Revision revision, Json id) {
        Json.Obj result = Json.object()
                .put("_meta", Json.object().put(Meta.SUBSCRIPTION, id))
                .build();
        return answers.response(id, answers.complete(revision, result));
    }

    /**
     * A stream that says that it ends on purpose, so that the client does not take it for lost; a client that cancelled it hears nothing
     * more, also while its end is still under way.
     */
    private record Subscription(Replies.Sink sink, Ongoing ongoing, Json.Obj last) implements Replies.Sink {
        @Override
        public boolean offer(Json.Obj message) {
            return !ongoing.cancelled() && sink.offer(message);
        }

        @Override
        public void end() {
            sink.offer(last);
            sink.end();
        }

        @Override
        public void onGone(Runnable action) {
            sink.onGone(action);
        }
    }
}
