package dev.reeve.control;

import dev.reeve.agents.Agent;
import dev.reeve.agents.AgentDirectory;
import dev.reeve.agents.Credential;
import dev.reeve.agents.Credential.ApiKey;
import dev.reeve.agents.Credential.Connector;
import dev.reeve.agents.KeyText;
import dev.reeve.agents.Roster;
import dev.reeve.agents.StoredAuthenticator;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.identity.Identification;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import dev.reeve.store.StoreException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Everything an operator can do with agents and their credentials; the API, the socket and the commands all end here. One act that
 * widens at a time; one that narrows waits for nothing longer than two seconds.
 *
 * <p>Security guarantees: what widens is recorded, then durable, then in force, or it does not happen (R27); what narrows is in force
 * even when it can be neither recorded nor stored, and both are made up for before the next act that widens (R14). A key's text leaves
 * once, in the answer that makes it.
 */
public final class Administration {
    public static final Duration KEY_LIFE = Duration.ofDays(90);
    private static final Duration LONGEST_LIFE = Duration.ofDays(3_650);
    private static final Duration LONGEST_OVERLAP = Duration.ofDays(30);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final System.Logger LOG = System.getLogger("dev.reeve.control");
    private static final int MOST_AGENTS = 100_000;
    private static final int MOST_CREDENTIALS = 1_000;

    private final AgentDirectory directory;
    private final StoredAuthenticator authenticator;
    private final Makers makers;
    private final AdminRecords records;
    private final GateClock clock;
    private final SecureRandom random;
    private final Pending pending = new Pending();
    private final AtomicInteger underway = new AtomicInteger();

    Administration(
            AgentDirectory directory,
            StoredAuthenticator authenticator,
            Makers makers,
            AdminRecords records,
            GateClock clock,
            SecureRandom random) {
        this.directory = directory;
        this.authenticator = authenticator;
        this.makers = makers;
        this.records = records;
        this.clock = clock;
        this.random = random;
    }

    /** @param changed false if everything was so already */
    public record Done<T>(T value, boolean changed) {}

    /** A credential with its text, which is shown now and never again. */
    public record Shown<T extends Credential>(T credential, Secret text) {}

    public List<Agent> agents() {
        return directory.roster().agents().stream()
                .sorted(Comparator.comparing(Agent::name))
                .toList();
    }

    public Agent agent(String name) throws RefusedException {
        return directory.roster().agent(name).orElseThrow(() -> RefusedException.noAgent(name));
    }

    /** @param agent all agents if empty */
    public List<ApiKey> keys(Optional<String> agent) throws RefusedException {
        if (agent.isPresent()) {
            agent(agent.get());
        }
        return directory.roster().credentials().stream()
                .filter(credential -> agent.isEmpty() || agent.get().equals(credential.agent()))
                .filter(ApiKey.class::isInstance)
                .map(ApiKey.class::cast)
                .sorted(Comparator.comparing(ApiKey::created).thenComparing(ApiKey::id))
                .toList();
    }

    /** Who made it; empty for keys that were made before this was kept. The record has it. */
    Optional<String> maker(ApiKey key) {
        return makers.of(key.id()).map(Makers.Maker::person);
    }

    /** Asking again for the same is fine and changes nothing. */
    public Done<Agent> createAgent(String person, NewAgent wanted) throws RefusedException {
        return createAgent(person, Optional.empty(), wanted);
    }

    /** @param second who agreed, where one asked and another had to agree */
    synchronized Done<Agent> createAgent(String person, Optional<String> second, NewAgent wanted)
            throws RefusedException {
        Roster seen = directory.roster();
        Optional<Done<Agent>> known = known(wanted);
        if (known.isPresent()) {
            return known.get();
        }
        if (directory.roster().agents().size() >= MOST_AGENTS) {
            throw RefusedException.conflict("too_many_agents", "there are " + MOST_AGENTS + " agents already", "");
        }
        Instant now = now();
        Agent agent = new Agent(
                Principal.DEFAULT_TENANT,
                wanted.name(),
                wanted.roles(),
                wanted.owner(),
                wanted.attributes(),
                Agent.State.ACTIVE,
                now,
                now,
                Agent.STORE);
        Json.Obj difference = Json.object().put("after", Differences.of(agent)).build();
        widen(
                person,
                "agent_create",
                agent.name(),
                seconded(difference, second),
                () -> directory.grant(seen, List.of(agent), List.of()));
        return new Done<>(agent, true);
    }

