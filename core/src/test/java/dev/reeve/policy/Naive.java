package dev.reeve.policy;

import dev.reeve.action.Access;
import dev.reeve.action.Operation;
import dev.reeve.analysis.Actor;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Permission;
import dev.reeve.policy.PolicySource.Role;
import dev.reeve.policy.PolicySource.Rule;
import dev.reeve.policy.PolicySource.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The decision as docs/language.md says it, and nothing else: every statement is read for every request, patterns are regular expressions, verbs are
 * words. Shares no code with the compiled policy.
 */
final class Naive {
    private static final Map<String, Set<String>> COVERS =
            Map.of("read", Set.of("query"), "write", Set.of("create", "update", "delete"));

    private final PolicySource source;
    private final Map<String, Pattern> patterns = new HashMap<>();

    Naive(PolicySource source) {
        this.source = source;
    }

    /** What is asked: by whom, with which tool, which arguments, after which tags were read. */
    record Request(Actor actor, Operation operation, Set<String> read) {}

    /** "A file of a server has two names, wherever it is asked about; everything else of a server has one." */
    static Optional<List<String>> namesAtServer(Operation operation) {
        Optional<String> name = switch (operation) {
            case Operation.ResourceRead read -> Optional.of("mcp:" + read.upstream() + "/" + read.uri());
            case Operation.AccessEvaluation asked ->
                Optional.of(asked.resource()).filter(it -> it.startsWith("mcp:"));
            default -> Optional.empty();
        };
        return name.map(it -> it.matches("mcp:[^/]*/file:///.*")
                ? List.of(it, it.replaceFirst("mcp:[^/]*/file://", "file:"))
                : List.of(it));
    }

    /** "Each thing that a call touches is decided by itself, and all must be allowed." */
    String verdict(Request request, List<Access> accesses) {
        Roles roles = roles(request, accesses);
        boolean hold = false;
        for (Access access : accesses) {
            String one = verdict(request, roles, access);
            if (one.equals("deny")) {
                return "deny";
            }
            hold |= one.equals("hold");
        }
        return hold ? "hold" : "allow";
    }

    /** "Deny wins; what nothing allows is denied; what is allowed and needs an approval is held." */
    private String verdict(Request request, Roles roles, Access access) {
        boolean ask = false;
        boolean allow = false;
        for (Rule rule : source.rules()) {
            Set<String> counting = rule.effect() == Effect.ALLOW ? roles.allowing() : roles.forbidding();
            // "What an enforcement point asks about is no tool, and neither is what has a URI": a rule about tools may
            // forbid it, and does not allow it.
            boolean ofTool = rule.target().tool().isPresent()
                    && rule.effect() == Effect.ALLOW
                    && hasOtherName(request.operation());
            if (!ofTool && isAbout(rule, request, counting, access)) {
                Optional<Boolean> when =
                        rule.when().map(text -> holds(text, request, access)).orElse(Optional.of(true));
                boolean applies = when.orElse(rule.effect() != Effect.ALLOW);
                if (applies && rule.effect() == Effect.DENY) {
                    return "deny";
                }
                ask |= applies && rule.effect() == Effect.REQUIRE_APPROVAL;
                allow |= applies && rule.effect() == Effect.ALLOW;
            }
        }
        for (Role role : source.roles()) {
            for (Permission permission : role.permissions()) {
                allow |= roles.allowing().contains(role.name())
                        && allows(permission.resource(), access.names())
                        && covers(permission.actions(), access.verb())
                        && permission.conditions().stream()
                                .allMatch(text -> holds(text, request, access).orElse(false));
            }
        }
        return !allow ? "deny" : ask ? "hold" : "allow";
    }

    /** @param forbidding where something denies or asks people */
    private record Roles(Set<String> allowing, Set<String> forbidding) {}

