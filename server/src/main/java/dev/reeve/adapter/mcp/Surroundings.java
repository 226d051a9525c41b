package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Asks;
import dev.reeve.approval.ApprovalRoom;
import dev.reeve.definitions.Definitions;
import dev.reeve.gate.Gate;
import dev.reeve.gate.Rulebook;
import dev.reeve.identity.Principal;
import dev.reeve.identity.Revocations;
import dev.reeve.upstream.Upstreams;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What this room needs of the others.
 *
 * @param asks what each server may ask of clients
 * @param rulebooks the policy in force, for what a caller may see
 * @param ids unguessable, visible ASCII; for sessions and cursors' keys
 * @param nanos a clock that only goes forward
 * @param version of Reeve, for clients to see
 * @param pages where people see what waits under a ticket, after they signed in; nothing in it is secret
 * @param people where calls wait for people; empty where nobody can be asked
 */
public record Surroundings(
        Gate gate,
        Upstreams upstreams,
        Definitions definitions,
        Function<String, Set<Asks>> asks,
        Supplier<Rulebook> rulebooks,
        Revocations revocations,
        Supplier<String> ids,
        LongSupplier nanos,
        String version,
        Function<String, Optional<String>> pages,
        Optional<People> people) {

    /**
     * Where calls wait for people, and the time of their tasks.
     *
     * @param granted whether the grant that people made of this ticket is given by now
     */
    public record People(ApprovalRoom approvals, Predicate<String> granted, InstantSource time) {}

    /** Where nobody can be asked. */
    public Surroundings(
            Gate gate,
            Upstreams upstreams,
            Definitions definitions,
            Function<String, Set<Asks>> asks,
            Supplier<Rulebook> rulebooks,
            Revocations revocations,
            Supplier<String> ids,
            LongSupplier nanos,
            String version) {
        this(
                gate,
                upstreams,
                definitions,
                asks,
                rulebooks,
                revocations,
                ids,
                nanos,
                version,
                ticket -> Optional.empty(),
                Optional.empty());
    }

    /** Whether this principal could ever be allowed it, or would be held. A rulebook that fails here hides (R10). */
    boolean visible(Principal principal, Operation operation) {
        try {
            return rulebooks.get().visible(principal, operation, gate.granted(principal));
        } catch (RuntimeException | StackOverflowError e) {
            return false;
        }
    }
}
