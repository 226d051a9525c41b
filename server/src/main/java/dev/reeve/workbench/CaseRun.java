package dev.reeve.workbench;

import dev.reeve.config.PolicyCase;
import dev.reeve.config.PolicyCase.Expected;
import dev.reeve.config.PolicyCase.Left;
import dev.reeve.config.PolicyCase.Outcome;
import dev.reeve.config.PolicySet;
import dev.reeve.gate.Deliberation;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Finding;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.policy.Problem;
import dev.reeve.policy.ToolSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
        List<String> wrong = new ArrayList<>(Rehearsal.wrong(policy, one.given()));
        if (!wrong.isEmpty()) {
            return new CaseReport.Ran(one, "", wrong, System.nanoTime() - begun);
        }
        Deliberation deliberation = policy.deliberate(principal.get(), one.given(), one.operation());
        Rehearsal.Ended ended = Rehearsal.of(policy, one.given(), deliberation, answer(one));
        coverage.said(deliberation.findings());
        if (!one.given().opinions().isEmpty()) {
            TrialPolicy.unsaid(deliberation, one.given())
                    .forEach(judge ->
                            wrong.add("asks the judge `" + judge + "`, too: say under `given.opinions` what it says"));
        }
        Judgement judgement = Judgement.of(deliberation);
        compare(one, deliberation, judgement, ended, wrong);
        return new CaseReport.Ran(one, judgement.verdict().toString(), wrong, System.nanoTime() - begun);
    }

    /** Where the case looks at an answer and gives none, it is empty. */
    private static Optional<Json.Obj> answer(PolicyCase one) {
        return one.answer()
                .or(() -> one.expected().left().isAsked()
                        ? Optional.of(Json.object()
                                .put("content", Json.Arr.EMPTY)
                                .put("structuredContent", Json.Obj.EMPTY)
                                .build())
                        : Optional.empty());
    }

    private static void compare(
            PolicyCase one, Deliberation deliberation, Judgement judgement, Rehearsal.Ended ended, List<String> wrong) {
        Expected expected = one.expected();
        if (expected.verdict() != judgement.ruling()) {
            wrong.add("is " + judgement.verdict() + " instead of "
                    + expected.verdict().name().toLowerCase(Locale.ROOT) + because(judgement));
            return;
        }
        Optional<Denial> withheld = ended.came().flatMap(Rehearsal.Came::withheld);
        if (expected.left().outcome().equals(Optional.of(Outcome.WITHHELD)) && withheld.isPresent()) {
            why(expected, withheld.get(), wrong);
        } else {
            why(expected, deliberation, judgement, wrong);
        }
        expected.treatment()
                .filter(treatment -> !treatment.equals(judgement.treatment()))
                .ifPresent(
                        treatment -> wrong.add("is treated by " + judgement.treatment() + " instead of " + treatment));
        expected.arguments()
                .filter(arguments ->
                        !same(arguments, deliberation.action().operation().arguments()))
                .ifPresent(arguments -> wrong.add("sends "
                        + JsonWriter.text(deliberation.action().operation().arguments())));
        expected.warned()
                .filter(names -> !names.equals(warned(deliberation)))
                .ifPresent(names -> wrong.add("is warned of by " + warned(deliberation) + " instead of " + names));
        ended.came().ifPresent(came -> left(expected.left(), came, wrong));
        if (ended.came().isEmpty() && expected.left().isAsked()) {
            wrong.add("is not answered: it does not run");
        }
    }

    /** Why it is decided so. */
    private static void why(Expected expected, Deliberation deliberation, Judgement judgement, List<String> wrong) {
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
    }

    /** Why its answer is withheld. */
    private static void why(Expected expected, Denial withheld, List<String> wrong) {
        expected.rule()
                .filter(name ->
                        withheld.rule().filter(rule -> rule.name().equals(name)).isEmpty())
                .ifPresent(name -> wrong.add("is withheld by "
                        + withheld.rule().map(ReplayReport::place).orElse("no rule") + " instead of `" + name + "`"));
        expected.code()
                .filter(code -> !code.equals(withheld.code()))
                .ifPresent(code -> wrong.add("is withheld with `" + withheld.code() + "` instead of `" + code + "`"));
        expected.reason()
                .filter(part -> !withheld.reason().contains(part))
                .ifPresent(part -> wrong.add("is withheld because: " + withheld.reason()));
    }

    private static Set<String> warned(Deliberation deliberation) {
        Set<String> names = new TreeSet<>();
        for (Finding finding : deliberation.findings()) {
            if (finding instanceof Finding.Warn warn) {
                warn.rule().ifPresent(rule -> names.add(rule.name()));
            }
        }
        return names;
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

    private static void left(Left expected, Rehearsal.Came came, List<String> wrong) {
        expected.outcome()
                .filter(outcome -> outcome != came.outcome())
                .ifPresent(outcome -> wrong.add("its answer is "
                        + came.outcome().name().toLowerCase(Locale.ROOT) + " instead of "
                        + outcome.name().toLowerCase(Locale.ROOT)
                        + (came.found().isEmpty() ? "" : ": " + String.join("; ", came.found()))));
        expected.found()
                .filter(part -> came.found().stream().noneMatch(said -> said.contains(part)))
                .ifPresent(part -> wrong.add("of its answer is said: " + String.join("; ", came.found())));
        if (came.withheld().isPresent()) {
            if (expected.result().isPresent() || expected.text().isPresent()) {
                wrong.add("withholds the result: " + came.withheld().get().reason());
            }
            return;
        }
        Json.Obj result = came.answer().object("structuredContent").orElse(Json.Obj.EMPTY);
        expected.result()
                .filter(left -> !same(left, result))
                .ifPresent(left -> wrong.add("leaves " + JsonWriter.text(result)));
        String text = text(came.answer());
        expected.text().filter(left -> !left.equals(text)).ifPresent(left -> wrong.add("leaves the text: " + text));
    }

    /** Block after block. */
    private static String text(Json.Obj answer) {
        return answer.array("content").orElse(Json.Arr.EMPTY).items().stream()
                .filter(Json.Obj.class::isInstance)
                .flatMap(block -> ((Json.Obj) block).string("text").stream())
                .collect(Collectors.joining("\n"));
    }
}
