package dev.reeve.connect;

import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What connecting changes beside files. Each method talks to the running process, or takes the lock of the data folder; each is recorded
 * before it takes effect (R27).
 */
public interface Installation {
    /**
     * Makes sure that the agent exists and has at least these roles.
     *
     * @throws RefusedException if it cannot, with what to do
     */
    void agent(String agent, Set<String> roles) throws RefusedException;

    /** A new registration for connectors of this agent. What earlier ones opened stays open until {@link #withdraw}. */
    Secret register(String agent) throws RefusedException;

    /** No connector of this agent is let in any more. */
    void withdraw(String agent) throws RefusedException;

    /** Why programs cannot be confined on this machine; empty if they can. */
    Optional<String> cannotConfine();

    /** Whether this command line would fetch a package and start it, so that it can be installed instead. */
    boolean fetches(List<String> command);

    /**
     * Installs what a command line would fetch, into the data folder.
     *
     * @return what was installed, in one line
     * @throws RefusedException if it could not be, with the reason
     */
    String install(String upstream, List<String> command) throws RefusedException;

    /**
     * The tools that a server offers now, asked by Reeve for itself; the operator's file names it by then.
     *
     * @throws RefusedException if it does not answer, with the reason in one line
     */
    List<Json.Obj> tools(String upstream) throws RefusedException;

    /** Whether what one person approves waits for another here (R27): several people administer. */
    boolean needsSecond() throws RefusedException;

    /**
     * Pins what a server offered when the person was asked, and puts the tools that the person agreed to in force. The server is not asked
     * again: what it says differently by then is drift, and held when it is next looked at.
     *
     * @param shown all that {@link #tools} returned
     * @param agreed names of tools in it
     * @return the names of those that are in force now; none where {@link #needsSecond}
     */
    Set<String> approve(String upstream, List<Json.Obj> shown, Set<String> agreed) throws RefusedException;
}