    private static Json.Obj seconded(Json.Obj difference, Optional<String> second) {
        return second.map(name -> difference.with("seconded_by", Json.of(name))).orElse(difference);
    }

    /** What asking for it would change nothing about; empty if there is no such agent yet. */
    Optional<Done<Agent>> known(NewAgent wanted) throws RefusedException {
        wanted.check();
        Optional<Agent> known = directory.roster().agent(wanted.name());
        return known.isPresent() ? Optional.of(same(known.get(), wanted)) : Optional.empty();
    }

    private static Done<Agent> same(Agent known, NewAgent wanted) throws RefusedException {
        if (known.isStored()
                && known.state() == Agent.State.ACTIVE
                && known.sameAs(wanted.roles(), wanted.owner(), wanted.attributes())) {
            return new Done<>(known, false);
        }
        if (!known.isStored()) {
            throw inFile(known);
        }
        String fix = known.state() == Agent.State.RETIRED
                ? "a retired name is not used again; choose another one"
                : "`reeve agent show " + known.name() + "` says how it is now";
        throw RefusedException.conflict(
                "agent_exists", "the agent `" + known.name() + "` exists with other values", fix);
    }

    private static RefusedException inFile(Agent agent) {
        return RefusedException.conflict(
                "agent_in_file",
                "the agent `" + agent.name() + "` is written in " + agent.origin(),
                "change it there; its keys can be revoked here");
    }

    /** Gives an agent these roles too. */
    public Done<Agent> addRoles(String person, String name, Set<String> roles) throws RefusedException {
        return addRoles(person, Optional.empty(), name, roles);
    }

    /** @param second who agreed, where one asked and another had to agree */
    synchronized Done<Agent> addRoles(String person, Optional<String> second, String name, Set<String> roles)
            throws RefusedException {
        Agent agent = stored(name);
        Set<String> all = withMore(agent, roles);
        if (agent.roles().equals(all)) {
            return new Done<>(agent, false);
        }
        return change(person, second, "agent_roles", agent, agent.withRoles(all, now()));
    }

    /** Which of these an agent does not have yet. */
    Set<String> missingRoles(String name, Set<String> roles) throws RefusedException {
        Agent agent = stored(name);
        Set<String> missing = withMore(agent, roles);
        missing.removeAll(agent.roles());
        return missing;
    }

    private static Set<String> withMore(Agent agent, Set<String> roles) throws RefusedException {
        NewAgent.checkRoles(roles);
        Set<String> all = new TreeSet<>(agent.roles());
        all.addAll(roles);
        NewAgent.checkRoles(all);
        return all;
    }

    /** Lets a suspended agent act again. */
    public synchronized Done<Agent> resume(String person, String name) throws RefusedException {
        Agent agent = stored(name);
        if (agent.state() == Agent.State.ACTIVE) {
            return new Done<>(agent, false);
        }
        notRetired(agent);
        return change(person, Optional.empty(), "agent_resume", agent, agent.in(Agent.State.ACTIVE, now()));
    }

    private Done<Agent> change(String person, Optional<String> second, String act, Agent before, Agent after)
            throws RefusedException {
        Roster seen = directory.roster();
        if (!seen.agent(before.name()).equals(Optional.of(before))) {
            throw RefusedException.conflict(
                    "agent_changed", "`" + before.name() + "` was changed just now", "try again");
        }
        widen(
                person,
                act,
                after.name(),
                seconded(Differences.of(before, after), second),
                () -> directory.grant(seen, List.of(after), List.of()));
        return new Done<>(after, true);
    }

