package dev.reeve.store;

import dev.reeve.gate.Sessions;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.identity.Principal;
import dev.reeve.identity.SpokenFor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each instance has received, in memory and in the store. Deleting rows widens what an instance may do, so they are under the seal
 * too. Bounded: what would be one too many is refused, and with it the result.
 */
public final class StoredSessions implements Sessions {
    private static final SealedTable TABLE =
            new SealedTable("session_tags", List.of("tenant", "agent", "instance", "tag"), List.of());

    private final Store store;
    private final int mostInstances;
    private final int mostTags;
    private final Map<Instance, Set<String>> tags = new ConcurrentHashMap<>();
    /** What an agent has received in all its instances. */
    private final Map<Owner, Set<String>> ofAgents = new ConcurrentHashMap<>();
    /** Of these a part, that was received where an enforcement point spoke for it. */
    private final Map<Owner, Set<String>> spokenFor = new ConcurrentHashMap<>();

    private record Owner(String tenant, String agent) {}

    private record Instance(String tenant, String agent, String id) {
        static Instance of(Principal principal) {
            return new Instance(principal.tenant(), principal.agent(), SpokenFor.memory(principal.instance()));
        }

        Owner owner() {
            return new Owner(tenant, agent);
        }

        boolean isSpokenFor() {
            return SpokenFor.isAgentsMemory(id);
        }
    }

    private StoredSessions(Store store, int mostInstances, int mostTags) {
        this.store = store;
        this.mostInstances = mostInstances;
        this.mostTags = mostTags;
    }

    /** @param mostTags of one instance */
    public static StoredSessions open(Store store, int mostInstances, int mostTags) throws StoreException {
        StoredSessions sessions = new StoredSessions(store, mostInstances, mostTags);
        for (Row row : store.read(TABLE::rows)) {
            Instance instance = new Instance(row.text("tenant"), row.text("agent"), row.text("instance"));
            sessions.add(instance, Set.of(row.text("tag")));
        }
        return sessions;
    }

    /**
     * Which instance of an agent an enforcement point speaks for is not known: so all that any of them has received counts there, and what is
     * received there counts for each.
     */
    @Override
    public Set<String> read(Principal principal) {
        Instance instance = Instance.of(principal);
        if (instance.isSpokenFor()) {
            return ofAgents.getOrDefault(instance.owner(), Set.of());
        }
        Set<String> own = tags.getOrDefault(instance, Set.of());
        Set<String> elsewhere = spokenFor.isEmpty() ? Set.of() : spokenFor.getOrDefault(instance.owner(), Set.of());
        return elsewhere.isEmpty() ? own : union(own, elsewhere);
    }

    private void add(Instance instance, Set<String> fresh) {
        tags.merge(instance, fresh, StoredSessions::union);
        ofAgents.merge(instance.owner(), fresh, StoredSessions::union);
        if (instance.isSpokenFor()) {
            spokenFor.merge(instance.owner(), fresh, StoredSessions::union);
        }
    }

    @Override
    public void received(Principal principal, Set<String> received) throws UnrecordableException {
        Instance instance = Instance.of(principal);
        Set<String> known = tags.getOrDefault(instance, Set.of());
        Set<String> fresh = new HashSet<>(received);
        fresh.removeAll(known);
        if (fresh.isEmpty()) {
            return;
        }
        if (known.size() + fresh.size() > mostTags || (known.isEmpty() && tags.size() >= mostInstances)) {
            throw new UnrecordableException("too much is remembered of what instances have read; end old keys");
        }
        write(instance, fresh);
        add(instance, Set.copyOf(fresh));
    }

    private void write(Instance instance, Set<String> fresh) throws UnrecordableException {
        try {
            store.write(writing -> {
                for (String tag : fresh) {
                    TABLE.put(
                            writing,
                            Map.of(
                                    "tenant",
                                    instance.tenant(),
                                    "agent",
                                    instance.agent(),
                                    "instance",
                                    instance.id(),
                                    "tag",
                                    tag));
                }
                return true;
            });
        } catch (StoreException e) {
            throw new UnrecordableException("what the instance has read cannot be remembered", e);
        }
    }

    /**
     * Forgets the instances that can never act again. Before anybody acts: meanwhile, too little would be known.
     *
     * @param instances ids of the credentials that are left
     */
    public void keepOnly(Set<String> instances) throws StoreException {
        List<Map.Entry<Instance, Set<String>>> gone = tags.entrySet().stream()
                .filter(entry -> !entry.getKey().isSpokenFor()
                        && !instances.contains(entry.getKey().id()))
                .toList();
        store.write(writing -> {
            gone.forEach(entry -> entry.getValue()
                    .forEach(tag -> TABLE.remove(
                            writing,
                            List.of(
                                    entry.getKey().tenant(),
                                    entry.getKey().agent(),
                                    entry.getKey().id(),
                                    tag))));
            return true;
        });
        gone.forEach(entry -> tags.remove(entry.getKey()));
        Map<Instance, Set<String>> left = Map.copyOf(tags);
        ofAgents.clear();
        spokenFor.clear();
        left.forEach(this::add);
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new HashSet<>(some);
        all.addAll(others);
        return Set.copyOf(all);
    }
}
