package dev.reeve.gate;

import dev.reeve.action.Action;

/** The gate's answer. It is already in the record when the caller sees it. */
public sealed interface Verdict {
    /** The record's id, by which operators find it. */
    String ticket();

    record Allow(Permit permit) implements Verdict {
        @Override
        public String ticket() {
            return permit.action().id();
        }
    }

    record Deny(Action action, Denial denial) implements Verdict {
        @Override
        public String ticket() {
            return action.id();
        }
    }

    /** A person must decide first. */
    record Hold(Action action, Denial why) implements Verdict {
        @Override
        public String ticket() {
            return action.id();
        }
    }
}
