package dev.reeve.policy;

import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.ConditionText;
import dev.reeve.policy.PolicySource.Grantable;
import dev.reeve.policy.PolicySource.Permission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the policy in force lets people give for a time, and on which terms.
 *
 * @param to patterns of agents
 * @param by who may give it; nobody in particular: every administrator
 * @param words for what can be done at all
 * @param says its permissions, a line each, for people
 * @param terms digest of all that it says; what was given counts as long as it is the same
 */
public record Offer(
        String name,
        Place place,
        List<Glob> to,
        List<String> by,
        Duration upTo,
        int quorum,
        Set<String> words,
        List<String> says,
        String terms) {
    public Offer {
        to = List.copyOf(to);
        by = List.copyOf(by);
        words = Set.copyOf(words);
        says = List.copyOf(says);
    }

    /** @throws IllegalArgumentException if a pattern is none */
    static Offer of(Grantable grantable, PolicySource source, Set<String> words) {
        List<String> says = new ArrayList<>();
        List<Json> permissions = new ArrayList<>();
        for (Permission permission : grantable.permissions(source)) {
            says.add(String.join(", ", permission.actions()) + " on " + permission.resource()
                    + (permission.conditions().isEmpty() ? "" : " if " + String.join(" and ", permission.conditions()))
                    + (permission.treatment().narrows()
                            ? ": " + String.join("; ", permission.treatment().said())
                            : ""));
            permissions.add(asJson(permission, source));
        }
        String terms = CanonicalDigest.of(Json.object()
                .put("by", Json.Arr.ofStrings(grantable.by()))
                .put("permissions", new Json.Arr(permissions))
                .put("quorum", grantable.quorum())
                .put("to", Json.Arr.ofStrings(grantable.to()))
                .put("up_to", grantable.upTo().toString())
                .build());
        return new Offer(
                grantable.name(),
                grantable.place(),
                grantable.to().stream().map(Glob::of).toList(),
                grantable.by(),
                grantable.upTo(),
                grantable.quorum(),
                words,
                says,
                terms);
    }

    private static Json.Obj asJson(Permission permission, PolicySource source) {
        Json.Builder all = Json.object()
                .put("actions", Json.Arr.ofStrings(permission.actions()))
                .put(
                        "conditions",
                        Json.Arr.ofStrings(permission.conditions().stream()
                                .map(name -> meaning(name, source))
                                .toList()))
                .put("resource", permission.resource());
        if (!permission.treatment().isNone()) {
            all.put("treatment", permission.treatment().asJson());
        }
        return all.build();
    }

    /** A name may come to mean something else. */
    private static String meaning(String condition, PolicySource source) {
        return source.conditions().stream()
                .filter(one -> one.name().equals(condition))
                .map(one -> switch (one.text()) {
                    case ConditionText.When(String text) -> text;
                    case ConditionText.Rows(String text) -> "rows: " + text;
                })
                .findFirst()
                .orElse(condition);
    }

    public boolean isFor(String agent) {
        return to.stream().anyMatch(glob -> glob.matches(agent));
    }
}
