package dev.reeve.config;

import dev.reeve.analysis.Asking;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.Widening;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Catalogue and policies that were read without an error.
 *
 * @param points who may ask for verdicts, and about whom
 * @param version SHA-256 over names and bytes of the files, in hexadecimal: the same files give the same version anywhere
 * @param files their text by name, so that a version can be stored by its content (R27)
 */
public record PolicySet(
        PolicySource source, List<EnforcementPoint> points, String version, SortedMap<String, String> files) {
    /** Nobody may do anything. */
    public static final PolicySet EMPTY = new PolicySet(PolicySource.EMPTY, List.of(), "", new TreeMap<>());

    public PolicySet {
        points = List.copyOf(points);
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    /** The points, as far as they matter to who can reach what. */
    public List<Asking> askers() {
        return points.stream().map(EnforcementPoint::asking).toList();
    }

    /** By what it may allow more, or tell more, than the one before (R27). */
    public List<Widening> widerThan(PolicySet before) {
        List<Widening> wider = new ArrayList<>(Widening.between(before.source, source));
        for (EnforcementPoint point : points) {
            if (before.points.stream().noneMatch(point::isWrittenAs)) {
                wider.add(new Widening(
                        point.place(),
                        "enforcement_points." + point.name(),
                        "is new or another: for whom it speaks, or what it is told"));
            }
        }
        return List.copyOf(wider);
    }
}
