package dev.reeve.cli;

import dev.reeve.adapter.mcp.Surroundings;
import dev.reeve.agents.Credential;
import dev.reeve.approval.ApprovalRoom;
import dev.reeve.approval.Limits;
import dev.reeve.audit.ControlActs;
import dev.reeve.audit.LedgerJournal;
import dev.reeve.audit.OpenIntents;
import dev.reeve.audit.Recovery;
import dev.reeve.config.ReeveConfig;
import dev.reeve.control.ControlRoom;
import dev.reeve.control.SystemUsers;
import dev.reeve.control.Withdrawals;
import dev.reeve.definitions.PinnedDefinitions;
import dev.reeve.gate.Judges;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.gate.Voices;
import dev.reeve.grant.Grant;
import dev.reeve.grant.GrantDesk;
import dev.reeve.identity.Principal;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.ledger.LogProof;
import dev.reeve.ledger.LogProofs;
import dev.reeve.ledger.SigningKeys;
import dev.reeve.ledger.VerifierKeys;
import dev.reeve.metrics.Metrics;
import dev.reeve.record.Event.Stored;
import dev.reeve.secrets.KnownSecrets;
import dev.reeve.store.DataLock;
import dev.reeve.store.StoreException;
import dev.reeve.store.StoredClock;
import dev.reeve.tls.BadTlsException;
import dev.reeve.token.TokenBook;
import dev.reeve.token.TokenDesk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What stands on the data folder: lock, ledger, and the control room with store, clock, identities and pins. {@code serve} builds the
 * gateway on it.
 */
final class Foundation implements AutoCloseable {
    /** There is only one node yet; records and rows name it all the same (R32). */
    static final String NODE = "n1";

    private final Deque<Closing> closing = new ArrayDeque<>();
    private final ReeveConfig config;
    private final SecureRandom random = new SecureRandom();
    private final Ids ids = new Ids(random);
    /** Whose the data folder is. */
    private final long user;

    private final ControlRoom room;
    private final Ledger ledger;
    private final SigningKeys keys;
    private final OpenIntents openIntents;
    private final LedgerJournal journal;
    private final ApprovalRoom approvals;
    private final GrantDesk grants;
    private final TokenBook tokens;
    private final int unfinished;
    private final PinnedDefinitions definitions;

    private interface Closing {
        void run() throws Exception;
    }

