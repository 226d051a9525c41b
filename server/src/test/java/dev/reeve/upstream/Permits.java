package dev.reeve.upstream;

import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.gate.Admissions;
import dev.reeve.gate.Gate;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Permit;
import dev.reeve.gate.Reservations;
import dev.reeve.gate.ResultStage;
import dev.reeve.gate.Rulebook;
import dev.reeve.gate.Sessions;
import dev.reeve.gate.Stage;
import dev.reeve.gate.Verdict;
import dev.reeve.identity.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** Real permits from a real gate whose policy allows everything. */
final class Permits {
    final AtomicBoolean revoked = new AtomicBoolean();
    private final Gate gate;

    Permits(Duration patience) {
        GateClock clock = () -> new GateClock.Reading(Instant.now(), false);
        this.gate = new Gate(
                EverythingAllowed::new,
                operation -> new Admissions.Admission.Admitted(operation, Optional.empty()),
                (principal, epoch) -> !revoked.get(),
                new NothingRead(),
                (action, facts) -> new Reservations.Reserved.Taken(effect -> {}),
                new Forgetful(),
                () -> UUID.randomUUID().toString(),
                clock,
                patience);
    }

    Permit of(String instance, Operation operation) {
        return of("agent", instance, operation);
    }

    Permit of(String agent, String instance, Operation operation) {
        Principal principal = new Principal(
                Principal.DEFAULT_TENANT,
                agent,
                instance,
                Optional.empty(),
                List.of(),
                Set.of(),
                Optional.empty(),
                Map.of());
        Attempt attempt = new Attempt(principal, 0, operation, "session", "test", Optional.empty());
        return ((Verdict.Allow) gate.decide(attempt)).permit();
    }

    private record EverythingAllowed() implements Rulebook {
        @Override
        public String version() {
            return "test";
        }

        @Override
        public Reading read(Operation operation) {
            return new Reading.Touches(List.of(), Set.of(), Optional.empty());
        }

        @Override
        public boolean idempotent(Operation operation) {
            return operation instanceof Operation.ToolCall call && call.tool().equals("repeatable");
        }

        @Override
        public List<Stage> stages() {
            return List.of();
        }

        @Override
        public List<ResultStage> resultStages() {
            return List.of();
        }

        @Override
        public boolean visible(Principal principal, Operation operation) {
            return true;
        }
    }

    private record NothingRead() implements Sessions {
        @Override
        public Set<String> read(Principal principal) {
            return Set.of();
        }

        @Override
        public void received(Principal principal, Set<String> tags) {}
    }

    private record Forgetful() implements Journal {
        @Override
        public String decided(Decision decision) {
            return decision.action().id();
        }

        @Override
        public void completed(Completion completion) {}
    }
}
