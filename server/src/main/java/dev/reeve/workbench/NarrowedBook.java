package dev.reeve.workbench;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Facts;
import dev.reeve.gate.ResultStage;
import dev.reeve.gate.Rulebook;
import dev.reeve.gate.SoftStage;
import dev.reeve.gate.Stage;
import dev.reeve.gate.TimedGrant;
import dev.reeve.identity.Principal;
import dev.reeve.workbench.RecordedAction.Touched;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A policy whose catalogue tells of nothing but what was touched at the time. */
record NarrowedBook(Rulebook policy, Set<Touched> only) implements Rulebook {
    @Override
    public Reading read(Operation operation) {
        return policy.read(operation) instanceof Reading.Touches touches
                ? new Reading.Touches(
                        touches.accesses().stream()
                                .filter(access -> only.contains(Candidate.touch(access)))
                                .toList(),
                        touches.resultTags(),
                        touches.instead())
                : policy.read(operation);
    }

    @Override
    public Optional<Denial> unread(Principal principal, Operation operation, List<TimedGrant> grants) {
        return policy.unread(principal, operation, grants);
    }

    @Override
    public List<Assigned> assigned(Action action, Facts facts) {
        return policy.assigned(action, facts);
    }

    @Override
    public String version() {
        return policy.version();
    }

    @Override
    public List<Stage> stages() {
        return policy.stages();
    }

    @Override
    public List<SoftStage> softStages() {
        return policy.softStages();
    }

    @Override
    public List<ResultStage> resultStages() {
        return policy.resultStages();
    }

    @Override
    public boolean visible(Principal principal, Operation operation) {
        return policy.visible(principal, operation);
    }

    @Override
    public boolean visible(Principal principal, Operation operation, List<TimedGrant> grants) {
        return policy.visible(principal, operation, grants);
    }
}
