package dev.reeve.approval;

import dev.reeve.action.Access;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.gate.Admissions.Admission;
import dev.reeve.gate.AskTerms;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Gate;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Judges;
import dev.reeve.gate.Obligation;
import dev.reeve.gate.Recording;
import dev.reeve.gate.Reservations.Reserved;
import dev.reeve.gate.ResultStage;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.Rulebook;
import dev.reeve.gate.Sessions;
import dev.reeve.gate.Stage;
import dev.reeve.gate.Stops;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.gate.Veil;
import dev.reeve.gate.Verdict;
import dev.reeve.gate.Voices;
import dev.reeve.grant.GrantDesk;
import dev.reeve.grant.MemoryGrants;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** The real gate with the real approvals on rows in memory; one rule that asks, whose terms a test sets. */
final class ApprovalHouse {
    final Rows rows = new Rows();
    final MemoryResults kept = new MemoryResults();
    final List<Journal.Completion> completions = new CopyOnWriteArrayList<>();
    /** What looks at results. */
    final List<ResultStage> results = new ArrayList<>();

    final List<String> happened = new CopyOnWriteArrayList<>();
    final List<Journal.Decision> decisions = new CopyOnWriteArrayList<>();
    final Map<String, Person> persons = new HashMap<>();
    final ApprovalRoom room;
    final GrantDesk grants;
    final Gate gate;
    Instant now = Instant.parse("2026-11-25T10:00:00Z");
    boolean doubtful;
    /** Whether outcomes may ride behind answers. */
    boolean lazy;

    /** Whether the agent is still somebody. */
    boolean known = true;

    boolean full;
    boolean refuses;
    /** The record takes nothing of the gate. */
    boolean broken;

    Set<String> read = Set.of();
    final Set<String> received = new HashSet<>();
    Optional<String> definition = Optional.of("sha256:1");
    String rule = "money";
    List<String> by = List.of();
    AskTerms terms = AskTerms.USUAL;
    boolean denies;
    /** Whether the rule asks people about the call itself. */
    boolean asks = true;

    String version = "v1";
    List<Obligation> obliges = List.of();
    /** The record takes no outcomes. */
    boolean losesOutcomes;

    String payee = "olga";
    String touched = "tool:bank.pay";
    String reason = "money needs a person";
    UnaryOperator<Json> mask = json -> json;
    /** What guardrails hide from people. */
    Veil veil = Veil.NONE;

    /** Holds are only counted, and will be found under this. */
    Optional<String> counted = Optional.empty();

    private final AtomicInteger ids = new AtomicInteger();

    ApprovalHouse() throws UnrecordableException {
        this(Limits.USUAL);
    }

    ApprovalHouse(Limits limits) throws UnrecordableException {
        for (String name : List.of("ana", "bo", "cy")) {
            persons.put(name, new Person(name, Set.of("admin", "approver"), Set.of()));
        }
        room = room(limits);
        grants = new GrantDesk(
                new MemoryGrants(), this::act, new Persons(), this::time, () -> "g_" + ids.incrementAndGet());
        gate = new Gate(
                Book::new,
                operation -> new Admission.Admitted(operation, definition),
                (principal, epoch) -> known,
                new Read(),
                (action, facts) -> {
                    happened.add("reserved");
                    return refuses
                            ? new Reserved.Refused(Denial.of("budget", Denial.ReasonClass.LIMIT, "spent"))
                            : new Reserved.Taken(effect -> happened.add("settled"));
                },
                new Written(),
                () -> "t" + ids.incrementAndGet(),
                this::time,
                Duration.ofMinutes(1),
                List.of(),
                new Voices(Stops.NONE, room, Judges.NONE, grants));
    }

    /** Another one over the same rows, as after a restart. */
    ApprovalRoom room(Limits limits) throws UnrecordableException {
        return new ApprovalRoom(rows, kept, this::act, new Persons(), this::time, limits, json -> mask.apply(json));
    }

    private GateClock.Reading time() {
        return new GateClock.Reading(now, doubtful);
    }

    private void act(String person, String act, String subject, Json.Obj difference) throws UnrecordableException {
        if (full) {
            throw new UnrecordableException("the disk is full");
        }
        happened.add(act + " " + subject + " by " + person);
    }

    ApprovalDesk desk() {
        return room.desk();
    }

    Verdict pays(long amount) {
        return decide(Optional.empty(), amount);
    }

    Verdict decide(Optional<String> user, long amount) {
        Principal principal =
                new Principal("default", "clerk", "k_1", user, List.of(), Set.of(), Optional.of("olga"), Map.of());
        Operation pay = new Operation.ToolCall(
                "bank",
                "pay",
                Json.object().put("amount", amount).put("to", payee).build());
        return gate.decide(new Attempt(principal, 0, pay, "s", "test", Optional.empty()));
    }

