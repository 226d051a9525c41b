package dev.reeve.adapter.mcp;

import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.util.Optional;

/** One session of a revision that has them: what its owner is, what runs in it, and its one stream for what nobody asked for. */
final class McpSession {
    private final String id;
    private final String recordedAs;
    private final Principal owner;
    private final Route route;
    private final Conversation conversation;
    private final Replays replays;
    private Optional<Replies.Sink> stream = Optional.empty();
    private volatile long lastUsed;

    /** @param recordedAs the name in records, since the id itself is the client's to keep */
    McpSession(String id, String recordedAs, Caller caller, Conversation conversation, Replays replays, long now) {
        this.replays = replays;
        conversation.speakThrough(this::say);
        this.id = id;
        this.recordedAs = recordedAs;
        this.owner = caller.principal();
        this.route = caller.route();
        this.conversation = conversation;
        this.lastUsed = now;
    }

    String id() {
        return id;
    }

    String agent() {
        return owner.party();
    }

    /** Where its streams can be taken up again; empty in revisions without that. */
    Optional<Replays> replays() {
        return revision().resumes() ? Optional.of(replays) : Optional.empty();
    }

    Revision revision() {
        return conversation.revision();
    }

    /** False if nobody asked for this. */
    boolean answered(Message.Answer answer) {
        return conversation.answered(answer);
    }

    Caller in(Caller caller) {
        return new Caller(caller.who(), caller.route(), caller.channel(), recordedAs, Optional.of(conversation));
    }

    boolean belongsTo(Caller caller) {
        return caller.owns(owner, route);
    }

    long lastUsed() {
        return lastUsed;
    }

    void used(long now) {
        lastUsed = now;
    }

    synchronized boolean inUse() {
        return stream.isPresent() || !conversation.idle();
    }

    /** Without a stream nobody hears it: a client that opens one reads the resource again. */
    private boolean say(Json.Obj message) {
        Optional<Replies.Sink> to;
        synchronized (this) {
            to = stream;
        }
        return to.filter(sink -> sink.offer(message)).isPresent();
    }

    /** The newer stream stays: a client that lost its connection comes back before we notice. */
    void listen(Replies.Sink sink) {
        Optional<Replies.Sink> older;
        synchronized (this) {
            older = stream;
            stream = Optional.of(sink);
        }
        older.ifPresent(Replies.Sink::end);
        sink.onGone(() -> gone(sink));
    }

    @SuppressWarnings("ReferenceEquality") // this very stream, not one like it
    private synchronized void gone(Replies.Sink sink) {
        if (stream.filter(current -> current == sink).isPresent()) {
            stream = Optional.empty();
        }
    }

    void close() {
        conversation.cancelAll();
        replays.close();
        Optional<Replies.Sink> last;
        synchronized (this) {
            last = stream;
            stream = Optional.empty();
        }
        last.ifPresent(Replies.Sink::end);
    }
}
