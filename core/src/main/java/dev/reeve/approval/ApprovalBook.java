package dev.reeve.approval;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * All approvals, in memory and in their rows. Each change is in the record first, then in the row by one conditional write, then in memory;
 * what cannot be recorded does not happen. Changes are made by one thread at a time; reading takes no lock.
 */
final class ApprovalBook {
    private static final System.Logger LOG = System.getLogger("dev.reeve.approval");

    private final ApprovalRows rows;
    private final ApprovalActs acts;
    private final Map<String, Approval> byTicket = new ConcurrentHashMap<>();
    /** The newest of each key. */
    private final Map<String, String> tickets = new ConcurrentHashMap<>();

    /** Of each open one. */
    private final Map<String, Long> weights = new ConcurrentHashMap<>();

    private final AtomicInteger underway = new AtomicInteger();
    private final List<Consumer<Approval>> listeners = new CopyOnWriteArrayList<>();

    ApprovalBook(ApprovalRows rows, ApprovalActs acts) throws UnrecordableException {
        this.rows = rows;
        this.acts = acts;
        rows.approvals().stream()
                .sorted(java.util.Comparator.comparing(Approval::created))
                .forEach(this::remember);
    }

    private void remember(Approval read) {
        Approval approval = read.kept();
        byTicket.put(approval.ticket(), approval);
        if (approval.state().isOpen()) {
            weights.put(approval.ticket(), approval.asked().weight());
        } else {
            weights.remove(approval.ticket());
        }
        tickets.put(approval.key(), approval.ticket());
    }

    Collection<Approval> all() {
        return byTicket.values();
    }

    Optional<Approval> find(String ticket) {
        return Optional.ofNullable(byTicket.get(ticket));
    }

    Optional<Approval> ofKey(String key) {
        return Optional.ofNullable(tickets.get(key)).flatMap(this::find);
    }

    /** Takes what changed; must return soon. */
    void onChange(Consumer<Approval> listener) {
        listeners.add(listener);
    }

    /** Whether something is recorded by now that may not be in its row yet. */
    boolean isBusy() {
        return underway.get() > 0;
    }

    /** How much is kept of those that are open in their rows. */
    long weight(Predicate<Approval> which) {
        return weights.entrySet().stream()
                .filter(one -> find(one.getKey()).filter(which).isPresent())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** A new one; the hold is in the record already. The caller has the lock. */
    void open(Approval approval) throws UnrecordableException {
        Approval stored = rows.put(approval)
                .orElseThrow(() -> new UnrecordableException("there is an approval with this ticket already"));
        remember(stored);
        tell(stored);
    }

    /**
     * Records what somebody did, and makes it so. The caller has the lock.
     *
     * @return how it is now, with all that was asked although less is kept of what has ended; empty if somebody else changed the row, and then nothing happened but the record
     */
    Optional<Approval> change(Approval after, String person, String act, Json.Obj difference)
            throws UnrecordableException {
        underway.incrementAndGet();
        try {
            acts.record(person, act, after.ticket(), difference);
            Optional<Approval> stored = rows.put(after.kept());
            stored.ifPresent(this::remember);
            stored.ifPresent(this::tell);
            return stored.map(one -> after.at(one.version()));
        } finally {
            underway.decrementAndGet();
        }
    }

    /** Records that somebody is about to see what changes nothing. */
    void seeing(Approval approval, String person, String act) throws UnrecordableException {
        Json.Obj difference = Json.object()
                .put("agent", approval.asked().agent())
                .put("subject", approval.asked().subject())
                .build();
        acts.record(person, act, approval.ticket(), difference);
    }

    /** The same of several, which the difference names. */
    void seeing(String person, String act, Json.Obj difference) throws UnrecordableException {
        acts.record(person, act, "approvals", difference);
    }

    /** Makes it so, without a record of its own: the record has it already. */
    void apply(Approval after) throws UnrecordableException {
        rows.put(after.kept()).ifPresent(this::remember);
    }

    void forget(Approval approval) throws UnrecordableException {
        rows.remove(approval);
        byTicket.remove(approval.ticket());
        weights.remove(approval.ticket());
        tickets.remove(approval.key(), approval.ticket());
    }

    private void tell(Approval approval) {
        for (Consumer<Approval> listener : listeners) {
            try {
                listener.accept(approval);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "a listener of approvals failed", e);
            }
        }
    }
}
