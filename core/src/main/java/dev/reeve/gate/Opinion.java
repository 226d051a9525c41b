package dev.reeve.gate;

import java.util.List;

/** What a judge said of an action. A fact like others: fetched before it counts, recorded, used again by replay (R1). */
public sealed interface Opinion {
    /** The judge's name, as the policy calls it. */
    String judge();

    /** How much a person should worry. */
    enum Level {
        LOW,
        MEDIUM,
        HIGH;

        public String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * @param version of what the judge is told to do, or of its rules
     * @param warning for whoever wants to do it; may be empty
     * @param suggestion what could be done instead; may be empty
     * @param reason for operators
     * @param features what counted, where the judge can say so
     * @param cached it was said of the same action a short time ago
     */
    record Given(
            String judge,
            String version,
            Level level,
            String warning,
            String suggestion,
            String reason,
            List<Feature> features,
            boolean cached)
            implements Opinion {
        public Given {
            features = List.copyOf(features);
        }
    }

    /**
     * It could not be asked, or answered nothing that counts.
     *
     * @param unasked it could have answered, but was not asked, for what whoever acts has some say in: too long an action, too many of
     *     them. No policy lets that go on: padding would be a way around the judge
     */
    record Down(String judge, String why, boolean unasked) implements Opinion {
        public Down(String judge, String why) {
            this(judge, why, false);
        }
    }

    /**
     * One thing that counted.
     *
     * @param name stable, snake case
     * @param points added to the score; negative calms
     * @param says for people
     */
    record Feature(String name, int points, String says) {}
}
