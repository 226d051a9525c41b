package dev.reeve.upstream;

import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;

/** A request to a server that got no usable answer. */
final class CallFailedException extends Exception {
    private static final long serialVersionUID = 1;

    /** What is known about it. */
    enum Kind {
        /** Nothing was executed, and the server is well. */
        NOT_SENT,
        /** Nothing was executed: the server cannot be reached. */
        DOWN,
        /** The server says that it does not know our session or revision. Nothing was executed. */
        STALE,
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

    /** The bare problem, without the name of the server before it. */
    String problem() {
        return problem;
    }

    Denial why() {
        return why;
    }

    Effect effect() {
        return switch (kind) {
            case NOT_SENT, DOWN, STALE -> new Effect.NotSent(why);
            case LOST -> new Effect.Unknown(why);
        };
    }
}
