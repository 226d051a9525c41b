package dev.reeve.judge;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each agent usually does, by what it was allowed to do: which tools and resources, how much in a minute, at which hours. In memory and
 * bounded; read again from the record when it is first needed. Safe for use by many threads.
 */
public final class Habits {
    private static final int MOST_AGENTS = 10_000;
    private static final int MOST_TOOLS = 500;
    private static final int MOST_RESOURCES = 2_000;
    private static final int MOST_CALLS = 500;
    private static final int HOURS = 24;
    /** In seconds. */
    private static final long HOUR = 3_600;

    private final ConcurrentHashMap<String, Agent> agents = new ConcurrentHashMap<>();

    /**
     * What is known of an agent when it wants something.
     *
     * @param actions it ever did, as far as is remembered
     * @param ofTool how many of these with this tool
     * @param newResource whether it never touched one of these resources
     * @param inThisHour how many of these at this hour of the day (UTC)
     * @param lastMinute how many in the last minute
     * @param mostInMinute how many in the busiest minute before
     * @param sameSeconds how long ago it did exactly the same; -1 if it did not, or long ago
     */
    public record Known(
            long actions,
            long ofTool,
            boolean newResource,
            long inThisHour,
            long lastMinute,
            long mostInMinute,
            long sameSeconds) {}

    /** Something that it was allowed to do. */
    public void observe(String tenant, String agent, Doing doing) {
        String key = key(tenant, agent);
        Agent one = agents.get(key);
        if (one == null) {
            if (agents.size() >= MOST_AGENTS) {
                return;
            }
            one = agents.computeIfAbsent(key, ignored -> new Agent());
        }
        one.observe(doing);
    }

    public Known of(String tenant, String agent, Doing doing) {
        Agent one = agents.get(key(tenant, agent));
        return one == null ? new Known(0, 0, true, 0, 0, 0, -1) : one.known(doing);
    }

    private static String key(String tenant, String agent) {
        return tenant + "/" + agent;
    }

    /** @param call of tool and arguments, by which the same is known again ({@link Likeness}) */
    public record Doing(String tool, List<String> resources, long call, Instant when) {
        public Doing {
            resources = List.copyOf(resources);
        }
    }

    /** Keeps what was used last. */
    private static final class Recent<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1;
        private final int most;

        Recent(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }

    /** One agent's. */
    private static final class Agent {
        private final Map<String, Long> tools = new Recent<>(MOST_TOOLS);
        private final Map<String, Boolean> resources = new Recent<>(MOST_RESOURCES);
        private final Map<Long, Long> calls = new Recent<>(MOST_CALLS);
        private final long[] hours = new long[HOURS];
        private long actions;
        private long minute = Long.MIN_VALUE;
        private long inMinute;
        private long mostInMinute;

        synchronized void observe(Doing doing) {
            actions++;
            tools.merge(doing.tool(), 1L, Long::sum);
            doing.resources().forEach(name -> resources.put(name, true));
            calls.put(doing.call(), doing.when().getEpochSecond());
            hours[hour(doing.when())]++;
            turnTo(doing.when());
            inMinute++;
        }

        private void turnTo(Instant when) {
            long now = when.getEpochSecond() / 60;
            if (now > minute) {
                mostInMinute = Math.max(mostInMinute, inMinute);
                minute = now;
                inMinute = 0;
            }
        }

        synchronized Known known(Doing doing) {
            turnTo(doing.when());
            Long before = calls.get(doing.call());
            return new Known(
                    actions,
                    tools.getOrDefault(doing.tool(), 0L),
                    !resources.keySet().containsAll(doing.resources()),
                    hours[hour(doing.when())],
                    inMinute,
                    mostInMinute,
                    before == null ? -1 : Math.max(0, doing.when().getEpochSecond() - before));
        }

        private static int hour(Instant when) {
            return (int) Math.floorMod(Math.floorDiv(when.getEpochSecond(), HOUR), (long) HOURS);
        }
    }
}
