package dev.reeve.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * The real gate on a simulated world driven by one seed: stages that pass, stop, ask, rewrite and crash; a journal, sessions and reservations
 * that fail; identities revoked at any step; callers that use a permit twice. What must always hold is checked at each step.
 */
final class GateSimulation {
    private static final Denial NO = Denial.of("no", Denial.ReasonClass.POLICY, "for the simulation");

    private final long seed;
    private final Random random;
    private final Set<String> intents = new HashSet<>();
    private final Set<String> outcomes = new HashSet<>();
    private final Set<String> stopped = new HashSet<>();
    private final Set<String> asked = new HashSet<>();
    private final List<String> settled = new ArrayList<>();
    private final Set<String> reserved = new HashSet<>();
    private boolean good = true;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private int number;
    int allowed;
    int released;

    GateSimulation(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    void run(int attempts) {
        Gate gate = new Gate(
                Book::new,
                this::admit,
                (principal, epoch) -> good,
                new FailingSessions(),
                this::reserve,
                new FailingJournal(),
                () -> "a" + ++number,
                () -> new GateClock.Reading(now, false),
                Duration.ofSeconds(10));
        for (int i = 0; i < attempts; i++) {
            good = random.nextInt(10) > 0;
            one(gate);
        }
        assertEquals(reserved.size(), settled.size(), say("every reservation is settled once"));
        assertEquals(new HashSet<>(settled).size(), settled.size(), say("and never twice"));
    }

    private void one(Gate gate) {
        Principal principal = new Principal(
                "default", "agent", "k1", Optional.empty(), List.of(), Set.of("r"), Optional.empty(), Map.of());
        Operation call = new Operation.ToolCall("up", "tool", Json.Obj.EMPTY);
        Verdict verdict = gate.decide(new Attempt(principal, 1, call, "s", "test", Optional.empty()));
        String id = verdict.ticket();
        if (verdict instanceof Verdict.Allow(Permit permit)) {
            allowed++;
            assertTrue(intents.contains(id), say("a permit without a durable intent"));
            assertFalse(stopped.contains(id), say("allowed although a stage stopped it"));
            assertFalse(asked.contains(id), say("allowed although a person must decide"));
            act(gate, permit, id);
        }
    }

    private void act(Gate gate, Permit permit, String id) {
        good = random.nextInt(5) > 0;
        boolean late = random.nextInt(10) == 0;
        now = late ? now.plusSeconds(60) : now;
        Optional<Denial> refused = permit.use();
        assertEquals(!good || late, refused.isPresent(), say("a revoked or late permit is refused, any other is not"));
        assertTrue(permit.use().isPresent(), say("a permit was used twice"));
        Effect effect = refused.<Effect>map(Effect.NotSent::new).orElseGet(this::effect);
        Release release = gate.release(permit, effect, Duration.ofMillis(1));
        if (release instanceof Release.Result result) {
            released++;
            assertTrue(outcomes.contains(id), say("a result was released before its outcome was durable"));
            assertFalse(result.result().has("secret"), say("a result stage was passed by"));
        }
    }

    private Effect effect() {
        return switch (random.nextInt(4)) {
            case 0 -> new Effect.Unknown(NO);
            case 1 -> new Effect.Refused(-1, "message", Optional.empty());
            default ->
                new Effect.Answered(Json.object().put("secret", "x").put("n", 1).build(), false);
        };
    }

    private Admissions.Admission admit(Operation operation) {
        return switch (random.nextInt(12)) {
            case 0 -> new Admissions.Admission.Refused(stop());
            case 1 -> {
                asked.add(current());
                yield new Admissions.Admission.Held(operation, NO);
            }
            case 2 -> throw crash();
            default -> new Admissions.Admission.Admitted(operation, Optional.of("f"));
        };
    }

    private String current() {
        return "a" + number;
    }

    private Denial stop() {
        stopped.add(current());
        return NO;
    }

    private RuntimeException crash() {
        stopped.add(current());
        if (random.nextBoolean()) {
            throw new StackOverflowError("for the simulation");
        }
        return new IllegalStateException("for the simulation");
    }

    private Reservations.Reserved reserve(Action action, Facts facts) {
        return switch (random.nextInt(10)) {
            case 0 -> new Reservations.Reserved.Refused(stop());
            case 1 -> throw crash();
            default -> {
                String id = action.id();
                reserved.add(id);
                yield new Reservations.Reserved.Taken(effect -> settled.add(id));
            }
        };
    }

    private String say(String what) {
        return "seed " + seed + ", " + current() + ": " + what;
    }

    /** A policy whose stages do anything. */
    private final class Book implements Rulebook {
        @Override
        public String version() {
            return "v";
        }

        @Override
        public Reading read(Operation operation) {
            return switch (random.nextInt(12)) {
                case 0 -> new Reading.Unreadable(stop());
                case 1 -> throw crash();
                default ->
                    new Reading.Touches(
                            List.of(new Access(List.of("x"), "read", Set.of())), Set.of("t"), Optional.empty());
            };
        }

        @Override
        public List<Stage> stages() {
            return List.of(stage("one"), stage("two"), stage("three"));
        }

        private Stage stage(String name) {
            return new Stage() {
                @Override
                public String name() {
                    return name;
                }

                @Override
                public List<Finding> check(Action action, Facts facts) {
                    assertFalse(stopped.contains(action.id()), say("a stage ran after a stop"));
                    return found(name, action);
                }
            };
        }

        private List<Finding> found(String name, Action action) {
            return switch (random.nextInt(20)) {
                case 0 -> List.of(new Finding.Stop(name, stop()));
                case 1 -> {
                    asked.add(action.id());
                    yield List.of(new Finding.Ask(name, NO, List.of()));
                }
                case 2 -> throw crash();
                case 3 -> {
                    stopped.add(action.id());
                    yield List.of();
                }
                case 4 -> List.of(new Finding.Redact(name, Optional.empty(), "r", action.operation()));
                default -> List.of(new Finding.Pass(name, Optional.empty(), "p"));
            };
        }

        @Override
        public List<ResultStage> resultStages() {
            return List.of(new ResultStage() {
                @Override
                public String name() {
                    return "clean";
                }

                @Override
                public ResultFinding examine(Action action, Facts facts, Json.Obj result) {
                    if (random.nextInt(10) == 0) {
                        throw new IllegalStateException("for the simulation");
                    }
                    return new ResultFinding.Changed(name(), "c", result.without("secret"));
                }
            });
        }

        @Override
        public boolean visible(Principal principal, Operation operation) {
            if (random.nextInt(10) == 0) {
                throw new IllegalStateException("for the simulation");
            }
            return random.nextBoolean();
        }
    }

    private final class FailingJournal implements Journal {
        @Override
        public String decided(Decision decision) throws UnrecordableException {
            fail();
            if (decision.ruling() == Ruling.ALLOW) {
                intents.add(decision.action().id());
            }
            return decision.action().id();
        }

        @Override
        public void completed(Completion completion) throws UnrecordableException {
            assertTrue(intents.contains(completion.action().id()), say("an outcome without an intent"));
            fail();
            outcomes.add(completion.action().id());
        }

        private void fail() throws UnrecordableException {
            if (random.nextInt(10) == 0) {
                throw new UnrecordableException("for the simulation");
            }
        }
    }

    private final class FailingSessions implements Sessions {
        @Override
        public Set<String> read(Principal principal) {
            if (random.nextInt(20) == 0) {
                throw crash();
            }
            return Set.of();
        }

        @Override
        public void received(Principal principal, Set<String> tags) throws UnrecordableException {
            if (random.nextInt(10) == 0) {
                throw new UnrecordableException("for the simulation");
            }
        }
    }
}
