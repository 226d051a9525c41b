package dev.reeve.review;

import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The hour before an agent or a key ended, and what came after. */
final class Endings implements Detector {
    private static final int MOST_AGENTS = 20_000;

    /** So much in the last hour is looked at, if it is so many times what was usual. */
    private static final int MANY = 20;

    private static final double TIMES = 3;

    /** What was decided just before may be recorded just after. */
    private static final Duration LATE = Duration.ofSeconds(10);

    private final Map<String, Lately> agents = new Recent<>(MOST_AGENTS);
    private final Map<String, String> agentsOfKeys = new Recent<>(MOST_AGENTS);
    private final Map<String, Instant> ended = new Recent<>(MOST_AGENTS);

    @Override
    public void take(Seen record, Findings findings) {
        if (record.isAllowed()) {
            acted(record, findings);
        } else if (record.kind().equals("control")) {
            done(record, findings);
        }
    }

    private void acted(Seen action, Findings findings) {
        agents.computeIfAbsent(action.agent(), ignored -> new Lately()).add(action);
        agentsOfKeys.put(action.instance(), action.agent());
        late(action, action.agent(), findings);
        late(action, action.instance(), findings);
    }

    private void late(Seen action, String name, Findings findings) {
        Instant end = ended.get(name);
        if (end != null && action.time().isAfter(end.plus(LATE))) {
            findings.add(
                    Check.AFTER_THE_END, Severity.HIGH, "its end is recorded before", action, action.agent(), name);
        }
    }

    private void done(Seen act, Findings findings) {
        switch (act.text("act")) {
            case "agent_retire", "agent_suspend" -> end(act, act.subject(), act.subject(), findings);
            case "key_revoke" -> end(act, act.subject(), agentsOfKeys.getOrDefault(act.subject(), ""), findings);
            case "agent_resume" -> ended.remove(act.subject());
            default -> {}
        }
    }

    private void end(Seen act, String name, String agent, Findings findings) {
        ended.put(name, act.time());
        Lately lately = agents.get(agent);
        if (lately == null) {
            return;
        }
        Optional<String> busy = lately.busy(act.time());
        busy.ifPresent(says -> findings.add(
                Check.BUSY_BEFORE_THE_END,
                lately.labelled(act.time()) > 0 ? Severity.HIGH : Severity.MEDIUM,
                says,
                act,
                agent,
                act.text("act") + " " + name));
    }

    /** What one agent did: in all, and in each of the last sixty minutes. */
    private static final class Lately {
        private static final int MINUTES = 60;

        private final int[] actions = new int[MINUTES];
        private final int[] labelled = new int[MINUTES];
        private final long[] minutes = new long[MINUTES];
        private long first = -1;
        private long all;

        void add(Seen action) {
            long minute = minute(action.time());
            int slot = (int) Math.floorMod(minute, (long) MINUTES);
            if (minutes[slot] != minute) {
                minutes[slot] = minute;
                actions[slot] = 0;
                labelled[slot] = 0;
            }
            actions[slot]++;
            labelled[slot] += action.isLabelled() ? 1 : 0;
            first = first < 0 ? minute : first;
            all++;
        }

        private static long minute(Instant time) {
            return time.getEpochSecond() / 60;
        }

        private int sum(int[] counts, Instant end) {
            long from = minute(end) - MINUTES;
            int sum = 0;
            for (int slot = 0; slot < MINUTES; slot++) {
                sum += minutes[slot] > from ? counts[slot] : 0;
            }
            return sum;
        }

        int labelled(Instant end) {
            return sum(labelled, end);
        }

        /** Empty if the last hour was as any other; an agent that lived for less than two has no usual. */
        Optional<String> busy(Instant end) {
            int hour = sum(actions, end);
            double hoursBefore = (minute(end) - MINUTES - first) / (double) MINUTES;
            if (hour < MANY || hoursBefore < 1) {
                return Optional.empty();
            }
            double usual = (all - hour) / hoursBefore;
            return hour < TIMES * usual
                    ? Optional.empty()
                    : Optional.of(hour + " actions in its last hour, " + labelled(end)
                            + " of them on labelled data; before, "
                            + Json.Num.of(Math.round(usual * 10) / 10.0) + " an hour");
        }
    }
}
