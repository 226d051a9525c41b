package dev.reeve.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a rule or a permission is about, whatever it says of it and under whichever condition. A part that is not there is every tool,
 * resource, agent or role.
 */
public record Scope(
        Optional<Glob> tool,
        Optional<Glob> resource,
        Optional<Glob> except,
        long verbs,
        Optional<Glob> agent,
        Optional<String> role) {

    /** @throws IllegalArgumentException if a pattern is none */
    public static Scope of(PolicySource.Effect effect, PolicySource.Target target, Verbs verbs) {
        boolean allows = effect == PolicySource.Effect.ALLOW;
        return new Scope(
                target.tool().map(Glob::of),
                target.resource().map(allows ? Glob::allowing : UrlPatterns::labelling),
                target.except().map(allows ? UrlPatterns::labelling : Glob::allowing),
                target.action().map(verb -> verbs.mask(List.of(verb))).orElse(-1L),
                target.agent().map(Glob::of),
                target.role());
    }

    /** @throws IllegalArgumentException if its resource is no pattern */
    public static Scope of(String role, PolicySource.Permission permission, Verbs verbs) {
        return new Scope(
                Optional.empty(),
                Optional.of(Glob.allowing(permission.resource())),
                Optional.empty(),
                verbs.mask(permission.actions()),
                Optional.empty(),
                Optional.of(role));
    }

    /** Whether this is about everything that {@code narrow} is about. May say no too often, never yes too often. */
    public boolean covers(Scope narrow) {
        return (verbs & narrow.verbs) == narrow.verbs
                && (role.isEmpty() || role.equals(narrow.role))
                && (except.isEmpty() || (narrow.except.isPresent() && covers(narrow.except, except)))
                && covers(agent, narrow.agent)
                && covers(tool, narrow.tool)
                && coversResource(narrow);
    }

    private boolean coversResource(Scope narrow) {
        if (resource.isEmpty()) {
            return true;
        }
        return narrow.resource
                .filter(glob -> NameSearch.covers(resource.get(), glob)
                        || widerNames(glob).stream().anyMatch(resource.get()::matches))
                .isPresent();
    }

    private static boolean covers(Optional<Glob> wide, Optional<Glob> narrow) {
        return wide.isEmpty()
                || narrow.filter(glob -> NameSearch.covers(wide.get(), glob)).isPresent();
    }

    /** What everything that the pattern matches is a part of: {@code crm} and {@code db:crm/t} of {@code db:crm/t.*}, and of {@code api:crm/x} the API. */
    public static List<String> widerNames(Glob resource) {
        String prefix = resource.prefix();
        int slash = prefix.indexOf('/');
        if (slash > 0 && prefix.startsWith("api:")) {
            return List.of(prefix.substring("api:".length(), slash));
        }
        if (slash < 0 || !prefix.startsWith("db:")) {
            return List.of();
        }
        List<String> wider = new ArrayList<>(2);
        wider.add(prefix.substring("db:".length(), slash));
        for (int dot = prefix.indexOf('.', slash); dot >= 0; dot = prefix.indexOf('.', dot + 1)) {
            wider.add(prefix.substring(0, dot));
        }
        return wider;
    }
}
