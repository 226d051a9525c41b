package dev.reeve.workbench;

import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Denial.ReasonClass;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.Obligation;
import dev.reeve.gate.Opinion;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.TimedGrant;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.ServerFiles;
import dev.reeve.record.Event.Stored;
import dev.reeve.record.RecordTime;
import dev.reeve.record.Records;
import dev.reeve.workbench.RecordedAction.Touched;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns one record back into the action that it is about. What was erased, not kept or masked stays unknown. */
final class Rebuilding {
    /** As the gate names what is found before and after the policy is asked. */
    private static final Set<String> BEFORE = Set.of("identity", "tokens", "definition", "result");

    private static final String AFTER = "reserve";
    /** As a rule in shadow is said to have decided. */
    private static final Map<String, Ruling> WOULD =
            Arrays.stream(Ruling.values()).collect(Collectors.toUnmodifiableMap(Records::would, ruling -> ruling));

    private final Stored stored;
    private final Json.Obj leaf;

    private Rebuilding(Stored stored) {
        this.stored = stored;
        this.leaf = stored.leaf();
    }

    /** @throws UnknownException if too little of it is left, or it is none that is understood here */
    static RecordedAction of(Stored stored) throws UnknownException {
        try {
            return new Rebuilding(stored).run();
        } catch (IllegalArgumentException | ClassCastException | DateTimeException e) {
            throw new UnknownException("the record is none of this version");
        }
    }

    private RecordedAction run() throws UnknownException {
        Optional<Json.Obj> facts = leaf.object("facts");
        Optional<Set<Touched>> touched = facts.flatMap(this::touched).filter(this::areNames);
        Operation bare = new RecordedOperation(stored, touched).read();
        RecordedArguments arguments = RecordedArguments.of(stored, bare, this::action);
        List<Finding> before = new ArrayList<>();
        Optional<Finding.Stop> after = Optional.empty();
        Set<String> treatment = new HashSet<>();
        for (Json item : items(leaf, "findings")) {
            Json.Obj found = (Json.Obj) item;
            String stage = found.string("stage").orElse("");
            if (BEFORE.contains(stage)) {
                before(found, stage).ifPresent(before::add);
            } else if (stage.equals(AFTER)) {
                after = Optional.of(new Finding.Stop(AFTER, denial(found)));
            } else {
                treated(found).ifPresent(treatment::add);
            }
        }
        Operation operation = arguments.operation();
        Optional<Handling> handling = treatment.isEmpty() ? Optional.of(Handling.NONE) : handling();
        boolean known = facts.isPresent();
        return new RecordedAction(
                stored.index(),
                action(operation),
                leaf.string("policy").orElse(""),
                leaf.has("roles"),
                texts(leaf.array("assigned")),
                before,
                after,
                texts(facts.flatMap(it -> it.array("session_read"))),
                facts.flatMap(it -> it.get("clock_doubtful")).equals(Optional.of(Json.Bool.TRUE)),
                leaf.has("taken_out"),
                touched.map(all -> atServer(all, operation)),
                new Hidden(arguments.all(), arguments.masked(), false, !known, !known),
                facts.map(Rebuilding::opinions).orElse(List.of()),
                grants(facts),
                approved(),
                judgement(treatment, handling));
    }

    /** A placeholder within one is no name of anything. */
    private boolean areNames(Set<Touched> touched) {
        List<Json> taken = items(leaf, "taken_out");
        return taken.isEmpty() || areNames(taken, touched);
    }

    private static boolean areNames(List<Json> taken, Set<Touched> touched) {
        return taken.stream()
                .map(kind -> "[" + ((Json.Str) kind).value() + "]")
                .noneMatch(placeholder -> touched.stream()
                        .flatMap(one -> one.names().stream())
                        .anyMatch(name -> name.contains(placeholder)));
    }

