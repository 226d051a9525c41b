package dev.reeve.review;

import dev.reeve.review.Finding.Evidence;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Predicate;

/**
 * What was found so far: one finding for each check and subject, however often. Bounded: beyond {@value #MOST} findings the least grave
 * ones are only counted.
 */
final class Findings {
    static final int MOST = 2_000;
    private static final int EXAMPLES = 5;
    private static final int ID_BYTES = 5;

    private final Predicate<Instant> inRange;
    private final Map<List<String>, Group> groups = new LinkedHashMap<>();
    private final Map<Severity, LinkedHashSet<List<String>>> bySeverity = new EnumMap<>(Severity.class);
    private long dropped;

    /** @param inRange what is found outside of it is not told */
    Findings(Predicate<Instant> inRange) {
        this.inRange = inRange;
    }

    private static final class Group {
        private final Check check;
        private final List<String> about;
        private final List<Evidence> examples = new ArrayList<>();
        private Severity severity;
        private String says;
        private long times;
        private String first = "";
        private String last = "";

        Group(Check check, Severity severity, List<String> about, String says) {
            this.check = check;
            this.severity = severity;
            this.about = about;
            this.says = says;
        }
    }

    /** @param says kept of the gravest and first one */
    void add(Check check, Severity severity, String says, Seen on, String... about) {
        if (inRange.test(on.time())) {
            add(check, severity, says, List.of(on), List.of(about));
        }
    }

    /** What became so at another time than its record's. */
    void addSince(Instant since, Check check, Severity severity, String says, Seen on, String... about) {
        if (inRange.test(since)) {
            add(check, severity, says, List.of(on), List.of(about));
        }
    }

    /** Of a whole series, which is judged by its last record. */
    void addSeries(Check check, Severity severity, String says, List<Seen> on, String... about) {
        if (inRange.test(on.getLast().time())) {
            add(check, severity, says, on, List.of(about));
        }
    }

    /** Of what is not there. */
    void addAbsent(Check check, Severity severity, String says, String... about) {
        add(check, severity, says, List.of(), List.of(about));
    }

    private void add(Check check, Severity severity, String says, List<Seen> on, List<String> about) {
        List<String> key = new ArrayList<>(about);
        key.addFirst(check.wire());
        Group group = groups.get(key);
        if (group == null) {
            if (groups.size() >= MOST) {
                dropped++;
                if (!makeRoom(severity)) {
                    return;
                }
            }
            group = new Group(check, severity, about, says);
            groups.put(key, group);
            keys(severity).add(key);
        }
        if (severity.compareTo(group.severity) < 0) {
            keys(group.severity).remove(key);
            keys(severity).add(key);
            group.severity = severity;
            group.says = says;
        }
        for (Seen seen : on) {
            count(group, seen);
        }
    }

    /** The newest of the least grave ones goes, if it is less grave than this: many small ones hide no grave one. */
    private boolean makeRoom(Severity severity) {
        for (Severity least : List.of(Severity.values()).reversed()) {
            SequencedSet<List<String>> candidates = keys(least);
            if (least.compareTo(severity) > 0 && !candidates.isEmpty()) {
                groups.remove(candidates.removeLast());
                return true;
            }
        }
        return false;
    }

    private SequencedSet<List<String>> keys(Severity severity) {
        return bySeverity.computeIfAbsent(severity, ignored -> new LinkedHashSet<>());
    }

    private static void count(Group group, Seen seen) {
        group.times++;
        group.first = group.first.isEmpty() ? seen.time().toString() : group.first;
        group.last = seen.time().toString();
        if (group.examples.size() < EXAMPLES) {
            group.examples.add(new Evidence(seen.index(), seen.id()));
        }
    }

    /** Findings that were too many to keep. */
    long dropped() {
        return dropped;
    }

    /** Gravest first, then in the order of the checks and of their subjects. */
    List<Finding> all() {
        List<Finding> all = new ArrayList<>();
        groups.forEach((key, group) -> all.add(new Finding(
                id(key),
                group.check,
                group.severity,
                group.about,
                group.says,
                group.times,
                group.first,
                group.last,
                group.examples)));
        all.sort(Comparator.comparing(Finding::severity)
                .thenComparing(Finding::check)
                .thenComparing(finding -> String.join("\u0000", finding.about())));
        return all;
    }

    private static String id(List<String> key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] whole = digest.digest(String.join("\u0000", key).getBytes(StandardCharsets.UTF_8));
            return "rf_" + HexFormat.of().formatHex(whole, 0, ID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
