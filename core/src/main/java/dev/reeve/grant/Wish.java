package dev.reeve.grant;

import dev.reeve.json.Json;
import dev.reeve.policy.Glob;
import dev.reeve.policy.UrlPatterns;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What a person wants to give of what the policy lets people give. Everything but who and how long only narrows.
 *
 * @param owner of the agent
 * @param tool a pattern
 * @param resource a pattern
 * @param actions empty: each that is in it
 * @param arguments that must be exactly so
 */
public record Wish(
        Recipient to,
        Optional<String> owner,
        Duration length,
        Optional<String> tool,
        Optional<String> resource,
        Set<String> actions,
        Json.Obj arguments) {
    private static final int MOST_ARGUMENTS = 32;

    /** @throws IllegalArgumentException if a pattern is none or nothing is named by it, or there is too much of something */
    public Wish {
        actions = Set.copyOf(actions);
        tool.ifPresent(Glob::of);
        resource.ifPresent(UrlPatterns::of);
        if (arguments.members().size() > MOST_ARGUMENTS) {
            throw new IllegalArgumentException("at most " + MOST_ARGUMENTS + " arguments are named");
        }
    }
}