    String held(long amount) {
        return pays(amount) instanceof Verdict.Hold hold ? hold.ticket() : "not held";
    }

    /** {@code hold}, {@code allow}, or the code of the denial. */
    static String word(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allow ignored -> "allow";
            case Verdict.Deny deny -> deny.denial().code();
            case Verdict.Hold ignored -> "hold";
        };
    }

    /** With a token of all that this person is. */
    Answerer as(String person) {
        return new Answerer(
                person,
                Optional.ofNullable(persons.get(person)).map(Person::roles).orElse(Set.of()));
    }

    /** The code of the refusal, or the state. */
    String says(String person, String ticket, boolean yes) {
        try {
            return desk().decide(ticket, as(person), yes, "because").state().wire();
        } catch (NotDecidedException e) {
            return e.code();
        }
    }

    final class Persons implements People {
        @Override
        public Optional<Person> person(String name) {
            return Optional.ofNullable(persons.get(name));
        }

        @Override
        public boolean several() {
            return persons.size() > 1;
        }
    }

    private final class Book implements Rulebook {
        @Override
        public String version() {
            return version;
        }

        @Override
        public Reading read(Operation operation) {
            return new Reading.Touches(
                    List.of(new Access(List.of(touched), "execute", Set.of())), Set.of(), Optional.empty());
        }

        @Override
        public List<Stage> stages() {
            return List.of(new Asking());
        }

        @Override
        public Recording recording(dev.reeve.action.Action action, Facts facts) {
            return new Recording(Recording.Detail.USUAL, lazy);
        }

        @Override
        public Veil veil(dev.reeve.action.Action action, Facts facts) {
            return veil;
        }

        @Override
        public List<ResultStage> resultStages() {
            return results;
        }

        @Override
        public boolean visible(Principal principal, Operation operation) {
            return true;
        }
    }

    private final class Asking implements Stage {
        @Override
        public String name() {
            return "authorise";
        }

        @Override
        public List<Finding> check(dev.reeve.action.Action action, Facts facts) {
            Denial why = Denial.of("approval_required", Denial.ReasonClass.APPROVAL, reason)
                    .withRule(new RuleRef(rule, "policies/a.yaml", 3));
            Finding ask = new Finding.Ask("authorise", why, by, Optional.of(terms));
            return denies
                    ? List.of(new Finding.Stop(
                            "authorise", Denial.of("denied_by_rule", Denial.ReasonClass.POLICY, "no more")))
                    : asks ? List.of(ask) : allowed();
        }

        private List<Finding> allowed() {
            List<Finding> found = new ArrayList<>();
            found.add(new Finding.Pass("authorise", Optional.empty(), "allowed"));
            obliges.forEach(one -> found.add(new Finding.Oblige("authorise", Optional.empty(), "so", one)));
            return found;
        }
    }

    private final class Read implements Sessions {
        @Override
        public Set<String> read(Principal principal) {
            return read;
        }

        @Override
        public void received(Principal principal, Set<String> tags) {
            received.addAll(tags);
        }
    }

    private final class Written implements Journal {
        @Override
        public String decided(Decision decision) throws UnrecordableException {
            if (broken) {
                throw new UnrecordableException("the disk is broken");
            }
            decisions.add(decision);
            happened.add(decision.ruling() + " " + decision.action().id());
            return decision.ruling() == Journal.Ruling.HOLD
                    ? counted.orElse(decision.action().id())
                    : decision.action().id();
        }

        @Override
        public void completed(Completion completion) throws UnrecordableException {
            if (losesOutcomes) {
                throw new UnrecordableException("the disk is broken");
            }
            completions.add(completion);
        }
    }

    /** Rows with versions, as a table has them. */
    static final class Rows implements ApprovalRows {
        private final Map<String, Approval> all = new ConcurrentHashMap<>();
        /** It fails in a way that nobody foresaw. */
        volatile boolean broken;

        Approval stored(String ticket) {
            return Objects.requireNonNull(all.get(ticket));
        }

        @Override
        public List<Approval> approvals() {
            return new ArrayList<>(all.values());
        }

        @Override
        public synchronized Optional<Approval> put(Approval approval) {
            if (broken) {
                throw new IllegalStateException("the table is broken");
            }
            Approval before = all.get(approval.ticket());
            if ((before == null ? 0 : before.version()) != approval.version()) {
                return Optional.empty();
            }
            Approval stored = approval.at(approval.version() + 1);
            all.put(stored.ticket(), stored);
            return Optional.of(stored);
        }

        @Override
        public void remove(Approval approval) {
            all.remove(approval.ticket());
        }
    }
}
