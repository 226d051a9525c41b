package dev.reeve.upstream;

import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import java.util.Optional;

/** A request to a server that got no usable answer. */
final class CallFailedException extends Exception {
    private static final long serialVersionUID = 1;

    /** JSON-RPC's first code for errors of a server's own. */
    private static final int REFUSED_CODE = -32000;

    /** What is known about it. */
    enum Kind {
        /** Nothing was executed, and the server is well. */
        NOT_SENT,
        /** Nothing was executed: the server cannot be reached. */
        DOWN,
        /** The process had ended before the request was written to it. Nothing was executed. */
        ENDED,
        /**
         * The server answered as the revisions up to 2025-11-25 say that it must where it does not know a session. If it keeps to them nothing was
         * executed, but that is its word: what is told and recorded is that nobody knows.
         */
        FORGOTTEN,
        /** The server says in words of its own that it does not know our session or revision. What it did is not known. */
        STALE,
        /** The server answered, and does not do it. */
        REFUSED,
        /** Something was sent; what it did is not known. */
        LOST
    }

    private final Kind kind;
    private final transient Denial why;

    private final String problem;

    CallFailedException(Kind kind, Denial why, String problem) {
        super(why.reason(), null, false, false);
        this.kind = kind;
        this.why = why;
        this.problem = problem;
    }

    Kind kind() {
        return kind;
    }

    /** The link is of no use any more. */
    boolean endsLink() {
        return kind == Kind.ENDED || kind == Kind.FORGOTTEN || kind == Kind.STALE;
    }

    /**
     * Whether it may be sent once more: where nothing had left; where the server answered as the revisions say that it must to a session that is over,
     * upon which a client begins another one; and where sending it twice does no harm, by the operator's word and not by the server's (R3).
     */
    boolean mayAskAgain(Call call) {
        return switch (kind) {
            case ENDED, FORGOTTEN -> !call.isCancelled();
            case STALE -> !call.hasLeft() || call.mayRepeat();
            case NOT_SENT, DOWN, REFUSED, LOST -> false;
        };
    }

    /** The bare problem, without the name of the server before it. */
    String problem() {
        return problem;
    }

    Denial why() {
        return why;
    }

    Effect effect() {
        return switch (kind) {
            case NOT_SENT, DOWN, ENDED -> new Effect.NotSent(why);
            case FORGOTTEN, STALE, LOST -> new Effect.Unknown(why);
            case REFUSED -> new Effect.Refused(REFUSED_CODE, why.tell().orElse(why.reason()), Optional.empty());
        };
    }
}
