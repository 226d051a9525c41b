package dev.reeve.review;

import dev.reeve.json.Json;
import java.util.List;

/**
 * What a review found.
 *
 * @param records how many were looked at
 * @param actions how many of them are decisions in the range
 * @param dropped findings that were too many to keep
 * @param permissions whether permissions were looked at
 * @param hidden actions of which the record does not say what they touched; what only they needed seems unused
 */
public record Report(
        List<Finding> findings, long records, long actions, long dropped, boolean permissions, long hidden) {
    public Report {
        findings = List.copyOf(findings);
    }

    public long count(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    public boolean hasAtLeast(Severity severity) {
        return findings.stream().anyMatch(finding -> finding.severity().isAtLeast(severity));
    }

    public Json.Obj json() {
        return counts().put(
                        "findings",
                        new Json.Arr(findings.stream().<Json>map(Finding::json).toList()))
                .build();
    }

    /** Without the findings. */
    public Json.Builder counts() {
        return Json.object()
                .put("records", records)
                .put("actions", actions)
                .put("high", count(Severity.HIGH))
                .put("medium", count(Severity.MEDIUM))
                .put("low", count(Severity.LOW))
                .put("dropped", dropped)
                .put("permissions", permissions)
                .put("hidden", hidden);
    }

    public String summary() {
        return records + " records, " + actions + " actions: " + count(Severity.HIGH) + " high, "
                + count(Severity.MEDIUM) + " medium, " + count(Severity.LOW) + " low"
                + (dropped > 0 ? ", and more than could be kept" : "");
    }
}