    /** Refuses an agent until it is resumed. */
    public Done<Agent> suspend(String person, String name) throws RefusedException {
        Agent agent = stored(name);
        if (agent.state() == Agent.State.SUSPENDED) {
            return new Done<>(agent, false);
        }
        notRetired(agent);
        Agent after = agent.in(Agent.State.SUSPENDED, now());
        narrow(person, "agent_suspend", name, Differences.of(agent, after), List.of(after), List.of());
        return new Done<>(after, true);
    }

    /** Ends an agent for ever: revokes all its credentials, and tries each one. */
    public Retirement retire(String person, String name) throws RefusedException {
        Agent agent = stored(name);
        Instant now = now();
        List<Credential> open = directory.roster().credentialsOf(name).stream()
                .filter(credential -> credential.revoked().isEmpty())
                .map(credential -> credential.revokedAt(now))
                .toList();
        Agent after = agent.state() == Agent.State.RETIRED ? agent : agent.in(Agent.State.RETIRED, now);
        if (agent.state() != Agent.State.RETIRED || !open.isEmpty()) {
            Json.Obj difference = Differences.of(agent, after)
                    .with(
                            "revoked",
                            Json.Arr.ofStrings(open.stream().map(Credential::id).toList()));
            narrow(person, "agent_retire", name, difference, List.of(after), open);
        }
        return tryAll(after);
    }

    private Retirement tryAll(Agent agent) {
        Set<String> revoked = new TreeSet<>();
        try {
            directory.storedCredentials().stream()
                    .filter(credential -> credential.revoked().isPresent())
                    .forEach(credential -> revoked.add(credential.id()));
        } catch (StoreException e) {
            // Then nothing counts as stored, and the report says that it is not complete.
        }
        List<Retirement.Tried> tried = new ArrayList<>();
        for (Credential credential : directory.roster().credentialsOf(agent.name())) {
            String answer = switch (authenticator.believed(credential.hash())) {
                case Identification.Known ignored -> "accepted";
                case Identification.Unknown unknown -> unknown.code();
            };
            tried.add(new Retirement.Tried(credential.id(), answer, revoked.contains(credential.id())));
        }
        tried.sort(Comparator.comparing(Retirement.Tried::id));
        return new Retirement(agent, tried, tried.stream().allMatch(Retirement.Tried::fails));
    }

    public synchronized Shown<ApiKey> createKey(String person, String agent, Duration life) throws RefusedException {
        checkLife(life);
        room(agent);
        Shown<ApiKey> shown = freshKey(agent, life);
        Json.Obj difference =
                Json.object().put("after", Differences.of(shown.credential())).build();
        widen(person, "key_create", shown.credential().id(), difference, () -> {
            made(person, shown);
            directory.grant(List.of(shown.credential()));
        });
        return shown;
    }