    /** Without what they said in words. */
    private static List<Opinion> opinions(Json.Obj facts) {
        List<Opinion> opinions = new ArrayList<>();
        for (Json item : items(facts, "opinions")) {
            Json.Obj said = (Json.Obj) item;
            String judge = said.string("judge").orElse("");
            String level = said.string("level").orElse("");
            opinions.add(
                    level.equals("down")
                            ? new Opinion.Down(
                                    judge, "as recorded", said.get("unasked").equals(Optional.of(Json.Bool.TRUE)))
                            : new Opinion.Given(
                                    judge,
                                    said.string("version").orElse(""),
                                    Opinion.Level.valueOf(level.toUpperCase(Locale.ROOT)),
                                    "",
                                    "",
                                    "as recorded",
                                    List.of(),
                                    false));
        }
        return opinions;
    }

    /** Empty if something was given, and what is erased or was not kept. */
    private Optional<List<TimedGrant>> grants(Optional<Json.Obj> facts) {
        int given = facts.map(it -> items(it, "grants").size()).orElse(0);
        if (given == 0) {
            return Optional.of(List.of());
        }
        return stored.disclosed().get("grants") instanceof Json.Arr all
                        && all.items().size() == given
                ? Optional.of(all.items().stream()
                        .map(one -> TimedGrant.read((Json.Obj) one))
                        .toList())
                : Optional.empty();
    }

    /** Names of the rules that asked for a person, if an approval was used up for it. */
    private Set<String> approved() {
        if (stored.kind().equals("hold") || leaf.object("approval").isEmpty()) {
            return Set.of();
        }
        Set<String> rules = new HashSet<>();
        for (Json item : items(leaf, "findings")) {
            Json.Obj found = (Json.Obj) item;
            if (found.string("result").equals(Optional.of("held"))) {
                found.object("rule").flatMap(rule -> rule.string("name")).ifPresent(rules::add);
            }
        }
        return rules;
    }

    private static List<Json> items(Json.Obj object, String name) {
        return object.array(name).map(Json.Arr::items).orElse(List.of());
    }

    private static Set<String> texts(Optional<Json.Arr> array) {
        return array.isEmpty() ? Set.of() : Set.copyOf(list(array.get()));
    }

    private static List<String> list(Json.Arr array) {
        List<String> texts = new ArrayList<>(array.items().size());
        for (Json item : array.items()) {
            texts.add(((Json.Str) item).value());
        }
        return texts;
    }

    private Action action(Operation operation) {
        Principal principal = new Principal(
                leaf.string("tenant").orElse(""),
                leaf.string("agent").orElse(""),
                leaf.string("instance").orElse(""),
                leaf.string("user"),
                leaf.array("actors").map(Rebuilding::list).orElse(List.of()),
                texts(leaf.array("roles")),
                Optional.empty(),
                Map.of());
        Attempt attempt = new Attempt(
                principal,
                0,
                operation,
                leaf.string("session").orElse(""),
                leaf.string("channel").orElse(""),
                Optional.empty());
        Instant time = RecordTime.parse(leaf.string("time").orElse(""));
        return Action.of(stored.id(), time, attempt, operation, leaf.string("definition"));
    }

    private Optional<Set<Touched>> touched(Json.Obj facts) {
        if (!(stored.disclosed().get("resources") instanceof Json.Arr resources)) {
            return Optional.empty();
        }
        List<Json> accesses = items(facts, "accesses");
        if (accesses.size() != resources.items().size()) {
            return Optional.empty();
        }
        Set<Touched> touched = new java.util.LinkedHashSet<>();
        for (int i = 0; i < accesses.size(); i++) {
            List<String> names = list((Json.Arr) resources.items().get(i));
            Json.Obj access = (Json.Obj) accesses.get(i);
            touched.add(new Touched(names, access.string("verb").orElse(""), access.string("method")));
        }
        return Optional.of(touched);
    }

