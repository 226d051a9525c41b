package dev.reeve.workbench;

import dev.reeve.config.PolicyCase;
import dev.reeve.config.PolicyCase.Expected;
import dev.reeve.config.PolicySet;
import dev.reeve.gate.Deliberation;
import dev.reeve.gate.Finding;
import dev.reeve.gate.ResultFinding;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.policy.Problem;
import dev.reeve.policy.ToolSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Cases against a policy: each is decided by the stages of the compiled policy, as the gate would. */
public final class CaseRun {
    private final TrialPolicy policy;
    private final Coverage coverage;

    private CaseRun(TrialPolicy policy, Coverage coverage) {
        this.policy = policy;
        this.coverage = coverage;
    }

    /** What came of compiling. {@code run} is there exactly if no problem is an error. */
    public record Opened(Optional<CaseRun> run, List<Problem> problems) {
        public Opened {
            problems = List.copyOf(problems);
        }
    }

    public static Opened open(PolicySet set, ToolSchemas tools) {
        Coverage coverage = new Coverage();
        TrialPolicy.Opened opened = TrialPolicy.open(set.version(), set.source(), tools, coverage);
        coverage.of(set.source());
        return new Opened(opened.policy().map(policy -> new CaseRun(policy, coverage)), opened.problems());
    }

    public Coverage coverage() {
        return coverage;
    }

    /** All of them, in their order. */
    public CaseReport run(List<PolicyCase> cases) {
        List<CaseReport.Ran> ran = new ArrayList<>(cases.size());
        cases.forEach(one -> ran.add(run(one)));
        return new CaseReport(ran, coverage);
    }

    private CaseReport.Ran run(PolicyCase one) {
        long begun = System.nanoTime();
        Optional<Principal> principal = policy.principal(one.given());
        if (principal.isEmpty()) {
            return new CaseReport.Ran(
                    one,
                    "",
                    List.of("the agent `" + one.given().agent() + "` stands in no file; give it `roles`"),
                    System.nanoTime() - begun);
        }
        Deliberation deliberation = policy.deliberate(principal.get(), one.given(), one.operation());
        coverage.said(deliberation.findings());
        Judgement judgement = Judgement.of(deliberation);
        List<String> wrong = new ArrayList<>();
        compare(one, deliberation, judgement, wrong);
        return new CaseReport.Ran(one, judgement.verdict().toString(), wrong, System.nanoTime() - begun);
    }

    private static void compare(PolicyCase one, Deliberation deliberation, Judgement judgement, List<String> wrong) {
        Expected expected = one.expected();
        if (expected.verdict() != judgement.ruling()) {
            wrong.add("is " + judgement.verdict() + " instead of "
                    + expected.verdict().name().toLowerCase(Locale.ROOT) + because(judgement));
            return;
        }
        expected.rule()
                .filter(name -> !speaks(deliberation, judgement, name))
                .ifPresent(name -> wrong.add("is decided by "
                        + judgement.rule().map(ReplayReport::place).orElse("no rule") + " instead of `" + name + "`"));
        expected.code()
                .filter(code -> !judgement.code().equals(Optional.of(code)))
                .ifPresent(code ->
                        wrong.add("has the code `" + judgement.code().orElse("none") + "` instead of `" + code + "`"));
        expected.reason()
                .filter(part -> !judgement.reason().contains(part))
                .ifPresent(part -> wrong.add("gives the reason: " + judgement.reason()));
        expected.treatment()
                .filter(treatment -> !treatment.equals(judgement.treatment()))
                .ifPresent(
                        treatment -> wrong.add("is treated by " + judgement.treatment() + " instead of " + treatment));
        expected.arguments()
                .filter(arguments ->
                        !same(arguments, deliberation.action().operation().arguments()))
                .ifPresent(arguments -> wrong.add("sends "
                        + JsonWriter.text(deliberation.action().operation().arguments())));
        result(one, deliberation, wrong);
    }

    private static String because(Judgement judgement) {
        return judgement.rule().map(rule -> " by " + ReplayReport.place(rule)).orElse("")
                + (judgement.reason().isEmpty() ? "" : ": " + judgement.reason());
    }

    /** An action of several parts may be allowed by several rules. */
    private static boolean speaks(Deliberation deliberation, Judgement judgement, String name) {
        return judgement.rule().filter(rule -> rule.name().equals(name)).isPresent()
                || (deliberation.denial().isEmpty()
                        && deliberation.findings().stream()
                                .anyMatch(finding -> Judgement.ruleOf(finding)
                                        .filter(rule -> rule.name().equals(name))
                                        .isPresent()));
    }

    private static boolean same(Json one, Json other) {
        return JsonWriter.text(one).equals(JsonWriter.text(other))
                || java.util.Arrays.equals(JsonWriter.canonical(one), JsonWriter.canonical(other));
    }

    private static void result(PolicyCase one, Deliberation deliberation, List<String> wrong) {
        if (one.expected().result().isEmpty()) {
            return;
        }
        Json.Obj answer = Json.object()
                .put("content", Json.Arr.EMPTY)
                .put("structuredContent", one.result().orElse(Json.Obj.EMPTY))
                .build();
        for (Finding finding : deliberation.findings()) {
            if (finding instanceof Finding.Oblige oblige) {
                switch (oblige.obligation().apply(deliberation.action(), answer)) {
                    case ResultFinding.Unchanged ignored -> {}
                    case ResultFinding.Noted ignored -> {}
                    case ResultFinding.Changed changed -> answer = changed.result();
                    case ResultFinding.Withheld withheld -> {
                        wrong.add("withholds the result: " + withheld.denial().reason());
                        return;
                    }
                }
            }
        }
        Json.Obj left = answer.object("structuredContent").orElse(Json.Obj.EMPTY);
        if (!same(left, one.expected().result().get())) {
            wrong.add("leaves " + JsonWriter.text(left));
        }
    }
}
