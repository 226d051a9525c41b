package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;
import dev.reeve.upstream.LogLevel;
import dev.reeve.upstream.Offered;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * Remembers, between the messages of one session or connector, what was agreed, which requests run, so that they can be cancelled, and what the client was
 * asked.
 */
final class Conversation {
    private final ConcurrentMap<Json, Ongoing> running = new ConcurrentHashMap<>();
    private final ConcurrentMap<Json, CompletableFuture<Message.Answer>> asked = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Following> followed = new ConcurrentHashMap<>();
    private final int most;
    private final int mostFollowed;
    private volatile Predicate<Json.Obj> outlet = message -> false;
    private volatile Revision revision = Revision.V2025_11_25;
    private volatile Offered offered = Offered.NOTHING;
    private volatile Optional<LogLevel> level = Optional.empty();
    private volatile boolean over;

    Conversation(McpLimits limits) {
        this.most = limits.requestsEach();
        this.mostFollowed = limits.followedEach();
    }

    /** What the handshake agreed on. */
    void agreed(Revision spoken, Offered offers) {
        revision = spoken;
        offered = offers;
    }

    Revision revision() {
        return revision;
    }

    void logFrom(LogLevel from) {
        level = Optional.of(from);
    }

    /** A client that named no level takes what servers send by themselves. */
    ClientSide client() {
        return new ClientSide(offered, level.or(() -> Optional.of(LogLevel.DEBUG)), level);
    }

    /** Where notifications go that belong to no request. */
    void speakThrough(Predicate<Json.Obj> to) {
        outlet = to;
    }

    boolean say(Json.Obj message) {
        return outlet.test(message);
    }

    boolean follows(String uri) {
        return followed.containsKey(uri);
    }

    /** False if it is one too many, or the session is over. */
    boolean follow(String uri, Following following) {
        if (over || followed.size() >= mostFollowed) {
            return false;
        }
        Following before = followed.put(uri, following);
        if (before != null) {
            before.stop();
        }
        if (over) {
            following.stop();
        }
        return true;
    }

    Optional<Following> unfollow(String uri) {
        return Optional.ofNullable(followed.remove(uri));
    }

    /**
     * Asks the client and waits.
     *
     * @param send takes the id that the answer will carry; false if the client cannot be reached
     * @return empty if no answer came in time
     */
    Optional<Message.Answer> ask(String id, Predicate<Json> send, Duration patience) {
        Json key = new Json.Str(id);
        CompletableFuture<Message.Answer> answer = new CompletableFuture<>();
        if (over || asked.size() >= most) {
            return Optional.empty();
        }
        asked.put(key, answer);
        try {
            return send.test(key)
                    ? Optional.of(answer.get(patience.toMillis(), TimeUnit.MILLISECONDS))
                    : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (TimeoutException | ExecutionException | CancellationException e) {
            return Optional.empty();
        } finally {
            asked.remove(key);
        }
    }

    /** False if nobody asked for this (R13). */
    boolean answered(Message.Answer answer) {
        CompletableFuture<Message.Answer> waiting = asked.remove(answer.id());
        return waiting != null && waiting.complete(answer);
    }

    /** Nobody waits for this answer any more. */
    void giveUp(String id) {
        Optional.ofNullable(asked.get(new Json.Str(id))).ifPresent(waiting -> waiting.cancel(false));
    }

    /** Why it may not run, if it may not. */
    Optional<RpcError> begin(Json id, Ongoing ongoing) {
        if (over) {
            return Optional.of(RpcError.of(RpcError.NOT_ALLOWED, "this session has ended"));
        }
        if (running.size() >= most) {
            return Optional.of(RpcError.of(
                    RpcError.NOT_ALLOWED, "too many requests of this session run at once; at most " + most));
        }
        if (running.putIfAbsent(id, ongoing) != null) {
            return Optional.of(RpcError.invalidRequest("Invalid Request: this `id` is in use"));
        }
        if (over) {
            ongoing.cancel();
        }
        return Optional.empty();
    }

    void end(Json id, Ongoing ongoing) {
        running.remove(id, ongoing);
    }

    void cancel(Json id) {
        Optional.ofNullable(running.get(id)).ifPresent(Ongoing::cancel);
    }

    /** The session has ended or the client has gone: what runs is cancelled, and nothing begins any more. */
    void cancelAll() {
        over = true;
        running.values().forEach(Ongoing::cancel);
        asked.values().forEach(waiting -> waiting.cancel(false));
        followed.values().forEach(Following::stop);
    }

    boolean idle() {
        return running.isEmpty();
    }
}
