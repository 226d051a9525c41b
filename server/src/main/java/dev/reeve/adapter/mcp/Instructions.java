package dev.reeve.adapter.mcp;

/** What clients are told about using what they see here: our own words, and those of servers that somebody approved (R19). */
final class Instructions {
    private static final String OURS = "Reeve stands between you and these tools. Each call is checked against your "
            + "operator's policy and recorded. If a call is not allowed, the answer says so and gives a ticket: do not try to get "
            + "around it, tell your user. The tool `reeve_status` says what you can use here.";

    /** A model reads all of it each time. */
    private static final int LONGEST = 16 << 10;

    private final Surroundings around;
    private final Listings listings;

    Instructions(Surroundings around, Listings listings) {
        this.around = around;
        this.listings = listings;
    }

    String of(Caller caller) {
        StringBuilder all = new StringBuilder(OURS);
        boolean one = caller.route() instanceof Route.One;
        for (String upstream : caller.route().upstreams(around.upstreams().names())) {
            listings.instructions(caller, upstream)
                    .filter(text -> all.length() + text.length() <= LONGEST)
                    .ifPresent(text -> all.append("\n\n")
                            .append(one ? "" : "The server `" + upstream + "` says about its tools:\n")
                            .append(text));
        }
        return all.toString();
    }
}
