package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.adapter.mcp.Governed.Outcome;
import dev.reeve.adapter.mcp.Route.Target;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lets clients hear of changes of single resources: reading one and following it want the same right. */
final class Subscriptions {
    private final Surroundings around;
    private final Governed governed;
    /** Of one stream of 2026-07-28. */
    private final int most;

    Subscriptions(Surroundings around, Governed governed, McpLimits limits) {
        this.around = around;
        this.governed = governed;
        this.most = limits.followedEach();
    }

    /** {@code resources/subscribe}. */
    Json.Obj subscribe(Calls.Call call) throws RpcException {
        String uri = Calls.uri(call.params());
        Conversation talk = call.caller().conversation().orElseThrow();
        if (talk.follows(uri)) {
            return Json.Obj.EMPTY;
        }
        Following following = following(call.caller(), uri, Optional.empty());
        switch (begin(call.caller(), call.meta(), uri, following)) {
            case Outcome.Done ignored -> {
                following.open(talk::say);
                if (!talk.follow(uri, following)) {
                    following.stop();
                    throw RpcError.of(RpcError.NOT_ALLOWED, "too many resources are followed in this session")
                            .thrown();
                }
            }
            case Outcome.Failed failed -> throw failed.thrown();
            case Outcome.NotAllowed not -> {
                if (not.denial().concealed()) {
                    throw RpcError.of(
                                    RpcError.RESOURCE_NOT_FOUND,
                                    "Resource not found",
                                    Json.object().put("uri", uri).build())
                            .thrown();
                }
                throw Denials.error(not).thrown();
            }
        }
        return Json.Obj.EMPTY;
    }

    /** {@code resources/unsubscribe}; of what was never followed it is answered like of anything else. */
    Json.Obj unsubscribe(Calls.Call call) throws RpcException {
        String uri = Calls.uri(call.params());
        Optional<Following> followed = call.caller().conversation().flatMap(talk -> talk.unfollow(uri));
        if (followed.isPresent()) {
            Target target = target(call.caller(), uri);
            Outcome ignored = governed.tell(
                    call.caller(),
                    new Operation.Subscription(target.upstream(), target.name(), false),
                    () -> Json.Obj.EMPTY);
            // It ends whatever is said of it: to hear less needs nobody's leave.
            followed.get().stop();
        }
        return Json.Obj.EMPTY;
    }

    /** Those of a stream of 2026-07-28 that are allowed and that their servers agreed to, each with its URI as the client wrote it. */
    List<Opened> openAll(Caller caller, Meta meta, Json id, Json.Arr uris) throws RpcException {
        List<Opened> opened = new ArrayList<>();
        if (uris.items().size() > most) {
            throw RpcError.invalidParams("at most " + most + " `resourceSubscriptions` in one stream")
                    .thrown();
        }
        // What has begun goes on until somebody stops it.
        boolean told = false;
        try {
            for (String uri : texts(uris)) {
                Following following = following(caller, uri, Optional.of(id));
                if (begin(caller, meta, uri, following) instanceof Outcome.Done) {
                    opened.add(new Opened(uri, following));
                }
            }
            told = true;
            return opened;
        } finally {
            if (!told) {
                opened.forEach(one -> one.following().stop());
            }
        }
    }

    private static List<String> texts(Json.Arr uris) throws RpcException {
        List<String> texts = new ArrayList<>();
        for (Json item : uris.items()) {
            if (!(item instanceof Json.Str uri) || uri.value().length() > Calls.LONGEST_URI) {
                throw RpcError.invalidParams("`resourceSubscriptions` must hold URIs")
                        .thrown();
            }
            texts.add(uri.value());
        }
        return texts;
    }

    /** What a stream follows. */
    record Opened(String uri, Following following) {}

    private Outcome begin(Caller caller, Meta meta, String uri, Following following) {
        Target target = target(caller, uri);
        boolean done = false;
        try {
            Outcome outcome = governed.act(
                    caller,
                    new Operation.Subscription(target.upstream(), target.name(), true),
                    meta.reasoning(),
                    permit -> {
                        following.asLongAs(
                                () -> around.gate().reconsider(permit).isEmpty());
                        return around.upstreams().send(permit, following);
                    });
            done = outcome instanceof Outcome.Done;
            return outcome;
        } finally {
            if (!done) {
                // The server may tell all the same, as when its answer could not be recorded: nobody hears that.
                following.stop();
            }
        }
    }

    private Following following(Caller caller, String uri, Optional<Json> subscription) {
        Target target = target(caller, uri);
        Operation operation = new Operation.Subscription(target.upstream(), target.name(), true);
        return new Following(
                uri,
                () -> around.visible(caller.principal(), operation)
                        && around.revocations()
                                .stillGood(caller.principal(), caller.who().epoch()),
                subscription);
    }

    private static Target target(Caller caller, String uri) {
        return caller.route().uri(uri).orElse(new Target(Calls.NOWHERE, uri));
    }
}
