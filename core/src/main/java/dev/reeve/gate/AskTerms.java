package dev.reeve.gate;

import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * On which terms people answer what a rule asks.
 *
 * @param quorum how many different people must say yes
 * @param expires how long is waited for them, and then for the agent to come back
 * @param escalation who may answer too when nobody did for some time
 * @param hours when a yes counts; always, if empty
 * @param reasonRequired a yes needs a reason
 * @param grant for how long at most a yes may stand for a pattern of calls; empty: it is for one call
 */
public record AskTerms(
        int quorum,
        Duration expires,
        Optional<Escalation> escalation,
        Optional<Hours> hours,
        boolean reasonRequired,
        Optional<Duration> grant) {
    public static final int MOST_PEOPLE = 10;
    public static final Duration LONGEST = Duration.ofDays(7);

    public static final Duration SHORTEST_GRANT = Duration.ofMinutes(1);
    public static final Duration LONGEST_GRANT = Duration.ofDays(7);

    /** One person, for an hour. */
    public static final AskTerms USUAL =
            new AskTerms(1, Duration.ofHours(1), Optional.empty(), Optional.empty(), false);

    /** Where a yes is for one call. */
    public AskTerms(
            int quorum,
            Duration expires,
            Optional<Escalation> escalation,
            Optional<Hours> hours,
            boolean reasonRequired) {
        this(quorum, expires, escalation, hours, reasonRequired, Optional.empty());
    }

    public AskTerms {
        if (quorum < 1 || quorum > MOST_PEOPLE) {
            throw new IllegalArgumentException("a quorum is 1 to " + MOST_PEOPLE + " people");
        }
        if (expires.compareTo(Duration.ofMinutes(1)) < 0 || expires.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("what is asked expires after 1m to 7d");
        }
        if (grant.filter(it -> it.compareTo(SHORTEST_GRANT) < 0 || it.compareTo(LONGEST_GRANT) > 0)
                .isPresent()) {
            throw new IllegalArgumentException("a grant is for 1m to 7d");
        }
    }

    /** @param to as {@code by} of a rule */
    public record Escalation(Duration after, List<String> to) {
        public Escalation {
            to = List.copyOf(to);
        }
    }

    /** Digest of what a rule of this name asks of these people; not of the line, nor of the words. */
    public String key(String rule, List<String> by) {
        return CanonicalDigest.of(bound(rule, by));
    }

    /** What of a rule that asks is bound. */
    public Json.Obj bound(String rule, List<String> by) {
        return Json.object()
                .put("rule", rule)
                .put("by", Json.Arr.ofStrings(by))
                .put("terms", asJson())
                .build();
    }

    /** All of it, for records and for comparing. */
    public Json.Obj asJson() {
        Json.Builder all = Json.object().put("quorum", quorum).put("expires", expires.toString());
        escalation.ifPresent(one ->
                all.put("escalate_after", one.after().toString()).put("escalate_to", Json.Arr.ofStrings(one.to())));
        grant.ifPresent(most -> all.put("grant", most.toString()));
        return all.put("hours", hours.map(Hours::toString))
                .put("reason_required", reasonRequired)
                .build();
    }
}
