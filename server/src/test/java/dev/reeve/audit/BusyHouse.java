package dev.reeve.audit;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Journal.Decision;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.Recording;
import dev.reeve.gate.RuleRef;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Writes into an {@link AuditHouse} what a busy company would: many agents, users, tools and rules, some of it unfinished. */
public final class BusyHouse {
    static final List<String> PATHS =
            List.of("/etc/passwd", "/srv/reports/2026-q3.pdf", "/srv/Berichte/Größe.txt", "mail:ana@example.com");
    static final List<String> WORDS =
            List.of("invoice", "Invoices", "refund", "customer", "größe", "select", "tablets", "table");

    private final AuditHouse house;
    private final Random random;
    private final List<Action> running = new ArrayList<>();
    private int number;

    public BusyHouse(AuditHouse house, long seed) {
        this(house, seed, 0);
    }

    /** @param first number of the ids: no two events have the same */
    public BusyHouse(AuditHouse house, long seed, int first) {
        this.number = first;
        this.house = house;
        this.random = new Random(seed);
    }

    public void write(int events) throws Exception {
        for (int i = 0; i < events; i++) {
            house.now = house.now.plus(Duration.ofMillis(random.nextInt(3_000)));
            switch (random.nextInt(10)) {
                case 0 ->
                    house.journal.control(
                            "c_" + number++,
                            "local:" + one(List.of("ana", "bo")),
                            "key_create",
                            "k_" + random.nextInt(9),
                            Json.object().put("note", one(WORDS)).build());
                case 1 -> decide(Ruling.DENY);
                case 2 -> decide(Ruling.HOLD);
                case 3, 4 -> running.add(decide(Ruling.ALLOW));
                case 5 -> {
                    if (!running.isEmpty()) {
                        house.journal.completed(AuditHouse.completion(running.remove(random.nextInt(running.size()))));
                    }
                }
                default -> house.journal.completed(AuditHouse.completion(decide(Ruling.ALLOW)));
            }
        }
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private Action decide(Ruling ruling) throws Exception {
        Instant time = house.now;
        Principal principal = new Principal(
                Principal.DEFAULT_TENANT,
                "agent" + random.nextInt(4),
                "k_1",
                random.nextBoolean() ? Optional.of("user" + random.nextInt(3)) : Optional.empty(),
                List.of(),
                Set.of(),
                Optional.empty(),
                Map.of());
        Json.Obj arguments = Json.object()
                .put("path", one(PATHS))
                .put("words", one(WORDS) + " " + one(WORDS) + ", " + one(WORDS))
                .put("amount", random.nextInt(100))
                .build();
        Operation operation = new Operation.ToolCall(
                one(List.of("pg", "mail")), one(List.of("query", "send", "read_file")), arguments);
        Attempt attempt = new Attempt(principal, 0, operation, "s_" + random.nextInt(5), "test", Optional.empty());
        Action action = Action.of("rv_x" + number++ + "k", time, attempt, operation, Optional.empty());
        house.journal.decided(decision(attempt, action, ruling));
        return action;
    }

    private Decision decision(Attempt attempt, Action action, Ruling ruling) {
        Facts facts = new Facts(
                List.of(new Access(List.of("files", "file:" + one(PATHS)), "read", Set.of())),
                Set.of(),
                Set.of(),
                house.now,
                false);
        RuleRef rule = new RuleRef("rule" + random.nextInt(3), "policies/roles.yaml", 3 + random.nextInt(2));
        List<Finding> findings =
                List.of(new Finding.Pass("authorise", Optional.of(rule), "the role may " + one(WORDS)));
        Optional<Denial> denial = ruling == Ruling.ALLOW
                ? Optional.empty()
                : Optional.of(Denial.of("no_rule", Denial.ReasonClass.POLICY, "no rule allows `" + one(WORDS) + "`"));
        return new Decision(attempt, action, "v1", Optional.of(facts), findings, ruling, denial, Recording.USUAL);
    }
}
