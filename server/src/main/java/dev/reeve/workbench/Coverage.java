package dev.reeve.workbench;

import dev.reeve.gate.Finding;
import dev.reeve.gate.RuleRef;
import dev.reeve.json.Json;
import dev.reeve.policy.Condition;
import dev.reeve.policy.ConditionException;
import dev.reeve.policy.PolicySource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * How much of a policy cases have looked at: each rule, permission and soft guardrail that ever said something in a verdict, and each condition that was
 * ever true, and ever false. Row conditions are not counted.
 */
public final class Coverage implements WatchedConditions.Watch {
    private final Map<String, Seen> conditions = new ConcurrentSkipListMap<>();
    private final Set<RuleRef> spoken = ConcurrentHashMap.newKeySet();
    private volatile List<RuleRef> rules = List.of();

    private static final class Seen {
        private volatile boolean holding;
        private volatile boolean failing;
    }

    Coverage() {}

    void of(PolicySource source) {
        List<RuleRef> all = new ArrayList<>();
        source.rules()
                .forEach(rule -> all.add(new RuleRef(
                        rule.name(), rule.place().file(), rule.place().line())));
        source.roles()
                .forEach(role -> role.permissions()
                        .forEach(permission -> all.add(new RuleRef(
                                role.name(),
                                permission.place().file(),
                                permission.place().line()))));
        source.softs()
                .forEach(soft -> all.add(new RuleRef(
                        soft.name(), soft.place().file(), soft.place().line())));
        rules = List.copyOf(all);
    }

    @Override
    public void compiled(String text) {
        conditions.computeIfAbsent(text, ignored -> new Seen());
    }

    @Override
    public boolean test(WatchedConditions.Watched condition, Condition.Input input) throws ConditionException {
        Seen seen = conditions.computeIfAbsent(condition.text(), ignored -> new Seen());
        try {
            boolean holds = condition.real().test(input);
            seen.holding |= holds;
            seen.failing |= !holds;
            return holds;
        } catch (ConditionException | RuntimeException e) {
            seen.failing = true;
            throw e;
        }
    }

    void said(List<Finding> findings) {
        findings.forEach(finding -> Judgement.ruleOf(finding).ifPresent(spoken::add));
    }

    /** Two for each condition, one for each rule and permission. */
    public long branches() {
        return rules.size() + 2L * conditions.size();
    }

    public long covered() {
        return rules.stream().filter(spoken::contains).count()
                + conditions.values().stream()
                        .mapToLong(seen -> (seen.holding ? 1 : 0) + (seen.failing ? 1 : 0))
                        .sum();
    }

    /** Whole percent, rounded down; 100 where there is nothing. */
    public long percent() {
        return branches() == 0 ? 100 : covered() * 100 / branches();
    }

    /** What no case has seen, a line each. */
    public List<String> missing() {
        List<String> missing = new ArrayList<>();
        rules.stream()
                .filter(rule -> !spoken.contains(rule))
                .forEach(rule -> missing.add(ReplayReport.place(rule) + ": decided nothing"));
        conditions.forEach((text, seen) -> {
            if (!seen.holding) {
                missing.add("`" + text + "`: was never true");
            }
            if (!seen.failing) {
                missing.add("`" + text + "`: was never false");
            }
        });
        return missing;
    }

    Json.Obj json() {
        return Json.object()
                .put("branches", branches())
                .put("covered", covered())
                .put("percent", percent())
                .put("missing", Json.Arr.ofStrings(missing()))
                .build();
    }
}
