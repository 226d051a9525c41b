package dev.reeve.gate;

/**
 * Who has a say beside the policy.
 *
 * @param stops what is stopped, whatever the policy says
 * @param approvals what people said of single actions
 * @param judges whom the policy may want to hear
 * @param grants what people gave for a time
 * @param tokens what agents got instead of values
 */
public record Voices(Stops stops, Approvals approvals, Judges judges, Grants grants, Tokens tokens) {
    public static final Voices NONE = new Voices(Stops.NONE, Approvals.NOBODY, Judges.NONE);

    /** Where nobody gives anything for a time. */
    public Voices(Stops stops, Approvals approvals, Judges judges) {
        this(stops, approvals, judges, Grants.NONE);
    }

    /** Where values are never tokens. */
    public Voices(Stops stops, Approvals approvals, Judges judges, Grants grants) {
        this(stops, approvals, judges, grants, Tokens.NONE);
    }
}
