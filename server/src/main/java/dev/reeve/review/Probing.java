package dev.reeve.review;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A resource that was denied to somebody with one tool, and reached with another soon after. */
final class Probing implements Detector {
    private static final int MOST_INSTANCES = 20_000;
    private static final int MOST_DENIALS = 16;
    private static final Duration SOON = Duration.ofMinutes(10);

    private final Map<String, Deque<Seen>> denied = new Recent<>(MOST_INSTANCES);

    @Override
    public void take(Seen record, Findings findings) {
        if (record.resources().isEmpty()) {
            return;
        }
        if (record.kind().equals("denial")) {
            Deque<Seen> last = denied.computeIfAbsent(record.instance(), ignored -> new ArrayDeque<>());
            if (last.size() == MOST_DENIALS) {
                last.removeFirst();
            }
            last.addLast(bare(record));
        } else if (record.isAllowed() && denied.containsKey(record.instance())) {
            compare(record, denied.get(record.instance()), findings);
        }
    }

    /** Without the record itself, which is large. */
    private static Seen bare(Seen it) {
        return new Seen(
                it.index(),
                it.kind(),
                it.id(),
                it.time(),
                it.agent(),
                it.instance(),
                it.subject(),
                it.resources(),
                dev.reeve.json.Json.Obj.EMPTY);
    }

    private static void compare(Seen allowed, Deque<Seen> denials, Findings findings) {
        Set<String> reached = new HashSet<>(allowed.resources());
        for (Seen denial : denials) {
            boolean soon = Duration.between(denial.time(), allowed.time()).compareTo(SOON) <= 0;
            if (soon && !denial.subject().equals(allowed.subject())) {
                denial.resources().stream()
                        .filter(reached::contains)
                        .filter(Probing::isOwn)
                        .findFirst()
                        .ifPresent(resource -> findings.addSeries(
                                Check.PROBED,
                                Severity.HIGH,
                                "done "
                                        + Duration.between(denial.time(), allowed.time())
                                                .toSeconds() + " s after the denial",
                                List.of(denial, allowed),
                                allowed.agent(),
                                resource));
            }
        }
    }

    /** A tool touches itself; that says nothing of another one. */
    private static boolean isOwn(String resource) {
        return !resource.startsWith("tool:");
    }
}
