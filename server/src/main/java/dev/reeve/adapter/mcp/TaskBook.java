package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.identity.Principal;
import dev.reeve.identity.Revocations;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The tasks that clients know, under ids of ours that only the principal of the call can use, on its route (R13); a server's also the successor of a key that was
 * rotated. Bounded for each agent and in all, where the one that has most gives way: of it, what is over is forgotten first, then the oldest. Lost when the
 * process ends. Safe for use by many threads.
 */
final class TaskBook {
    private final Supplier<String> ids;
    private final McpLimits limits;
    private final Map<String, Task> known = new LinkedHashMap<>();
    private final Map<String, Integer> each = new HashMap<>();

    private final Revocations keys;

    /** @param keys know which key came in the place of which */
    TaskBook(Supplier<String> ids, McpLimits limits, Revocations keys) {
        this.keys = keys;
        this.ids = ids;
        this.limits = limits;
    }

    /** Whose it is. */
    sealed interface Task permits AtServer, HeldCall {
        Principal principal();

        Route route();

        /** Whether it may go before those that still wait for something here. */
        boolean over();

        /** What it keeps, roughly. */
        default long bytes() {
            return 0;
        }
    }

    /**
     * A server's own.
     *
     * @param id that server's name for it
     */
    record AtServer(Principal principal, Route route, String id, Operation.ToolCall begun) implements Task {
        @Override
        public boolean over() {
            return true;
        }
    }

    /** Its id. */
    synchronized String put(Task task) {
        String agent = task.principal().party();
        if (isFull(agent)) {
            forgetOne(agent, one -> true);
        }
        return add(task);
    }

    /**
     * The task of this caller that waits for this ticket already, or else this one.
     *
     * @return empty if everything that this caller has still waits for something: nothing of that is forgotten for it
     */
    synchronized Optional<HeldCall> held(Caller caller, String ticket, Supplier<HeldCall> fresh) {
        Optional<HeldCall> same = waitingFor(ticket).stream()
                .filter(one -> caller.owns(one.principal(), one.route()))
                .findFirst();
        if (same.isPresent()) {
            return same;
        }
        String agent = caller.principal().party();
        if (isFull(agent) && !forgetOne(agent, Task::over)) {
            return Optional.empty();
        }
        HeldCall held = fresh.get();
        held.named(add(held));
        return Optional.of(held);
    }

    private boolean isFull(String agent) {
        return holds(agent) >= limits.tasksEach() || known.size() >= limits.tasks();
    }

    private String add(Task task) {
        String ours = "task-" + ids.get();
        known.put(ours, task);
        each.merge(task.principal().party(), 1, Integer::sum);
        return ours;
    }

    /** One's own where one has too many oneself, else one of whoever has most. */
    private boolean forgetOne(String agent, Predicate<Task> which) {
        boolean mine = holds(agent) >= limits.tasksEach();
        Optional<Map.Entry<String, Task>> goes = known.entrySet().stream()
                .filter(one -> !mine || party(one).equals(agent))
                .filter(one -> which.test(one.getValue()))
                .min(Comparator.<Map.Entry<String, Task>>comparingInt(one -> -holds(party(one)))
                        .thenComparing(one -> !one.getValue().over()));
        goes.ifPresent(one -> forget(one.getKey()));
        return goes.isPresent();
    }

    private int holds(String agent) {
        return each.getOrDefault(agent, 0);
    }

    private static String party(Map.Entry<String, Task> one) {
        return one.getValue().principal().party();
    }

    synchronized void forget(String ours) {
        Task gone = known.remove(ours);
        if (gone != null) {
            each.computeIfPresent(gone.principal().party(), (name, count) -> count == 1 ? null : count - 1);
        }
    }

    /** The same id for what has become of it. */
    synchronized void replace(String ours, Task task) {
        known.computeIfPresent(ours, (id, before) -> task);
    }

    /** Results that nobody fetched take no more than so many bytes together, and one that is larger; the oldest go first of the agent that has most of them. */
    synchronized void trim(String newest, long most) {
        Map<String, Long> kept = new HashMap<>();
        known.values().stream()
                .filter(one -> one.bytes() > 0)
                .forEach(one -> kept.merge(one.principal().party(), one.bytes(), Long::sum));
        long all = kept.values().stream().mapToLong(Long::longValue).sum();
        while (all > most) {
            Optional<Map.Entry<String, Task>> goes = known.entrySet().stream()
                    .filter(one -> one.getValue().bytes() > 0 && !one.getKey().equals(newest))
                    .min(Comparator.comparingLong(one -> -kept.getOrDefault(party(one), 0L)));
            if (goes.isEmpty()) {
                return;
            }
            long bytes = goes.get().getValue().bytes();
            kept.merge(party(goes.get()), -bytes, Long::sum);
            all -= bytes;
            forget(goes.get().getKey());
        }
    }

    /** A task of somebody else is none. */
    synchronized Optional<Task> find(Caller caller, String ours) {
        return Optional.ofNullable(known.get(ours)).filter(task -> isOf(caller, task));
    }

    /** A server's also with the key that came in the place of its own: it outlives the keys of those who began it. */
    private boolean isOf(Caller caller, Task task) {
        return caller.owns(task.principal(), task.route())
                || (task instanceof AtServer && caller.succeeds(task.principal(), task.route(), keys));
    }

    synchronized List<HeldCall> waitingFor(String ticket) {
        return waiting().stream()
                .filter(one -> one.ticket().equals(Optional.of(ticket)))
                .toList();
    }

    /** All that wait for people. */
    synchronized List<HeldCall> waiting() {
        return known.values().stream()
                .filter(HeldCall.class::isInstance)
                .map(HeldCall.class::cast)
                .filter(one -> one.ticket().isPresent())
                .toList();
    }
}
