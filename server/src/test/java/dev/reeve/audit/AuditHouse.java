package dev.reeve.audit;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Journal.Completion;
import dev.reeve.gate.Journal.Decision;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.Recording;
import dev.reeve.gate.Release;
import dev.reeve.identity.Principal;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.LedgerUnavailableException;
import dev.reeve.ledger.SigningKeys;
import dev.reeve.secrets.KnownSecrets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A real ledger in a folder of the test, and decisions to write into it. */
public final class AuditHouse implements AutoCloseable {
    static final LedgerSettings SMALL = new LedgerSettings(
            "n1", 1 << 20, 64 << 10, 1 << 20, 64 << 10, Duration.ofSeconds(5), Duration.ofMillis(50));

    public final Path folder;
    final OpenIntents open;
    final SigningKeys key;
    public final Ledger ledger;
    public final LedgerJournal journal;
    Instant now = Instant.parse("2026-11-24T10:00:00Z");

    public AuditHouse(Path home) throws IOException, LedgerUnavailableException {
        this(home, SMALL);
    }

    public AuditHouse(Path home, LedgerSettings settings) throws IOException, LedgerUnavailableException {
        this.folder = home.resolve("ledger");
        this.key = SigningKeys.loadOrCreate(home.resolve("keys").resolve("ledger.key"));
        this.ledger = Ledger.open(folder, settings, key, () -> now);
        this.open = new OpenIntents(home.resolve("open-intents"));
        Random random = new Random(4);
        KnownSecrets none = KnownSecrets.of(List.of());
        this.journal = new LedgerJournal(
                ledger, "n1", () -> none, random::nextBytes, AuditHouse::keyed, () -> now, open, incident -> {});
    }

    /** Stands for the key of an installation. */
    static String keyed(String digest) {
        return CanonicalDigest.of(new Json.Str("a key " + digest));
    }

    public static Action action(String id, String agent, Json.Obj arguments) {
        Principal principal = new Principal(
                Principal.DEFAULT_TENANT,
                agent,
                "k_" + agent,
                Optional.empty(),
                List.of(),
                Set.of(),
                Optional.empty(),
                Map.of());
        Operation operation = new Operation.ToolCall("pg", "query_database", arguments);
        Attempt attempt = new Attempt(principal, 0, operation, "s_1", "test", Optional.empty());
        return Action.of(id, Instant.parse("2026-11-24T10:00:00Z"), attempt, operation, Optional.empty());
    }

    public static Decision decision(Action action, Ruling ruling) {
        return decision(action, ruling, List.of(), Optional.empty());
    }

    static Decision decision(
            Action action, Ruling ruling, List<Finding> findings, Optional<Journal.Approval> approval) {
        Attempt attempt = new Attempt(
                action.principal(), 0, action.operation(), action.session(), action.channel(), Optional.empty());
        Optional<Denial> denial = ruling == Ruling.ALLOW
                ? Optional.empty()
                : Optional.of(Denial.of("no_rule", Denial.ReasonClass.POLICY, "no rule allows it"));
        return new Decision(
                attempt,
                action,
                "v1",
                Optional.empty(),
                findings,
                ruling,
                denial,
                Recording.USUAL,
                approval,
                List.of());
    }

    public static Completion completion(Action action) {
        return completion(action, Recording.USUAL);
    }

    static Completion completion(Action action, Recording recording) {
        Json.Obj result = Json.object().put("content", Json.Arr.EMPTY).build();
        return new Completion(
                action,
                new Effect.Answered(result, false),
                List.of(),
                new Release.Result(result),
                Duration.ofMillis(3),
                recording);
    }

    public Action decide(String id, String agent, Ruling ruling) throws Exception {
        Action action = action(id, agent, Json.object().put("sql", "SELECT 1").build());
        journal.decided(decision(action, ruling));
        return action;
    }

    /** An intent and its outcome. */
    public void done(String id, String agent) throws Exception {
        journal.completed(completion(decide(id, agent, Ruling.ALLOW)));
    }

    /** What an operator did. */
    public void control(String person, String act, String subject) throws Exception {
        long ignored = journal.control("rc_" + act, person, act, subject, Json.Obj.EMPTY);
    }

    /** The clock goes on. */
    public void later(Duration time) {
        now = now.plus(time);
    }

    AuditReader reader() {
        return new AuditReader(folder);
    }

    @Override
    public void close() throws LedgerUnavailableException {
        ledger.close();
    }
}
