package dev.reeve.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.gate.Finding;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Permission;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The compiled index against a reference that reads every rule for every request, and matches with another engine. */
final class DifferentialTest {
    private static final int POLICIES = 1_000;
    private static final int REQUESTS = 1_000;
    private static final String[] PATTERNS = {
        "tool:up.a",
        "tool:up.b",
        "tool:up.*",
        "tool:web.*",
        "tool:**",
        "tool:up.a*",
        "tool:*p.a",
        "tool:up.**b",
        "tool:u*.*",
        "**"
    };
    private static final String[] TOOLS = {"up.a", "up.b", "up.ab", "up.aab", "web.a", "web.b", "u.a", "mail.a"};
    private static final String[] CONDITIONS = {"true ", "false ", "throws ", "arg:x=1", "read:pii"};

    private static final List<Effect> EFFECTS = List.of(Effect.ALLOW, Effect.DENY, Effect.REQUIRE_APPROVAL);

    private record RefGrant(String role, String resource, List<String> conditions) {}

    private record RefRule(Effect effect, String tool, String when) {}

    @Test
    void aMillionRandomRequestsAreDecidedAlike() {
        long seed = 20261124;
        Random random = new Random(seed);
        int[] verdicts = new int[3];
        for (int round = 0; round < POLICIES; round++) {
            List<RefGrant> grants = new ArrayList<>();
            List<RefRule> rules = new ArrayList<>();
            CompiledPolicy policy = write(random, grants, rules);
            for (int i = 0; i < REQUESTS; i++) {
                String tool = TOOLS[random.nextInt(TOOLS.length)];
                String role = "r" + random.nextInt(3);
                Json.Obj arguments = Written.args("x", Integer.toString(random.nextInt(2)));
                Set<String> read = random.nextBoolean() ? Set.of("pii") : Set.of();
                Operation call = Written.call(tool, arguments);
                List<Finding> found = Written.decide(policy, Written.principal(role), call, read);
                String expected = reference(grants, rules, role, tool, arguments, read);
                assertEquals(
                        expected,
                        Written.verdict(found),
                        () -> "seed " + seed + ": " + tool + " " + role + " " + arguments + " " + read + "\n" + grants
                                + "\n" + rules);
                verdicts[expected.equals("allow") ? 0 : expected.equals("deny") ? 1 : 2]++;
            }
        }
        assertTrue(verdicts[0] > 50_000 && verdicts[1] > 50_000 && verdicts[2] > 10_000, "one-sided: " + verdicts[0]);
    }

    private static CompiledPolicy write(Random random, List<RefGrant> grants, List<RefRule> rules) {
        while (true) {
            grants.clear();
            rules.clear();
            Written written = new Written();
            for (int role = 0; role < 3; role++) {
                List<Permission> permissions = new ArrayList<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    String resource = PATTERNS[random.nextInt(PATTERNS.length)];
                    String condition = CONDITIONS[random.nextInt(CONDITIONS.length)];
                    List<String> conditions = random.nextBoolean() ? List.of() : List.of(condition);
                    permissions.add(written.permission(resource, "execute", conditions.toArray(String[]::new)));
                    grants.add(new RefGrant("r" + role, resource, conditions));
                }
                written.role("r" + role, permissions.toArray(Permission[]::new));
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                Effect effect = EFFECTS.get(random.nextInt(EFFECTS.size()));
                String tool = PATTERNS[random.nextInt(PATTERNS.length - 1)].substring("tool:".length());
                String when = random.nextBoolean() ? "" : CONDITIONS[random.nextInt(CONDITIONS.length)];
                written.rule(effect, Written.tool(tool), when, false);
                rules.add(new RefRule(effect, tool, when));
            }
            // What the compiler refuses (an allow that a deny covers whole) is tried again with other dice.
            if (written.outcome() instanceof PolicyCompiler.Outcome.Compiled(CompiledPolicy policy, var ignored)) {
                return policy;
            }
        }
    }

    private static String reference(
            List<RefGrant> grants,
            List<RefRule> rules,
            String role,
            String tool,
            Json.Obj arguments,
            Set<String> read) {
        boolean allow = false;
        boolean ask = false;
        for (RefRule rule : rules) {
            if (matches(rule.tool(), tool)) {
                boolean holds =
                        rule.when().isEmpty() || holds(rule.when(), arguments, read, rule.effect() != Effect.ALLOW);
                if (holds && rule.effect() == Effect.DENY) {
                    return "deny";
                }
                ask |= holds && rule.effect() == Effect.REQUIRE_APPROVAL;
                allow |= holds && rule.effect() == Effect.ALLOW;
            }
        }
        for (RefGrant grant : grants) {
            allow |= grant.role().equals(role)
                    && matches(grant.resource(), "tool:" + tool)
                    && grant.conditions().stream().allMatch(text -> holds(text, arguments, read, false));
        }
        return !allow ? "deny" : ask ? "hold" : "allow";
    }

    private static boolean holds(String text, Json.Obj arguments, Set<String> read, boolean ifItFails) {
        return switch (text) {
            case "true " -> true;
            case "false " -> false;
            case "throws " -> ifItFails;
            case "arg:x=1" -> arguments.string("x").orElse("").equals("1");
            default -> read.contains("pii");
        };
    }

    private static boolean matches(String pattern, String name) {
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("(?<=\\*\\*)|(?=\\*\\*)|(?<=(?<!\\*)\\*(?!\\*))|(?=(?<!\\*)\\*(?!\\*))", -1)) {
            regex.append(
                    switch (part) {
                        case "**" -> ".*";
                        case "*" -> "[^/]*";
                        default -> Pattern.quote(part);
                    });
        }
        return Pattern.matches(regex.toString(), name);
    }
}
