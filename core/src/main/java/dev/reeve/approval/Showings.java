package dev.reeve.approval;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who has seen the arguments of which question, or the result that waits. Each person and question is recorded once, so that looking again and again is no way to fill the
 * disk (R15); which those are is in memory, and recorded once more after a restart. Safe for several threads.
 */
final class Showings {
    private static final String ARGUMENTS = "arguments_shown";
    private static final String RESULT = "result_shown";
    private static final int MOST_IN_ONE = 100;

    private final ApprovalBook book;
    private final Map<Shown, Set<String>> seen = new HashMap<>();

    Showings(ApprovalBook book) {
        this.book = book;
    }

    private record Shown(String act, String ticket) {}

    /** Returns when it is in the record that this person sees the arguments of these. */
    void arguments(String person, Collection<Approval> approvals) throws UnrecordableException {
        record(
                ARGUMENTS,
                person,
                approvals.stream()
                        .filter(one -> one.asked().arguments().isPresent())
                        .toList());
    }

    /** Returns when it is in the record that this person sees the result that waits. */
    void result(String person, Approval approval) throws UnrecordableException {
        record(RESULT, person, List.of(approval));
    }

    private synchronized void record(String act, String person, Collection<Approval> approvals)
            throws UnrecordableException {
        List<Approval> fresh = approvals.stream()
                .filter(one -> !seen.getOrDefault(new Shown(act, one.ticket()), Set.of())
                        .contains(person))
                .toList();
        if (fresh.isEmpty()) {
            return;
        }
        seen.keySet().removeIf(shown -> book.find(shown.ticket()).isEmpty());
        for (int from = 0; from < fresh.size(); from += MOST_IN_ONE) {
            List<Approval> some = fresh.subList(from, Math.min(fresh.size(), from + MOST_IN_ONE));
            recordSome(act, person, some);
            some.forEach(one -> seen.computeIfAbsent(new Shown(act, one.ticket()), ignored -> new HashSet<>())
                    .add(person));
        }
    }

    private void recordSome(String act, String person, List<Approval> some) throws UnrecordableException {
        if (some.size() == 1) {
            book.seeing(some.getFirst(), person, act);
        } else {
            Json.Obj difference = Json.object()
                    .put(
                            "tickets",
                            Json.Arr.ofStrings(
                                    some.stream().map(Approval::ticket).toList()))
                    .build();
            book.seeing(person, act, difference);
        }
    }
}