    /**
     * "The role allows something only where its condition holds for everything that the action touches. What denies or asks by it counts as
     * soon as the condition holds for something that the action touches, or cannot be evaluated for it."
     */
    private Roles roles(Request request, List<Access> accesses) {
        Set<String> allowing = new HashSet<>(request.actor().roles());
        Set<String> forbidding = new HashSet<>(request.actor().roles());
        for (PolicySource.Assignment one : source.assignments()) {
            if (one.to().stream().anyMatch(to -> matches(to, request.actor().name()))) {
                List<Optional<Boolean>> holds = accesses.stream()
                        .map(access -> holds(one.when(), request, access))
                        .toList();
                if (!holds.isEmpty() && holds.stream().allMatch(Optional.of(true)::equals)) {
                    allowing.add(one.role());
                }
                if (!holds.stream().allMatch(Optional.of(false)::equals)) {
                    forbidding.add(one.role());
                }
            }
        }
        return new Roles(allowing, forbidding);
    }

    private static boolean hasOtherName(Operation operation) {
        return switch (operation) {
            case Operation.AccessEvaluation ignored -> true;
            case Operation.ResourceRead ignored -> true;
            default -> false;
        };
    }

    private boolean isAbout(Rule rule, Request request, Set<String> roles, Access access) {
        Target target = rule.target();
        boolean allows = rule.effect() == Effect.ALLOW;
        String subject = request.operation().subject();
        return target.tool().map(it -> matches(it, subject)).orElse(true)
                && target.resource()
                        .map(it -> allows ? allows(it, access.names()) : any(it, same(access)))
                        .orElse(true)
                && target.action().map(it -> covers(List.of(it), access.verb())).orElse(true)
                && target.agent().map(it -> matches(it, request.actor().name())).orElse(true)
                && target.role().map(roles::contains).orElse(true)
                && !target.except()
                        .map(it -> (allows ? any(it, same(access)) : allows(it, access.names()))
                                || ((allows || !hasOtherName(request.operation())) && matches(it, subject)))
                        .orElse(false);
    }

    /** "A `deny` on a URL is also about the same with any query and with a slash at its end." */
    private static List<String> same(Access access) {
        List<String> same = new ArrayList<>(access.names());
        for (String name : access.names()) {
            if (name.startsWith("url:")) {
                String bare = name.replaceFirst("\\?.*", "");
                same.add(bare);
                same.add(bare.replaceFirst("(?<=[^/]/[^?]{1,99})/$", ""));
            }
        }
        return same;
    }

    private static boolean covers(List<String> actions, String verb) {
        return actions.stream()
                .anyMatch(it ->
                        it.equals(verb) || COVERS.getOrDefault(it, Set.of()).contains(verb));
    }

    /** Empty: it cannot be said. */
    private static Optional<Boolean> holds(String text, Request request, Access access) {
        return switch (text) {
            case "true " -> Optional.of(true);
            case "false " -> Optional.of(false);
            case "throws " -> Optional.empty();
            case "arg:x=1" ->
                Optional.of(
                        request.operation().arguments().string("x").orElse("").equals("1"));
            case "read:pii" -> Optional.of(request.read().contains("pii"));
            case "no_pii_access" -> Optional.of(!access.tags().contains("pii"));
            default -> throw new IllegalArgumentException(text);
        };
    }

    private boolean any(String pattern, List<String> names) {
        return names.stream().anyMatch(name -> matches(pattern, name));
    }

    /**
     * "What allows, and the `except` of what forbids, is about a server's file by its name at the server only where it spells
     * `mcp:SERVER/file:` itself."
     */
    private boolean allows(String pattern, List<String> names) {
        boolean spelled = pattern.matches("mcp:[^/]*/file:.*");
        return names.stream()
                .anyMatch(name -> matches(pattern, name) && (spelled || !name.matches("mcp:[^/]*/file:.*")));
    }

    private boolean matches(String pattern, String name) {
        return patterns.computeIfAbsent(pattern, Naive::regex).matcher(name).matches();
    }

    private static Pattern regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            boolean star = pattern.charAt(i) == '*';
            boolean two = star && i + 1 < pattern.length() && pattern.charAt(i + 1) == '*';
            String segment = pattern.startsWith("url:") ? "[^/?]*" : "[^/]*";
            regex.append(two ? ".*" : star ? segment : Pattern.quote(pattern.substring(i, i + 1)));
            i += two ? 1 : 0;
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