    /** A new key in the place of one that stays good for a while. */
    public synchronized Shown<ApiKey> rotateKey(String person, String id, Duration overlap, Duration life)
            throws RefusedException {
        checkLife(life);
        if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
            throw RefusedException.invalid("the overlap is from 0s to 30d", "");
        }
        Roster seen = directory.roster();
        ApiKey old = key(id);
        String state = old.state(now());
        if (!state.equals("active")) {
            throw RefusedException.conflict(
                    "key_" + state, "the key " + id + " is " + state, "make a new one with `reeve key create`");
        }
        if (old.replacedBy().isPresent()) {
            throw RefusedException.conflict(
                    "key_replaced",
                    "the key " + id + " was replaced by " + old.replacedBy().get(),
                    "rotate that one");
        }
        room(old.agent());
        Shown<ApiKey> shown = freshKey(old.agent(), life);
        ApiKey ending = old.replacedBy(shown.credential().id(), now().plus(overlap));
        Json.Obj difference = Json.object()
                .put("after", Differences.of(shown.credential()))
                .put("replaces", id)
                .put("old_expires", ending.expires().toString())
                .build();
        widen(person, "key_rotate", id, difference, () -> {
            made(person, shown);
            directory.grant(seen, List.of(), List.of(shown.credential(), ending));
        });
        return shown;
    }

    /** Before there is the key: no key is without it, and of a key that never came it says nothing to anybody. */
    private void made(String person, Shown<ApiKey> shown) throws StoreException {
        makers.save(shown.credential().id(), new Makers.Maker(person, Optional.empty()));
    }

    public Done<ApiKey> revokeKey(String person, String id) throws RefusedException {
        ApiKey key = key(id);
        if (key.revoked().isPresent()) {
            return new Done<>(key, false);
        }
        ApiKey after = key.revokedAt(now());
        Json.Obj difference =
                Json.object().put("revoked", Differences.of(after)).build();
        narrow(person, "key_revoke", id, difference, List.of(), List.of(after));
        return new Done<>(after, true);
    }

    /** A registration for connectors of this agent, good for one user of the operating system. */
    public synchronized Shown<Connector> registerConnector(String person, String agent, long osUser)
            throws RefusedException {
        room(agent);
        Secret text = KeyText.CONNECTOR.fresh(random);
        Connector connector = new Connector(
                id("c_"), Principal.DEFAULT_TENANT, agent, osUser, authenticator.hash(text), now(), Optional.empty());
        Json.Obj difference = Json.object()
                .put(
                        "after",
                        Json.object()
                                .put("id", connector.id())
                                .put("agent", agent)
                                .put("os_user", osUser))
                .build();
        widen(person, "connector_register", connector.id(), difference, () -> directory.grant(List.of(connector)));
        return new Shown<>(connector, text);
    }

    /** No connector of this agent is let in any more. How many registrations that ended. */
    public int withdrawConnectors(String person, String agent) throws RefusedException {
        agent(agent);
        Instant now = now();
        List<Credential> open = directory.roster().credentialsOf(agent).stream()
                .filter(credential ->
                        credential instanceof Connector && credential.revoked().isEmpty())
                .map(credential -> credential.revokedAt(now))
                .toList();
        if (!open.isEmpty()) {
            Json.Obj difference = Json.object()
                    .put(
                            "revoked",
                            Json.Arr.ofStrings(open.stream().map(Credential::id).toList()))
                    .build();
            narrow(person, "connector_withdraw", agent, difference, List.of(), open);
        }
        return open.size();
    }

    /** How many acts are in force but not yet recorded or durable. */
    public int unsettled() {
        return pending.size() + underway.get();
    }

    /** Something of several records, of which the mark of the record must not come between two. */
    interface Act<T> {
        T run() throws RefusedException;
    }

    <T> T underway(Act<T> act) throws RefusedException {
        underway.incrementAndGet();
        try {
            return act.run();
        } finally {
            underway.decrementAndGet();
        }
    }

    /** Tries again what could not be recorded or made durable. True if nothing is left. */
    public synchronized boolean settle() {
        try {
            pending.retry();
            return true;
        } catch (UnrecordableException | StoreException e) {
            return false;
        }
    }

    interface Grant {
        void run() throws StoreException;
    }

    /** For other acts that widen and belong to administration. */
    synchronized void widen(String person, String act, String subject, Json.Obj difference, Grant effect)
            throws RefusedException {
        try {
            pending.retry();
            records.record(person, act, subject, difference);
            effect.run();
        } catch (UnrecordableException e) {
            throw RefusedException.unavailable(
                    "unrecordable", "it cannot be recorded, so it is not done: " + e.getMessage());
        } catch (StoreException e) {
            throw RefusedException.unavailable("store_down", "it is not done: " + e.getMessage());
        }
    }

    private void narrow(
            String person,
            String act,
            String subject,
            Json.Obj difference,
            List<Agent> agents,
            List<? extends Credential> credentials) {
        narrow(
                person,
                act,
                subject,
                difference,
                () -> directory.withdraw(agents, credentials),
                () -> directory.save(agents, credentials));
    }

    /**
     * For other acts that narrow and belong to administration. Waits a little for the record and for the store, and not for ever: another
     * act may hang in either.
     */
    void narrow(String person, String act, String subject, Json.Obj difference, Runnable inForce, Grant durable) {
        CountDownLatch recorded = new CountDownLatch(1);
        CountDownLatch settled = new CountDownLatch(1);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        underway.incrementAndGet();
        Thread.ofVirtual().name("reeve-narrowing").start(() -> {
            recordOrKeep(person, act, subject, difference);
            recorded.countDown();
            saveOrKeep(durable);
            underway.decrementAndGet();
            settled.countDown();
        });
        await(recorded, deadline);
        inForce.run();
        await(settled, deadline);
    }

    private synchronized void recordOrKeep(String person, String act, String subject, Json.Obj difference) {
        if (!settle() || !recorded(person, act, subject, difference)) {
            keep(() -> records.record(person, act, subject, difference));
        }
    }

    private synchronized void saveOrKeep(Grant durable) {
        try {
            durable.run();
        } catch (StoreException e) {
            keep(durable::run);
        }
    }

    private void keep(Pending.Step step) {
        if (!pending.add(step)) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "an act is in force only until this process ends: too many wait to be recorded or made durable");
        }
    }

    private static void await(CountDownLatch latch, long deadline) {
        try {
            if (!latch.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "an act is in force before it is recorded or durable");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean recorded(String person, String act, String subject, Json.Obj difference) {
        try {
            records.record(person, act, subject, difference);
            return true;
        } catch (UnrecordableException e) {
            return false;
        }
    }

    private Shown<ApiKey> freshKey(String agent, Duration life) {
        Secret text = KeyText.AGENT.fresh(random);
        Instant now = now();
        ApiKey key = new ApiKey(
                id("k_"),
                Principal.DEFAULT_TENANT,
                agent,
                authenticator.hash(text),
                now,
                now.plus(life),
                Optional.empty(),
                Optional.empty());
        return new Shown<>(key, text);
    }

    private String id(String prefix) {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return prefix + java.util.HexFormat.of().formatHex(bytes);
    }

    private Agent stored(String name) throws RefusedException {
        Agent agent = agent(name);
        if (!agent.isStored()) {
            throw inFile(agent);
        }
        return agent;
    }

    private ApiKey key(String id) throws RefusedException {
        Roster roster = directory.roster();
        if (roster.credential(id).orElse(null) instanceof ApiKey key) {
            return key;
        }
        throw RefusedException.unknown("key_unknown", "there is no key `" + id + "`");
    }

    /** A key for an agent that may not act would only wait for it. */
    private void room(String name) throws RefusedException {
        Agent agent = agent(name);
        notRetired(agent);
        Instant now = now();
        long open = directory.roster().credentialsOf(name).stream()
                .filter(credential -> credential.revoked().isEmpty()
                        && !(credential instanceof ApiKey key && !now.isBefore(key.expires())))
                .count();
        if (open >= MOST_CREDENTIALS) {
            throw RefusedException.conflict(
                    "too_many_keys", "`" + name + "` has " + open + " keys and connectors already", "revoke some");
        }
    }

    private static void notRetired(Agent agent) throws RefusedException {
        if (agent.state() == Agent.State.RETIRED) {
            throw RefusedException.conflict(
                    "agent_retired", "the agent `" + agent.name() + "` is retired", "make another one");
        }
    }

    private static void checkLife(Duration life) throws RefusedException {
        if (life.compareTo(Duration.ofSeconds(1)) < 0 || life.compareTo(LONGEST_LIFE) > 0) {
            throw RefusedException.invalid("a key lives from 1s to 3650d", "");
        }
    }

    private Instant now() {
        return clock.latest();
    }
}
