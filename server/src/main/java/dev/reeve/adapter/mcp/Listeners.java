package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Offer;
import dev.reeve.definitions.Definitions;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Those who want to hear that a list has changed. An idle one costs its entry here and no thread. It hears of a change only if what
 * it sees itself has changed.
 */
final class Listeners {
    private final Surroundings around;
    private final McpLimits limits;
    private final Set<Listener> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> perAgent = new HashMap<>();
    private final Map<String, AtomicLong> upstreamChanges = new ConcurrentHashMap<>();
    private final AtomicBoolean dirty = new AtomicBoolean();
    private final AtomicBoolean telling = new AtomicBoolean();

    Listeners(Surroundings around, McpLimits limits) {
        this.around = around;
        this.limits = limits;
    }

    /** One open stream. {@code told} is what its lists looked like when it last heard. */
    final class Listener {
        private final Caller caller;
        private final Replies.Sink sink;
        private final Optional<Json> subscription;
        private final Map<Offer, Long> told = new EnumMap<>(Offer.class);

        private Listener(Caller caller, Set<Offer> wanted, Replies.Sink sink, Optional<Json> subscription) {
            this.caller = caller;
            this.sink = sink;
            this.subscription = subscription;
            wanted.forEach(offer -> told.put(offer, seen(caller, offer)));
        }

        synchronized void tellIfChanged() {
            for (Map.Entry<Offer, Long> last : told.entrySet()) {
                long now = seen(caller, last.getKey());
                if (now != last.getValue()) {
                    last.setValue(now);
                    sink.offer(changed(last.getKey()));
                }
            }
        }

        private Json.Obj changed(Offer offer) {
            Json.Builder message = Json.object().put("jsonrpc", "2.0").put("method", method(offer));
            subscription.ifPresent(id -> message.put(
                    "params", Json.object().put("_meta", Json.object().put(Meta.SUBSCRIPTION, id))));
            return message.build();
        }

        private void close() {
            remove(this);
            sink.end();
        }
    }

    private static String method(Offer offer) {
        return switch (offer) {
            case TOOLS -> "notifications/tools/list_changed";
            case RESOURCES, RESOURCE_TEMPLATES, SKILLS -> "notifications/resources/list_changed";
            case PROMPTS -> "notifications/prompts/list_changed";
        };
    }

    /**
     * Empty if there are too many already.
     *
     * @param first what the stream begins with; a change after it is told, however soon it comes
     */
    Optional<Listener> add(
            Caller caller,
            Set<Offer> wanted,
            Replies.Sink sink,
            Optional<Json> subscription,
            Optional<Json.Obj> first) {
        // Made first: what goes wrong then has taken no place.
        Listener listener = new Listener(caller, EnumSet.copyOf(wanted), sink, subscription);
        first.ifPresent(sink::offer);
        if (!enter(listener)) {
            return Optional.empty();
        }
        sink.onGone(() -> remove(listener));
        listener.tellIfChanged();
        return Optional.of(listener);
    }

    private synchronized boolean enter(Listener listener) {
        String agent = listener.caller.principal().party();
        if (perAgent.getOrDefault(agent, 0) >= limits.streamsEach() || open.size() >= limits.streams()) {
            return false;
        }
        perAgent.merge(agent, 1, Integer::sum);
        return open.add(listener);
    }

    synchronized void remove(Listener listener) {
        if (open.remove(listener)) {
            perAgent.computeIfPresent(
                    listener.caller.principal().party(), (name, count) -> count == 1 ? null : count - 1);
        }
    }

    int size() {
        return open.size();
    }

    /** Resources and prompts are not pinned yet: that a server says that they changed is all there is to compare. */
    void upstreamChanged(String upstream, Offer offer) {
        upstreamChanges
                .computeIfAbsent(upstream + " " + offer, key -> new AtomicLong())
                .incrementAndGet();
        changed();
    }

    /** Something may have changed: compares on a thread of its own, once for any number of changes that come together. */
    void changed() {
        dirty.set(true);
        Thread.ofVirtual().name("mcp-list-changes").start(this::tell);
    }

    /** Ends the streams of those who are nobody any more (R14). */
    void cutRevoked() {
        open.stream()
                .filter(listener -> !around.revocations()
                        .stillGood(
                                listener.caller.principal(),
                                listener.caller.who().epoch()))
                .toList()
                .forEach(Listener::close);
    }

    void closeAll() {
        open.forEach(Listener::close);
    }

    private void tell() {
        while (dirty.get() && telling.compareAndSet(false, true)) {
            try {
                while (dirty.getAndSet(false)) {
                    open.forEach(Listener::tellIfChanged);
                }
            } finally {
                telling.set(false);
            }
        }
    }

    /** A number that changes when what this caller sees does. */
    private long seen(Caller caller, Offer offer) {
        long seen = 17;
        for (String upstream : caller.route().upstreams(around.upstreams().names())) {
            seen = 31 * seen
                    + (offer == Offer.TOOLS ? tools(caller.principal(), upstream) : other(caller, upstream, offer));
        }
        return seen;
    }

    private long tools(Principal principal, String upstream) {
        long seen = upstream.hashCode();
        for (Definitions.PinnedTool tool : around.definitions().tools(upstream)) {
            boolean shown = tool.state() == Definitions.State.IN_FORCE
                    && around.visible(principal, new Operation.ToolCall(upstream, tool.name(), Json.Obj.EMPTY));
            seen = shown ? 31 * seen + tool.fingerprint().hashCode() : seen;
        }
        return seen;
    }

    private long other(Caller caller, String upstream, Offer offer) {
        if (!around.visible(caller.principal(), new Operation.Listing(upstream, offer))) {
            return 0;
        }
        AtomicLong count = upstreamChanges.get(upstream + " " + offer);
        return count == null ? 1 : 1 + count.get();
    }
}
