package dev.reeve.budget;

import dev.reeve.action.Action;
import dev.reeve.gate.Facts;
import dev.reeve.gate.RuleRef;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One limit of a policy.
 *
 * @param id of what is counted: same id, same count, whatever the ceiling is
 * @param max never more than this; from 1 on
 * @param window empty for what counts as long as it runs
 * @param rest of failures: how long nothing is let through once there are {@code max}
 * @param worst of rows and bytes: what one result may come to; empty: all that is left
 * @param about which actions it counts
 */
public record Limit(
        String id,
        RuleRef ref,
        List<Per> per,
        Quantity count,
        long max,
        Optional<Duration> window,
        Optional<Duration> rest,
        OptionalLong worst,
        String reason,
        boolean tellAgent,
        About about) {
    /** Beyond it a count is no exact number in JSON. */
    public static final long MOST = 9_007_199_254_740_991L;

    public Limit {
        if (max < 1 || max > MOST || per.isEmpty()) {
            throw new IllegalArgumentException("a limit is at least 1, by something");
        }
        per = List.copyOf(per);
    }

    /** Which actions a limit counts. */
    public interface About {
        boolean matches(Action action, Facts facts);

        /** Of an action that was denied before it was known what it touches. */
        boolean mayMatch(Action action);
    }

    /**
     * @param target which actions, as it is written
     */
    public static String id(List<Per> per, Quantity count, Optional<Duration> window, String target) {
        Json.Obj what = Json.object()
                .put("count", count.word())
                .put(
                        "per",
                        Json.Arr.ofStrings(per.stream().map(Per::word).sorted().toList()))
                .put("target", target)
                .put("window", window.map(Duration::toString))
                .build();
        return CanonicalDigest.of(what).substring(0, 16);
    }

    /** How long its window is, as people write it: {@code 1h30m}. Empty for what counts as long as it runs. */
    public Optional<String> span() {
        return window.map(length -> length.toString().substring(2).toLowerCase(Locale.ROOT));
    }

    long width() {
        return window.map(Duration::toNanos).orElse(Window.FOREVER);
    }

    /** Of whom it counts apart: several where somebody has several roles, none where somebody has none, acts for no user, or asks no model. */
    List<String> subjects(Per.Who who) {
        if (per.size() == 1) {
            return values(per.getFirst(), who);
        }
        List<String> keys = List.of("");
        for (Per one : per) {
            List<String> longer = new ArrayList<>();
            for (String value : values(one, who)) {
                for (String key : keys) {
                    longer.add(key.isEmpty() ? value : key + '\n' + value);
                }
            }
            keys = longer;
        }
        return keys;
    }

    private static List<String> values(Per per, Per.Who who) {
        return switch (per) {
            case AGENT -> List.of("agent " + who.tenant() + '/' + who.agent());
            case INSTANCE -> List.of("instance " + who.tenant() + '/' + who.instance());
            case ROLE ->
                who.roles().stream()
                        .map(role -> "role " + who.tenant() + '/' + role)
                        .toList();
            case TENANT -> List.of("tenant " + who.tenant());
            case TOOL -> List.of("tool " + who.subject());
            case MODEL -> who.models().stream().map(model -> "model " + model).toList();
            case USER -> who.user().isEmpty() ? List.of() : List.of("user " + who.tenant() + '/' + who.user());
            case SESSION -> List.of("session " + who.tenant() + '/' + who.session());
            case EVERYTHING -> List.of("everything");
        };
    }
}