    /** @throws CommandException with what to do, if the folder cannot be owned or read */
    static Foundation open(ReeveConfig config, Metrics metrics, Consumer<String> incidents) throws CommandException {
        try {
            return new Foundation(config, metrics, incidents);
        } catch (LedgerUnavailableException | UnrecordableException | IOException e) {
            throw new CommandException(ExitCodes.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private Foundation(ReeveConfig config, Metrics metrics, Consumer<String> incidents)
            throws LedgerUnavailableException, UnrecordableException, IOException, CommandException {
        this.config = config;
        try {
            DataLock lock = Control.lock(config.data())
                    .orElseThrow(() -> new CommandException(
                            ExitCodes.FAILED,
                            "another reeve process owns " + config.data() + "; stop it first: "
                                    + HomeOptions.stopping(config)
                                    + DataLock.holder(config.data())
                                            .map(pid -> ", or kill " + pid)
                                            .orElse("")));
            closing.push(lock::close);
            user = (int) Files.getAttribute(config.data(), "unix:uid");
            room = ControlRoom.open(new ControlRoom.Settings(
                    config.data(),
                    config.keys(),
                    NODE,
                    this::recordAct,
                    InstantSource.system(),
                    random,
                    metrics,
                    incidents));
            closing.push(room::close);
            room.administrators().atTheMachine(systemUsers(config));
            keys = LedgerKeys.of(config);
            ledger = Ledger.open(config.data().resolve("ledger"), LedgerSettings.of(NODE), keys, clock().source());
            closing.push(ledger::close);
            LedgerOffline.publish(config, keys.verifiers());
            clock().notBefore(ledger.highWaterMark());
            openIntents = new OpenIntents(config.data().resolve("open-intents"));
            KnownSecrets secrets = KnownSecrets.of(config.secrets());
            journal = new LedgerJournal(
                    ledger,
                    NODE,
                    () -> secrets,
                    random::nextBytes,
                    room.keyed("result-digests"),
                    clock().source(),
                    openIntents,
                    incidents);
            approvals = new ApprovalRoom(
                    room.approvals(),
                    room.results(),
                    this::recordAct,
                    room.people(),
                    clock(),
                    Limits.USUAL,
                    secrets::mask);
            grants = new GrantDesk(room.grants(), this::recordAct, room.people(), clock(), () -> ids.next("g_"));
            tokens = new TokenBook(
                    room.tokens(),
                    clock(),
                    () -> ids.next("t_"),
                    text -> !secrets.mask(text).equals(text),
                    room.keyed("token-digests"));
            withdrawAgain(incidents);
            unfinished = Recovery.run(ledger, journal, openIntents);
            openIntents.save(ledger.size());
            definitions = new PinnedDefinitions(
                    room.pins(Principal.DEFAULT_TENANT),
                    new PinActs(this::recordAct, this::agentsRunHere, metrics, incidents),
                    clock().source(),
                    PinActs.vetting(config));
            room.knows(definitions);
        } catch (LedgerUnavailableException | UnrecordableException | IOException | CommandException e) {
            close();
            throw e;
        }
    }

    private static SystemUsers systemUsers(ReeveConfig config) {
        return new SystemUsers(config.systemUsers().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, one -> Set.copyOf(one.getValue()))));
    }

    /** What the record has and the store has not, after a crash or a restore, is withdrawn before anybody is served (R29). */
    private void withdrawAgain(Consumer<String> incidents)
            throws LedgerUnavailableException, UnrecordableException, IOException, CommandException {
        long recorded = ledger.size();
        long seen = room.ledgerMark().index();
        if (recorded < seen) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "the ledger is older than what the store saw of it (it has " + recorded + " records, " + seen
                            + " were seen): put back the newest copy, or move the whole data folder away to begin anew");
        }
        endApprovalsAgain(seen, incidents);
        endGrantsAgain(seen, incidents);
        Withdrawals withdrawals = room.withdrawals(ControlActs.since(ledger, seen, Withdrawals::concerns));
        List<String> cutOff = withdrawals.told();
        cutOff.forEach(line -> incidents.accept("second_person: " + line));
        room.health().tell("second_person_cut_off", () -> Json.Arr.ofStrings(cutOff));
        if (withdrawals.isBehind()) {
            incidents.accept(
                    "store_behind: the record says that these were withdrawn, the store did not know it; they are"
                            + " withdrawn again: " + JsonWriter.text(withdrawals.difference()));
        }
        if (!withdrawals.isEmpty()) {
            recordAct("reeve", "withdrawn_again", "store", withdrawals.difference());
            withdrawals.apply(clock().read().now());
        }
        try {
            room.ledgerSeen(recorded);
        } catch (StoreException e) {
            incidents.accept("store_down: the mark of the ledger cannot be written: " + e.getMessage());
        }
    }

    /** An approval that the record says was used or ended does not come back with an older store (R29). */
    private void endApprovalsAgain(long seen, Consumer<String> incidents)
            throws LedgerUnavailableException, UnrecordableException {
        for (Stored act : ControlActs.since(
                ledger, seen, one -> ApprovalRoom.ending(act(one)).isPresent())) {
            String ticket = act.leaf().string("subject").orElse("");
            if (approvals.endAgain(act(act), ticket)) {
                incidents.accept("store_behind: the record says that the approval " + ticket
                        + " was used or ended, the store did not know it; it is ended again");
            }
        }
    }

    /** The same of what was given for a time. */
    private void endGrantsAgain(long seen, Consumer<String> incidents)
            throws LedgerUnavailableException, UnrecordableException {
        for (Stored act : ControlActs.since(
                ledger, seen, one -> GrantDesk.ending(act(one)).isPresent())) {
            String id = act.leaf().string("subject").orElse("");
            if (grants.endAgain(act(act), id)) {
                incidents.accept("store_behind: the record says that the grant " + id
                        + " was ended, the store did not know it; it is ended again");
            }
        }
    }

    private static String act(Stored record) {
        return record.leaf().string("act").orElse("");
    }

    void recordAct(String person, String act, String subject, Json.Obj difference) throws UnrecordableException {
        journal.control(ids.next("c_"), person, act, subject, difference);
    }

    /** That somebody read the record. */
    void recordReading(String person, String act, String subject, Json.Obj difference) throws UnrecordableException {
        journal.reading(ids.next("c_"), person, act, subject, difference);
    }

    /** Other keys sign from now on (R30). Another installation may have come to the folder of keys since the start. */
    synchronized VerifierKeys changeKeys(String person) throws UnrecordableException, IOException {
        LedgerKeys.lookAgain(keys, config);
        VerifierKeys after = journal.changeKeys(ids.next("c_"), person);
        try {
            LedgerOffline.publish(config, after);
        } catch (IOException e) {
            throw new IOException(
                    "the keys are changed; `" + LedgerKeyOption.FILE + "` is still the old one: " + e.getMessage(), e);
        }
        return after;
    }

    /** That a record stands under the last checkpoint. */
    LogProof proof(long index) throws IOException {
        return LogProofs.of(config.data().resolve("ledger"), index, keys.verifiers());
    }

    /** A package that is pinned or approved (R27). */
    void recordPackage(String person, String act, String upstream, Json.Obj difference) throws UnrecordableException {
        boolean unseparated = person.startsWith("local:") && agentsRunHere();
        recordAct(person, act, upstream, unseparated ? difference.with("unseparated", Json.Bool.TRUE) : difference);
    }

    /** Whether an agent is known that runs as the user that this process runs as: it could have typed what that user typed (R27). */
    boolean agentsRunHere() {
        return room.directory().roster().credentials().stream()
                .anyMatch(one -> one instanceof Credential.Connector connector
                        && connector.revoked().isEmpty()
                        && connector.osUser() == user);
    }

    /** Who started it, and from which configuration: an edit of that file acts from here on (R27). */
    void recordStart() throws IOException, UnrecordableException {
        Path file = config.file();
        Json.Obj difference = Json.object()
                .put("file", file.toString())
                .put("sha256", Files.exists(file) ? CanonicalDigest.of(Files.readAllBytes(file)) : "")
                .put(
                        "upstreams",
                        Json.Arr.ofStrings(config.upstreams().stream()
                                .map(one -> one.name())
                                .toList()))
                .build();
        recordAct("local:" + System.getProperty("user.name", "?"), "serve_start", Serve.VERSION, difference);
    }

    /** What is told of certificates. */
    CertificateWatch.Told certificates() {
        return new CertificateWatch.Told() {
            @Override
            public void record(String what, Json.Obj difference) throws BadTlsException {
                try {
                    recordAct("reeve", "tls_renewed", what, difference);
                } catch (UnrecordableException e) {
                    throw BadTlsException.unrecorded();
                }
            }

            @Override
            public void incident(String line) {
                Log.error("incident", line);
            }

            @Override
            public void info(String line) {
                Log.info("tls", line);
            }
        };
    }

    /**
     * The policy that comes into force, by its content (R27).
     *
     * @return the number of the record
     */
    long recordPolicy(String person, String version, Json.Obj difference) throws UnrecordableException {
        return journal.control(ids.next("c_"), person, PolicyVersions.ACT, version, difference);
    }

    /**
     * Writes what may be written late.
     *
     * @return why it could not be written, if it could not
     */
    Optional<String> flush() {
        try {
            long recorded = ledger.size();
            if (!approvals.isBusy() && !grants.isBusy()) {
                room.ledgerSeen(recorded);
            }
            openIntents.save(ledger.size());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("marks could not be written: " + e.getMessage());
        }
    }

    void summary(String id, Instant from, Json.Obj counts) throws UnrecordableException {
        journal.summary(id, from, counts);
    }

    ReeveConfig config() {
        return config;
    }

    Ids ids() {
        return ids;
    }

    Ledger ledger() {
        return ledger;
    }

    StoredClock clock() {
        return room.clock();
    }

    LedgerJournal journal() {
        return journal;
    }

    /** Intents that the last run left without an outcome; they are recorded as unknown by now. */
    int unfinished() {
        return unfinished;
    }

    OpenIntents openIntents() {
        return openIntents;
    }

    /** Where agents' calls wait for people. */
    Surroundings.People people() {
        return new Surroundings.People(
                approvals,
                ticket -> grants.list(Optional.of(Grant.State.GIVEN), Optional.empty()).stream()
                        .anyMatch(one -> one.ticket().equals(Optional.of(ticket))),
                clock().source());
    }

    ApprovalRoom approvals() {
        return approvals;
    }

    GrantDesk grants() {
        return grants;
    }

    /** Who has a say beside the policy. */
    Voices voices(Judges judges) {
        return new Voices(room.killSwitch(), approvals, judges, grants, tokens);
    }

    TokenDesk tokenDesk() {
        return new TokenDesk(tokens, this::recordAct, room.people(), clock());
    }

    ControlRoom room() {
        return room;
    }

    PinnedDefinitions definitions() {
        return definitions;
    }

    KnownSecrets secrets() {
        return KnownSecrets.of(config.secrets());
    }

    @Override
    public void close() {
        while (!closing.isEmpty()) {
            try {
                closing.pop().run();
            } catch (Exception e) {
                Log.warn("close", "not closed in order: " + e.getMessage());
            }
        }
    }
}
