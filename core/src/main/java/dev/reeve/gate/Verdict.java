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

    /** @param ticket empty if nothing could be recorded: then there is no record to find */
    record Deny(Action action, Denial denial, String ticket) implements Verdict {}

    /**
     * A person must decide first.
     *
     * @param ticket under which people find it: that of the first such action, while it waits
     * @param forPeople whether somebody's yes to this action lets the next such one run; otherwise people decide elsewhere, as of a definition
     * @param ran the same call was made before, and what waits is its result
     */
    record Hold(Action action, Denial why, String ticket, boolean forPeople, boolean ran) implements Verdict {}
}
