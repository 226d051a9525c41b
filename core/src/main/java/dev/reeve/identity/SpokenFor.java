package dev.reeve.identity;

/**
 * Instances of principals for whom an enforcement point speaks. Nobody shows a credential of theirs, so the instance is the point's key and
 * whom it speaks for: it ends with that key, and is never the instance of somebody who came himself (R11).
 */
public final class SpokenFor {
    private static final char OF = '/';
    /** No agent has such a name. */
    private static final String USERS = "@users";

    private static final String AGENT = "@spoken-for";

    private SpokenFor() {}

    /** @param key the point's credential */
    public static String agent(String key, String agent) {
        return key + OF + agent;
    }

    /** All users of a point are one instance: it is the point that acts for them. */
    public static String users(String key) {
        return key + OF + USERS;
    }

    public static boolean is(String instance) {
        return instance.indexOf(OF) >= 0;
    }

    public static boolean isAgent(String instance) {
        return is(instance) && !instance.endsWith(OF + USERS);
    }

    /**
     * Under which what it receives is remembered: that of an agent outlives the point's key, since the agent does; that of users is the point's.
     */
    public static String memory(String instance) {
        return isAgent(instance) ? AGENT : key(instance);
    }

    /** Whether what is remembered under this is of an agent that points spoke for. */
    public static boolean isAgentsMemory(String memory) {
        return memory.equals(AGENT);
    }

    /** The credential that it ends with: the instance itself of somebody who came himself. */
    public static String key(String instance) {
        int end = instance.indexOf(OF);
        return end < 0 ? instance : instance.substring(0, end);
    }
}
