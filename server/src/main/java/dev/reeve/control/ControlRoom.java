package dev.reeve.control;

import dev.reeve.agents.Activity;
import dev.reeve.agents.AgentDirectory;
import dev.reeve.agents.Credential;
import dev.reeve.agents.StoredAuthenticator;
import dev.reeve.approval.People;
import dev.reeve.definitions.PinnedDefinitions;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.metrics.Metrics;
import dev.reeve.record.Event.Stored;
import dev.reeve.store.LedgerMark;
import dev.reeve.store.Store;
import dev.reeve.store.StoreException;
import dev.reeve.store.StoreKey;
import dev.reeve.store.StoredApprovals;
import dev.reeve.store.StoredClock;
import dev.reeve.store.StoredGrants;
import dev.reeve.store.StoredPins;
import dev.reeve.store.StoredPolicyVersions;
import dev.reeve.store.StoredResults;
import dev.reeve.store.StoredSeconds;
import dev.reeve.store.StoredSessions;
import dev.reeve.store.StoredTokens;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The store and everything that stands on it: who there is, the clock, what was read, pins, and their administration. */
public final class ControlRoom implements AutoCloseable {
    private static final int MOST_INSTANCES = 100_000;
    private static final int MOST_TAGS = 256;
    private static final long TICK_SECONDS = 30;

    private final Store store;
    private final StoredClock clock;
    private final LedgerMark ledgerMark;
    private final AgentDirectory directory;
    private final Activity activity;
    private final StoredAuthenticator authenticator;
    private final StoredSessions sessions;
    private final Administration administration;
    private final Administrators administrators;
    private final KillSwitch killSwitch;
    private final Accounts accounts;
    private final PeopleGroups groups;
    private final Seconds seconds;
    private final Health health = new Health();
    private volatile Supplier<List<StopTargets.Offered>> offered = this::stored;
    private volatile Supplier<Set<String>> written = Set::of;
    private volatile UsedNames used = UsedNames.NONE;
    private final Metrics metrics;
    private final Consumer<String> incidents;
    private final SecureRandom random;
    private Optional<ScheduledExecutorService> ticking = Optional.empty();

    private ControlRoom(Store store, Settings settings) throws StoreException {
        this.store = store;
        this.metrics = settings.metrics();
        this.incidents = settings.incidents();
        this.random = settings.random();
        this.clock = StoredClock.open(store, settings.node(), settings.wall(), settings.incidents());
        this.ledgerMark = LedgerMark.open(store, settings.node());
        this.directory = AgentDirectory.open(store);
        this.activity = Activity.open(store);
        this.authenticator =
                new StoredAuthenticator(directory, store.key(StoredAuthenticator.purpose()), clock, activity);
        this.sessions = StoredSessions.open(store, MOST_INSTANCES, MOST_TAGS);
        Makers makers = Makers.open(store);
        this.administration =
                new Administration(directory, authenticator, makers, settings.records(), clock, settings.random());
        this.accounts = Accounts.open(store, administration, clock, settings.random());
        this.administrators = Administrators.open(store, administration, accounts, makers, clock, settings.random());
        this.killSwitch = KillSwitch.open(store, administration, directory, clock);
        this.groups = PeopleGroups.open(store, administration);
        this.seconds = Seconds.open(
                new StoredSeconds(store),
                administrators::areSeveral,
                administrators::isStillOne,
                administrators::mayBe,
                administration,
                clock,
                settings.random());
        tellOfUs();
    }

    /**
     * @param data the folder whose lock the caller holds
     * @param node this process's name among several (R32)
     * @param incidents one line for operators each
     */
    public record Settings(
            Path data,
            Path keys,
            String node,
            AdminRecords records,
            InstantSource wall,
            SecureRandom random,
            Metrics metrics,
            Consumer<String> incidents) {}

