package dev.reeve.upstream;

import dev.reeve.gate.Effect;
import dev.reeve.gate.Permit;
import dev.reeve.identity.Principal;
import java.util.Set;
import java.util.function.Consumer;

/** The MCP servers of the operator's file. */
public interface Upstreams {
    Set<String> names();

    /**
     * Does what the permit allows, once, and nothing else. Takes the permit ({@link Permit#use}) immediately before the first byte.
     * Blocks until the answer, the permit's deadline, or a cancellation; never throws for what an upstream does.
     */
    Effect send(Permit permit, Exchange exchange);

    /**
     * Gives up a call that waits for the answer to a server's question.
     *
     * @param state as the result said it that asked
     */
    default void abandon(String upstream, Principal principal, String state) {}

    /**
     * Everything this server offers as of now, read by Reeve for itself, to be pinned and compared.
     *
     * @throws UpstreamDownException with a reason that names the upstream and what to do
     */
    Offers offers(String upstream) throws UpstreamDownException;

    /**
     * Whether the tools that this server lists depend on what its client can be asked: then {@link #offers} has all of them, and only the
     * server knows which a client would be shown.
     */
    default boolean toolsVary(String upstream) {
        return false;
    }

    /** Called from any thread when a server says that what it offers has changed, or when it came back. */
    void onChange(Consumer<UpstreamChange> listener);

    /** For status and readiness: one line per upstream, without secrets. */
    UpstreamHealth health(String upstream);
}
