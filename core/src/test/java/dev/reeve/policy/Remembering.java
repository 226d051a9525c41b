package dev.reeve.policy;

import dev.reeve.gate.Journal;
import dev.reeve.gate.Sessions;
import dev.reeve.identity.Principal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A record and what was received, in memory: of everybody as if they were one. */
final class Remembering implements Journal, Sessions {
    final List<Decision> decided = new ArrayList<>();
    final List<Completion> completed = new ArrayList<>();
    final Set<String> read = new HashSet<>();

    @Override
    public String decided(Decision decision) {
        decided.add(decision);
        return decision.action().id();
    }

    @Override
    public void completed(Completion completion) {
        completed.add(completion);
    }

    @Override
    public Set<String> read(Principal principal) {
        return Set.copyOf(read);
    }

    @Override
    public void received(Principal principal, Set<String> tags) {
        read.addAll(tags);
    }
}
