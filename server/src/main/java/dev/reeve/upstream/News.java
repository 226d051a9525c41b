package dev.reeve.upstream;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Where links put what a server tells unasked: changes are passed on, everything else is dropped and counted. */
final class News {
    private final Consumer<UpstreamChange.What> changes;
    private final AtomicLong dropped = new AtomicLong();

    News(Consumer<UpstreamChange.What> changes) {
        this.changes = changes;
    }

    void notified(String method) {
        Optional<UpstreamChange.What> what = switch (method) {
            case "notifications/tools/list_changed" -> Optional.of(UpstreamChange.What.TOOLS);
            case "notifications/resources/list_changed" -> Optional.of(UpstreamChange.What.RESOURCES);
            case "notifications/prompts/list_changed" -> Optional.of(UpstreamChange.What.PROMPTS);
            default -> Optional.empty();
        };
        what.ifPresentOrElse(changes, this::drop);
    }

    void drop() {
        dropped.incrementAndGet();
    }

    long dropped() {
        return dropped.get();
    }
}
