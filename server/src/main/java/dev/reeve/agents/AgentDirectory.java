package dev.reeve.agents;

import dev.reeve.identity.Principal;
import dev.reeve.policy.PolicySource.FileAgent;
import dev.reeve.policy.Problem;
import dev.reeve.store.Store;
import dev.reeve.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who there is: agents from the store and from policy files, and their credentials; the one owner of the {@link Roster}. What widens is
 * durable before it is in force; what narrows is in force before it is durable (R14).
 */
public final class AgentDirectory {
    private final Store store;
    private final AtomicLong epoch = new AtomicLong(1);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Roster roster = Roster.EMPTY;

    private AgentDirectory(Store store) {
        this.store = store;
    }

    public static AgentDirectory open(Store store) throws StoreException {
        AgentDirectory directory = new AgentDirectory(store);
        directory.roster = store.read(reading -> {
            Roster all = Roster.EMPTY;
            for (Agent agent : AgentRows.agents(reading)) {
                all = all.with(agent);
            }
            return all.with(AgentRows.credentials(reading));
        });
        return directory;
    }

    public Roster roster() {
        return roster;
    }

    /** Runs after every change, on the thread that made it; so that whoever is nobody any more is cut (R14). */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Lets everybody who listens look whether somebody is nobody any more, though nothing was changed: keys expire. */
    public void lookAgain() {
        listeners.forEach(Runnable::run);
    }

    private void changed() {
        epoch.incrementAndGet();
        listeners.forEach(Runnable::run);
    }

    /** Grows with everything that could end somebody's belief. */
    long epoch() {
        return epoch.get();
    }

    /**
     * The agents of policy files, all at once. A name that the store has too is an error, and then nothing changes.
     *
     * @return what is wrong; empty if they are in force
     */
    public synchronized List<Problem> replaceFileAgents(Collection<FileAgent> written, Instant now) {
        List<Problem> problems = new ArrayList<>();
        List<Agent> files = new ArrayList<>();
        for (FileAgent agent : written) {
            Optional<Problem> problem = problem(agent);
            problem.ifPresentOrElse(problems::add, () -> files.add(of(agent, now)));
        }
        if (problems.isEmpty()) {
            roster = roster.withFileAgents(files);
            changed();
        }
        return problems;
    }

    private Optional<Problem> problem(FileAgent agent) {
        String field = "agents." + agent.name();
        if (!Agent.isName(agent.name())) {
            return Optional.of(Problem.error(agent.place(), field, "not a name of an agent")
                    .withFix("use 1 to 64 letters, digits, `_`, `.` and `-`, a letter or digit first"));
        }
        if (roster.agent(agent.name()).filter(Agent::isStored).isPresent()) {
            return Optional.of(Problem.error(agent.place(), field, "this agent was created by command too")
                    .withFix("give one of them another name; a name is used once, also after it was retired"));
        }
        return Optional.empty();
    }

    private static Agent of(FileAgent agent, Instant now) {
        return new Agent(
                Principal.DEFAULT_TENANT,
                agent.name(),
                new HashSet<>(agent.roles()),
                agent.owner(),
                agent.attributes(),
                Agent.State.ACTIVE,
                now,
                now,
                agent.place().toString());
    }

    /** Durable, then in force. */
    public void grant(Agent agent) throws StoreException {
        grant(roster, List.of(agent), List.of());
    }

    /** Durable, then in force. */
    public void grant(Collection<? extends Credential> credentials) throws StoreException {
        grant(roster, List.of(), credentials);
    }

    /**
     * Durable, then in force. No lock is held while the disk is waited for: {@link #withdraw} must never wait for that.
     *
     * @param seen what the grant was made from
     * @throws StoreException also if one of them was withdrawn since; then it stays so
     */
    public void grant(Roster seen, Collection<Agent> agents, Collection<? extends Credential> credentials)
            throws StoreException {
        save(agents, credentials);
        swap(seen, agents, credentials);
    }

    private synchronized void swap(Roster seen, Collection<Agent> agents, Collection<? extends Credential> credentials)
            throws StoreException {
        boolean same =
                agents.stream().allMatch(agent -> seen.agent(agent.name()).equals(roster.agent(agent.name())))
                        && credentials.stream()
                                .allMatch(one -> seen.credential(one.id()).equals(roster.credential(one.id())));
        if (!same) {
            throw new StoreException("it was withdrawn in the meantime");
        }
        Roster next = roster;
        for (Agent agent : agents) {
            next = next.with(agent);
        }
        roster = next.with(credentials);
        changed();
    }

    /** In force at once, whatever becomes of the store. Then call {@link #save}. */
    public synchronized void withdraw(Collection<Agent> agents, Collection<? extends Credential> credentials) {
        Roster next = roster;
        for (Agent agent : agents) {
            next = next.with(agent);
        }
        roster = next.with(credentials);
        changed();
    }

    /** Makes durable what {@link #withdraw} put in force. */
    public void save(Collection<Agent> agents, Collection<? extends Credential> credentials) throws StoreException {
        store.write(writing -> {
            agents.forEach(agent -> AgentRows.put(writing, agent));
            credentials.forEach(credential -> AgentRows.put(writing, credential));
            return true;
        });
    }

    /** What the store says now, not what is in memory: for whoever must show that something is gone. */
    public List<Credential> storedCredentials() throws StoreException {
        return store.read(AgentRows::credentials);
    }
}
