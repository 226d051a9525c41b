package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Operation;
import dev.reeve.gate.TimedGrant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What may be given for a time, compiled; and whether something that was given is about an access. */
final class Offers {
    static final Offers NONE = new Offers(Map.of());

    private final Map<String, Offer> byName;

    Offers(Map<String, Offer> byName) {
        this.byName = new TreeMap<>(byName);
    }

    /** Under which name its permissions stand among those of roles. No role can be called so. */
    static String role(String grantable) {
        return "grantable " + grantable;
    }

    Collection<Offer> all() {
        return byName.values();
    }

    /** As long as the policy says of it what it said when it was given. */
    boolean stands(TimedGrant.Permission grant) {
        Offer offer = byName.get(grant.grantable());
        return offer != null && offer.terms().equals(grant.terms());
    }

    /** The roles that stand for what was given. */
    List<String> roles(List<TimedGrant> grants) {
        List<String> roles = new ArrayList<>();
        for (TimedGrant grant : grants) {
            if (grant instanceof TimedGrant.Permission given && stands(given)) {
                roles.add(role(given.grantable()));
            }
        }
        return roles;
    }

    /** Why what was given is not about this, whatever its permissions say; empty if it may be. */
    Optional<String> missing(TimedGrant.Permission grant, Condition.Input input, Verbs verbs) {
        Access access = input.access();
        if (!stands(grant)) {
            return Optional.of("the policy says something else of `" + grant.grantable() + "` than when it was given");
        }
        Operation operation = input.action().operation();
        if (!matches(grant.tool(), operation.isNamedByUpstream() ? List.of(operation.subject()) : List.of())) {
            return Optional.of("it was given for another tool");
        }
        if (!matches(grant.resource(), access.names())) {
            return Optional.of("it was given for another resource");
        }
        if (!grant.actions().isEmpty() && (verbs.mask(grant.actions()) & verbs.bit(access.verb())) == 0) {
            return Optional.of("it was not given for the action `" + access.verb() + "`");
        }
        if (!argumentsHold(grant, input)) {
            return Optional.of("it was given for other arguments");
        }
        return Answers.readings(input.action().operation()).stream()
                        .allMatch(fields -> argumentsHold(grant, Answers.over(input, fields)))
                ? Optional.empty()
                : Optional.of("it was given for other arguments than what was answered to the server");
    }

    private static boolean argumentsHold(TimedGrant.Permission grant, Condition.Input input) {
        return grant.argumentsHold(input.access()
                .arguments()
                .orElseGet(() -> input.action().operation().arguments()));
    }

    private static boolean matches(Optional<String> pattern, List<String> names) {
        return pattern.map(Glob::allowing)
                .filter(glob -> names.stream().noneMatch(glob::matches))
                .isEmpty();
    }
}