    /** @throws StoreException if the store is not as we left it, or cannot be opened */
    public static ControlRoom open(Settings settings) throws StoreException {
        Store store =
                Store.open(settings.data(), settings.keys(), settings.wall(), settings.random(), settings.incidents());
        try {
            ControlRoom room = new ControlRoom(store, settings);
            room.forgetTheGone();
            return room;
        } catch (StoreException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** What an instance has read matters only while it can act. */
    private void forgetTheGone() throws StoreException {
        sessions.keepOnly(directory.roster().credentials().stream()
                .filter(credential -> credential.revoked().isEmpty())
                .filter(credential -> !(credential instanceof Credential.ApiKey key
                        && key.state(clock.read().now()).equals("expired")))
                .map(Credential::id)
                .collect(Collectors.toSet()));
    }

    private void tellOfUs() {
        health.tell("agents", () -> Json.of(directory.roster().agents().size()));
        health.tell(
                "credentials", () -> Json.of(directory.roster().credentials().size()));
        health.tell("store_generation", () -> Json.of(store.generation()));
        health.tell("clock_doubtful", () -> Json.of(clock.read().doubtful()));
        health.tell("unsettled_acts", () -> Json.of(administration.unsettled()));
        health.tell(
                "stopped",
                () -> new Json.Arr(
                        killSwitch.all().stream().<Json>map(KillRoutes::view).toList()));
        // R27: nobody else can approve what one person does alone.
        health.tell("single_operator", () -> Json.of(!administrators.areSeveral()));
        health.tell("second_person", () -> new Json.Str(administrators.secondPerson()));
        health.tell("waiting_for_second_person", () -> Json.of(seconds.all().size()));
        metrics.gauge(
                "reeve_agents",
                "Agents that are known.",
                () -> directory.roster().agents().size());
        metrics.gauge("reeve_store_generation", "Durable changes of the store.", store::generation);
        metrics.gauge("reeve_unsettled_acts", "Acts in force but not yet recorded.", administration::unsettled);
        metrics.gauge(
                "reeve_clock_doubtful",
                "1 while the clock is behind what was seen.",
                () -> clock.read().doubtful() ? 1 : 0);
    }

    /** What these control records withdrew and the store does not know. */
    public Withdrawals withdrawals(Collection<Stored> acts) {
        return Withdrawals.of(this, acts);
    }

    /** Up to which record the store knows what was withdrawn. */
    public LedgerMark ledgerMark() {
        return ledgerMark;
    }

    /**
     * Moves the mark, unless an act is underway.
     *
     * @param recorded how many records there were, read before this call
     * @throws StoreException if the mark cannot be written: it is tried again, and who calls says it
     */
    public void ledgerSeen(long recorded) throws StoreException {
        if (administration.unsettled() == 0) {
            ledgerMark.advance(recorded);
        }
    }

    /** The routes of this room and those of others. */
    public ControlRoutes routes(List<Route> more) {
        return routes(more, code -> {});
    }

    /** @param refused takes the code of each request of somebody who may not come here */
    public ControlRoutes routes(List<Route> more, Consumer<String> refused) {
        List<Route> all = new ArrayList<>();
        all.addAll(OperatorRoutes.of(administrators, seconds, health, metrics, clock));
        all.addAll(InvitationRoutes.of(accounts, administrators, seconds, clock));
        all.addAll(PeopleRoutes.of(groups, seconds));
        all.addAll(SecondsRoutes.of(seconds, administrators));
        all.addAll(AgentRoutes.of(administration, seconds, activity, clock));
        all.addAll(KeyRoutes.of(administration, activity, clock));
        all.addAll(KillRoutes.of(killSwitch, stopTargets()));
        all.addAll(PolicyRoutes.list(new StoredPolicyVersions(store)));
        all.addAll(more);
        return new ControlRoutes(all, metrics, refused);
    }

    private StopTargets stopTargets() {
        return new StopTargets(directory, () -> offered.get(), () -> written.get(), patterns -> used.of(patterns));
    }

    /** What servers were seen to offer, as it is in the store. */
    private List<StopTargets.Offered> stored() {
        return pins(Principal.DEFAULT_TENANT).all().stream()
                .map(pin -> new StopTargets.Offered(pin.kind(), pin.upstream(), pin.name()))
                .toList();
    }

    /** From now on what servers offer is asked here: whoever stops something does not wait for the store (R14). */
    public void knows(PinnedDefinitions definitions) {
        offered = () -> definitions.upstreams().stream()
                .flatMap(upstream -> definitions.all(upstream).stream())
                .map(one -> new StopTargets.Offered(one.kind(), one.upstream(), one.name()))
                .toList();
    }

    /** @param names what the policy in force calls by its whole name; a system with a dot behind it */
    public void knowsWritten(Supplier<Set<String>> names) {
        written = names;
    }

    public void knowsUsed(UsedNames names) {
        used = names;
    }

    /** Writes now and then what is written lazily, until it is closed. */
    public synchronized void startTicking() {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("reeve-control-tick").factory());
        executor.scheduleWithFixedDelay(this::tickAlways, TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
        ticking = Optional.of(executor);
    }

    /** What one tick throws, a want of memory included, must not be the last of it. */
    private void tickAlways() {
        try {
            tick();
        } catch (RuntimeException | Error e) {
            incidents.accept("store_down: what is written now and then could not be: "
                    + e.getClass().getSimpleName());
        }
    }

    /** Writes what is written lazily, and tries again what could not be recorded. */
    public void tick() {
        try {
            administration.settle();
            activity.flush();
        } catch (StoreException e) {
            incidents.accept("store_down: last activity cannot be written: " + e.getMessage());
        }
    }

    public Store store() {
        return store;
    }

    public StoredClock clock() {
        return clock;
    }

    public AgentDirectory directory() {
        return directory;
    }

    public StoredAuthenticator authenticator() {
        return authenticator;
    }

    public StoredSessions sessions() {
        return sessions;
    }

    public StoredPins pins(String tenant) {
        return new StoredPins(store, tenant);
    }

    public Administration administration() {
        return administration;
    }

    public KillSwitch killSwitch() {
        return killSwitch;
    }

    public Administrators administrators() {
        return administrators;
    }

    public Accounts accounts() {
        return accounts;
    }

    Seconds seconds() {
        return seconds;
    }

    PeopleGroups groups() {
        return groups;
    }

    /** Who may answer questions of agents. */
    public People people() {
        return administrators.answering(groups);
    }

    public StoredApprovals approvals() {
        return new StoredApprovals(store);
    }

    public StoredGrants grants() {
        return new StoredGrants(store);
    }

    /** A digest under a key of this installation, hexadecimal: nobody without it can try values against it. */
    public UnaryOperator<String> keyed(String purpose) {
        StoreKey key = store.key(purpose);
        return digest -> HexFormat.of().formatHex(key.of(digest.getBytes(StandardCharsets.UTF_8)));
    }

    public StoredResults results() {
        return new StoredResults(store, random);
    }

    public StoredTokens tokens() {
        return new StoredTokens(store, random);
    }

    public Health health() {
        return health;
    }

    @Override
    public synchronized void close() {
        ticking.ifPresent(ScheduledExecutorService::shutdownNow);
        tick();
        try {
            clock.flush();
        } catch (StoreException e) {
            incidents.accept("store_down: the clock's mark cannot be written: " + e.getMessage());
        }
        store.close();
    }
}
