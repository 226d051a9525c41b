package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** R3: what may be sent twice is what the operator's file says of that tool. */
final class IdempotentToolsTest {
    private final CompiledPolicy policy = new Written()
            .catalogue("leave", Set.of())
            .mapsIdempotent("up.set_*", "leave", "update")
            .maps("up.set_next", "leave", "update")
            .maps("up.book", "leave", "create")
            .compiled();

    @Test
    void onlyToolsWhoseClosestEntrySaysSoAreIdempotent() {
        assertTrue(policy.idempotent(call("up.set_name", args("to", "x"))));
        assertFalse(policy.idempotent(call("up.set_next", args("to", "x"))), "its own entry does not say so");
        assertFalse(policy.idempotent(call("up.book", args("to", "x"))));
        assertFalse(policy.idempotent(call("up.unknown", args("to", "x"))));
        assertFalse(policy.idempotent(new Operation.ResourceRead("up", "set_name")));
    }
}
