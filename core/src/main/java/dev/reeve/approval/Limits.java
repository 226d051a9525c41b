package dev.reeve.approval;

/**
 * Against tiring people out, and against filling memory and rows with what they are asked.
 *
 * @param waiting questions of one agent that wait at once
 * @param askedAnHour questions of one agent
 * @param approvedAnHour what one person may approve
 * @param room how much of questions is kept
 */
public record Limits(int waiting, int askedAnHour, int approvedAnHour, Room room) {
    public static final Limits USUAL = new Limits(20, 60, 60);

    public Limits {
        if (waiting < 1 || askedAnHour < 1 || approvedAnHour < 1) {
            throw new IllegalArgumentException("a limit of approvals is at least 1");
        }
    }

    /** With the usual room. */
    public Limits(int waiting, int askedAnHour, int approvedAnHour) {
        this(waiting, askedAnHour, approvedAnHour, Room.USUAL);
    }

    /**
     * In characters, with 32 more for each value.
     *
     * @param question one that is larger is not asked: nobody could read it
     * @param agent open questions of one agent together
     * @param all open questions of everybody together
     * @param ended so many that ended are kept to be looked at, without their arguments
     */
    public record Room(long question, long agent, long all, int ended) {
        public static final Room USUAL = new Room(64L << 10, 512L << 10, 8L << 20, 1_000);

        public Room {
            if (question < 1 || agent < question || all < agent || ended < 0) {
                throw new IllegalArgumentException("there is room for one question of an agent, and for one agent");
            }
        }
    }
}
