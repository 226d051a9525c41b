package dev.reeve.definitions;

import dev.reeve.json.Json;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What callers met in a server's lists and what has no pin: each is told once, so that however often somebody lists, a server is not asked
 * more for it. Bounded: after 1,000 of them none is told any more.
 */
final class Unknown {
    private static final int MOST = 1_000;

    private final Set<String> met = ConcurrentHashMap.newKeySet();
    private volatile Consumer<String> look = upstream -> {};

    void tell(Consumer<String> listener) {
        look = listener;
    }

    void met(String upstream, Json.Obj entry) {
        if (met.size() < MOST && met.add(upstream + " " + Fingerprint.of(entry))) {
            look.accept(upstream);
        }
    }
}
