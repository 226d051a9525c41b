package dev.reeve.approval;

/**
 * Against tiring people out.
 *
 * @param waiting questions of one agent that wait at once
 * @param askedAnHour questions of one agent
 * @param approvedAnHour what one person may approve
 */
public record Limits(int waiting, int askedAnHour, int approvedAnHour) {
    public static final Limits USUAL = new Limits(20, 60, 60);

    public Limits {
        if (waiting < 1 || askedAnHour < 1 || approvedAnHour < 1) {
            throw new IllegalArgumentException("a limit of approvals is at least 1");
        }
    }
}