    /** Older records name a server's file by its bare name only. */
    static Set<Touched> atServer(Set<Touched> touched, Operation operation) {
        if (operation.isNamedByUpstream() || operation.isDoneElsewhere()) {
            return touched;
        }
        Set<Touched> named = new java.util.LinkedHashSet<>();
        for (Touched one : touched) {
            Optional<String> exact = Optional.of(one.names())
                    .filter(all -> all.size() == 1)
                    .flatMap(all -> ServerFiles.at(operation.upstream(), all.getFirst()));
            named.add(exact.map(name -> new Touched(List.of(name, one.names().getFirst()), one.verb(), one.method()))
                    .orElse(one));
        }
        return named;
    }

    private static Optional<Finding> before(Json.Obj found, String stage) {
        return switch (found.string("result").orElse("")) {
            case "denied" -> Optional.of(new Finding.Stop(stage, denial(found)));
            case "held" -> Optional.of(new Finding.Ask(stage, denial(found), List.of()));
            default -> Optional.empty();
        };
    }

    private static Denial denial(Json.Obj found) {
        return Denial.of(found.string("code").orElse("unknown"), ReasonClass.POLICY, "as recorded");
    }

    private static Optional<String> treated(Json.Obj found) {
        return switch (found.string("result").orElse("")) {
            case "rewritten" -> Optional.of(Judgement.REWRITTEN);
            // Advice changes nothing of what comes back, so no verdict is wider without it.
            case "obliged" -> found.string("obligation").filter(name -> !name.equals(Obligation.ADVICE));
            default -> Optional.empty();
        };
    }

    /** The reasons stand in the order of the findings. Empty if they are erased, or were not kept. */
    private Optional<Handling> handling() {
        List<Json> findings = items(leaf, "findings");
        List<Json> reasons =
                stored.disclosed().get("reasons") instanceof Json.Obj texts ? items(texts, "findings") : List.of();
        if (reasons.size() != findings.size()) {
            return Optional.empty();
        }
        Set<String> parts = new HashSet<>();
        for (int i = 0; i < reasons.size(); i++) {
            Json.Obj found = (Json.Obj) findings.get(i);
            if (treated(found).isPresent()
                    && Handling.isSaidBy(found.string("stage").orElse(""))) {
                parts.addAll(Handling.read(((Json.Str) reasons.get(i)).value()));
            }
        }
        return Optional.of(new Handling(parts));
    }

    private Judgement judgement(Set<String> treatment, Optional<Handling> handling) {
        Ruling ruling = ruling(stored);
        Optional<Json.Obj> denial = leaf.object("denial");
        Optional<RuleRef> rule = denial.map(it -> it.object("rule").or(() -> it.object("nearest")))
                .orElseGet(this::firstRule)
                .map(Rebuilding::rule);
        return new Judgement(
                ruling,
                ruling == Ruling.ALLOW ? treatment : Set.of(),
                ruling == Ruling.ALLOW ? handling : Optional.of(Handling.NONE),
                denial.flatMap(it -> it.string("code")),
                rule,
                "");
    }

    /** Of those that counted. */
    private Optional<Json.Obj> firstRule() {
        for (Json item : items(leaf, "findings")) {
            Optional<Json.Obj> rule = ((Json.Obj) item).object("rule");
            if (rule.isPresent() && would((Json.Obj) item).isEmpty()) {
                return rule;
            }
        }
        return Optional.empty();
    }

    static Ruling ruling(Stored stored) {
        return switch (stored.kind()) {
            case "intent", "verdict" -> Ruling.ALLOW;
            case "hold" -> Ruling.HOLD;
            default -> Ruling.DENY;
        };
    }

    /** What a rule in shadow would have done. */
    static Optional<Ruling> would(Json.Obj found) {
        return found.string("result").map(WOULD::get);
    }

    static RuleRef rule(Json.Obj rule) {
        int line = rule.get("line")
                .filter(Json.Num.class::isInstance)
                .flatMap(number -> ((Json.Num) number).whole())
                .map(Math::toIntExact)
                .orElse(0);
        return new RuleRef(rule.string("name").orElse("?"), rule.string("file").orElse("?"), line);
    }
}
