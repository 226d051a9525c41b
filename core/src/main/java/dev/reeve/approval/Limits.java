package dev.reeve.approval;

/**
 * Against tiring people out, and against filling memory and rows with what they are asked.
 *
 * @param waiting questions of one agent that wait at once
 * @param askedAnHour questions of one agent
 * @param approvedAnHour what one person may approve
 * @param room how much of questions is kept
 * @param results how much of results is kept that wait
 */
public record Limits(int waiting, int askedAnHour, int approvedAnHour, Room room, Results results) {
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

    /** With the usual results. */
    public Limits(int waiting, int askedAnHour, int approvedAnHour, Room room) {
        this(waiting, askedAnHour, approvedAnHour, room, Results.USUAL);
    }

    /**
     * In bytes of what is kept: a result as it would go out, and as people see it.
     *
     * @param one a larger one is not kept: nobody could read it
     * @param agent of one agent together
     * @param all of everybody together
     */
    public record Results(long one, long agent, long all) {
        public static final Results USUAL = new Results(256L << 10, 2L << 20, 32L << 20);

        public Results {
            if (one < 1 || agent < one || all < agent) {
                throw new IllegalArgumentException("there is room for one result of an agent, and for one agent");
            }
        }
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
