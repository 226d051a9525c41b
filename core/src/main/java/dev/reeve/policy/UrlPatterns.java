package dev.reeve.policy;

import dev.reeve.policy.PolicySource.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Patterns of names in rules, and what is special about those of URLs. What allows is about the whole URL; what denies, holds or labels also about the same URL with any query and with a
 * slash at its end ({@link dev.reeve.action.Access#allNames}).
 */
public final class UrlPatterns {
    /** Behind a host. Of a path that is no more than the slash it stays. */
    private static final Pattern SLASH_AT_END = Pattern.compile("(?<=[^*/:])/(?=\\?|$)");

    private static final String URL = "url:";

    private static final Pattern WILD = Pattern.compile("\\*+");

    private UrlPatterns() {}

    /** @throws IllegalArgumentException if it is no pattern, or nothing is ever named so */
    public static Glob of(String pattern) {
        Glob glob = Glob.of(pattern);
        FilePatterns.check(glob);
        if (pattern.startsWith("url:http://") || pattern.startsWith("url:https://")) {
            check(pattern.substring("url:".length()));
        }
        return glob;
    }

    /** A pattern of what allows, or takes out of what forbids: it goes no further than it says ({@link Glob#allowing}). */
    static Glob allowing(String pattern) {
        of(pattern);
        return Glob.allowing(pattern);
    }

    /** A pattern of what denies, holds or labels: a slash at its end makes no difference. */
    static Glob restricting(String pattern) {
        of(pattern);
        return labelling(pattern);
    }

    /** The same of what the compiler has looked at before. */
    public static Glob labelling(String pattern) {
        String bare = pattern.startsWith("url:") ? SLASH_AT_END.matcher(pattern).replaceFirst("") : pattern;
        return Glob.of(bare.indexOf('/', bare.indexOf("://") + 3) >= 0 ? bare : pattern);
    }

    static Optional<Glob> resource(Effect effect, PolicySource.Target target) {
        return target.resource().map(effect == Effect.ALLOW ? UrlPatterns::allowing : UrlPatterns::restricting);
    }

    static Optional<Glob> except(Effect effect, PolicySource.Target target) {
        return target.except().map(effect == Effect.ALLOW ? UrlPatterns::restricting : UrlPatterns::allowing);
    }

    /** With what stands for a wildcard: if that is another URL by its name, this is the name of none. */
    private static void check(String pattern) {
        String some = WILD.matcher(pattern).replaceAll("a");
        try {
            String named = ResourceNames.url(some);
            boolean wildEnd = pattern.endsWith("*") && named.equals(some + "/");
            if (!named.equals(some) && !wildEnd) {
                throw new IllegalArgumentException(
                        "no URL is named `" + pattern + "`: such a one is named as `" + named + "`");
            }
        } catch (ResourceNames.RefusedException e) {
            if (some.equals(pattern)) {
                throw new IllegalArgumentException("no URL is named `" + pattern + "`: " + e.getMessage(), e);
            }
        }
    }

    /** Patterns that match nothing but what a rule that denies or holds by this one is about; perhaps not all of it. */
    public static List<Glob> surelyRestricted(Glob pattern) {
        String text = pattern.toString();
        boolean surely = text.startsWith(URL) && !text.contains("**") && !text.contains("?");
        return surely ? restricted(pattern) : List.of(pattern);
    }

    /** Patterns of which some matches what a rule that denies or holds by this one is about; they may match more. */
    public static List<Glob> restricted(Glob pattern) {
        boolean ofUrls = pattern.prefix().startsWith(URL) || (!pattern.isLiteral() && URL.startsWith(pattern.prefix()));
        if (!ofUrls || pattern.toString().endsWith("**")) {
            return List.of(pattern);
        }
        List<Glob> all = new ArrayList<>(List.of(pattern));
        for (String end : List.of("/", "?**", "/?**")) {
            all.add(pattern.then(end));
        }
        return all;
    }
}
