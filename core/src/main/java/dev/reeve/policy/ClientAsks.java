package dev.reeve.policy;

import dev.reeve.action.Action;
import dev.reeve.gate.Obligation;
import dev.reeve.gate.ResultFinding;
import dev.reeve.json.Json;

/**
 * {@code ask: client}: allowed if the agent's own program asks the person in front of it. That answer comes from the caller's side, so it is
 * no approval (R16): the record says under which obligation it was allowed, and not that anybody approved.
 */
record ClientAsks() implements Obligation {
    /** What an allowing rule carries in {@code by} when it says {@code ask: client}. */
    static final String CLIENT = "client";

    @Override
    public String name() {
        return CLIENT_ASKS;
    }

    @Override
    public ResultFinding apply(Action action, Json.Obj result) {
        return new ResultFinding.Unchanged(CLIENT_ASKS);
    }
}
