package dev.reeve.review;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A resource that was denied to somebody with one tool, and reached with another soon after. Each resource is remembered for as long as it matters, so that
 * many denials of other ones hide none.
 */
final class Probing implements Detector {
    /** Beyond so many in ten minutes, the oldest are forgotten. */
    private static final int MOST_DENIED = 200_000;

    private static final int MOST_TOOLS = 8;
    private static final Duration SOON = Duration.ofMinutes(10);

    /** In the order of the last denial of each: of whom, and of what. */
    private final Map<Denied, Deque<Seen>> denied = new LinkedHashMap<>();

    private record Denied(String instance, String resource) {}

    @Override
    public void take(Seen record, Findings findings) {
        if (record.resources().isEmpty()) {
            return;
        }
        if (record.kind().equals("denial")) {
            Seen bare = bare(record);
            own(record).forEach(resource -> remember(new Denied(record.instance(), resource), bare));
            forget(record.time().minus(SOON));
        } else if (record.isAllowed() && !denied.isEmpty()) {
            compare(record, findings);
        }
    }

    private void remember(Denied what, Seen denial) {
        Deque<Seen> last = denied.remove(what);
        Deque<Seen> all = last == null ? new ArrayDeque<>(1) : last;
        all.removeIf(earlier -> earlier.subject().equals(denial.subject()));
        if (all.size() == MOST_TOOLS) {
            all.removeFirst();
        }
        all.addLast(denial);
        denied.put(what, all);
    }

    private void forget(Instant before) {
        Iterator<Deque<Seen>> oldest = denied.values().iterator();
        while (oldest.hasNext()) {
            boolean over = oldest.next().getLast().time().isBefore(before);
            if (!over && denied.size() <= MOST_DENIED) {
                return;
            }
            oldest.remove();
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
                List.of(),
                dev.reeve.json.Json.Obj.EMPTY);
    }

    /** Each denial is told of once. */
    private void compare(Seen allowed, Findings findings) {
        Set<Long> told = new HashSet<>();
        for (String resource : own(allowed)) {
            for (Seen denial : denied.getOrDefault(new Denied(allowed.instance(), resource), new ArrayDeque<>(0))) {
                Duration after = Duration.between(denial.time(), allowed.time());
                if (after.compareTo(SOON) <= 0
                        && !denial.subject().equals(allowed.subject())
                        && told.add(denial.index())) {
                    findings.addSeries(
                            Check.PROBED,
                            Severity.HIGH,
                            "done " + after.toSeconds() + " s after the denial",
                            List.of(denial, allowed),
                            allowed.agent(),
                            resource);
                }
            }
        }
    }

    /** A tool touches itself; that says nothing of another one. */
    private static Set<String> own(Seen record) {
        Set<String> own = new LinkedHashSet<>(record.resources());
        own.removeIf(resource -> resource.startsWith("tool:"));
        return own;
    }
}
