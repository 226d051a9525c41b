package dev.reeve.workbench;

import dev.reeve.action.Access;
import dev.reeve.action.Operation;
import dev.reeve.audit.EventText;
import dev.reeve.budget.Use;
import dev.reeve.condition.Parts.Part;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Finding;
import dev.reeve.gate.RuleRef;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.Considered;
import dev.reeve.policy.ServerFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** An explanation, for people and as JSON. */
public final class Explanation {
    private final Judgement judgement;
    private final Principal principal;
    private final Operation operation;
    private final List<Finding> findings;
    private final List<Looked> looked;
    private final Optional<Denial.Nearest> needed;
    private final Optional<String> note;
    private final Rehearsal.Ended ended;

    Explanation(
            Judgement judgement,
            Principal principal,
            Operation operation,
            List<Finding> findings,
            List<Looked> looked,
            Optional<Denial.Nearest> needed,
            Optional<String> note,
            Rehearsal.Ended ended) {
        this.judgement = judgement;
        this.principal = principal;
        this.operation = operation;
        this.findings = List.copyOf(findings);
        this.looked = List.copyOf(looked);
        this.needed = needed;
        this.note = note;
        this.ended = ended;
    }

    /** One thing that is touched, and the rules that name it. */
    record Looked(Access access, List<Rule> rules) {}

    record Rule(Considered considered, List<Tested> tested) {}

    /** @param name as the rule has it; {@code text} what it means */
    record Tested(String name, String text, List<Part> parts) {}

    /** Not to be done, or not without a person. */
    public boolean isAllowed() {
        return judgement.ruling() == dev.reeve.gate.Journal.Ruling.ALLOW;
    }

    /** A line each, escaped for a terminal. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        add(
                lines,
                "verdict",
                judgement.verdict() + judgement.code().map(code -> ", " + code).orElse(""));
        add(lines, "because", judgement.reason());
        judgement.rule().ifPresent(rule -> add(lines, "rule", ReplayReport.place(rule)));
        needed.ifPresent(near -> add(
                lines,
                "would need",
                near.rule().map(rule -> ReplayReport.place(rule) + ": ").orElse("") + near.missing()));
        note.ifPresent(text -> add(lines, "but", text));
        add(lines, "agent", principal.agent() + ", roles " + new TreeSet<>(principal.roles()));
        add(lines, "action", operation.kind() + " " + operation.subject());
        add(lines, "arguments", EventText.json(operation.arguments()));
        findings.forEach(finding -> add(lines, "stage " + finding.stage(), said(finding)));
        ended.used()
                .forEach(use ->
                        add(lines, "limit", ReplayReport.place(use.limit().ref()) + ": " + use.text()));
        ended.came().ifPresent(came -> came(came, lines));
        looked.forEach(one -> one(one, lines));
        return lines;
    }

    private static void came(Rehearsal.Came came, List<String> lines) {
        String code = came.withheld().map(denial -> ", " + denial.code()).orElse("");
        add(lines, "answer", came.outcome().name().toLowerCase(Locale.ROOT) + code);
        came.found().forEach(found -> add(lines, "", found));
        if (came.withheld().isEmpty()) {
            add(lines, "goes out", EventText.json(came.answer()));
        }
    }

    private static void one(Looked one, List<String> lines) {
        Access access = one.access();
        add(
                lines,
                "touches",
                access.verb() + " on " + ServerFiles.exact(access.names())
                        + (access.tags().isEmpty() ? "" : ", tagged " + new TreeSet<>(access.tags())));
        if (one.rules().isEmpty()) {
            add(lines, "", "no rule and no role of the agent names it");
        }
        for (Rule rule : one.rules()) {
            Considered considered = rule.considered();
            add(
                    lines,
                    "  " + considered.effect(),
                    ReplayReport.place(considered.rule()) + ": "
                            + considered.missing().orElse("counts"));
            for (Tested tested : rule.tested()) {
                for (Part part : tested.parts()) {
                    add(lines, "", "    " + part.text() + " = " + part.value());
                }
            }
        }
    }

    private static void add(List<String> lines, String name, String value) {
        lines.add("%-18s %s"
                .formatted(EventText.escape(name), EventText.escape(value))
                .stripTrailing());
    }

    private static String said(Finding finding) {
        String rule = Judgement.ruleOf(finding)
                .map(ref -> ", rule " + ReplayReport.place(ref))
                .orElse("");
        return switch (finding) {
            case Finding.Pass pass -> "passes: " + pass.reason() + rule;
            case Finding.Shadow shadow ->
                "in shadow, would " + shadow.would().name().toLowerCase(Locale.ROOT) + ": " + shadow.reason() + rule;
            case Finding.Warn warn -> "warns: " + warn.reason() + rule;
            case Finding.Stop stop -> "stops: " + stop.denial().reason() + rule;
            case Finding.Ask ask -> "holds: " + ask.why().reason() + rule;
            case Finding.Redact redact -> "rewrites: " + redact.reason() + rule;
            case Finding.Oblige oblige -> "obliges (" + oblige.obligation().name() + "): " + oblige.reason() + rule;
        };
    }

    public Json.Obj json() {
        Json.Builder all = Json.object()
                .put("verdict", judgement.ruling().name().toLowerCase(Locale.ROOT))
                .put("treatment", Json.Arr.ofStrings(new TreeSet<>(judgement.treatment())))
                .put("code", judgement.code())
                .put("reason", judgement.reason());
        judgement.rule().ifPresent(rule -> all.put("rule", json(rule)));
        needed.ifPresent(near -> {
            Json.Builder need = Json.object().put("missing", near.missing());
            near.rule().ifPresent(rule -> need.put("rule", json(rule)));
            all.put("needed", need);
        });
        List<Json> stages = new ArrayList<>();
        findings.forEach(finding -> stages.add(Json.object()
                .put("stage", finding.stage())
                .put("said", said(finding))
                .build()));
        List<Json> touched = new ArrayList<>();
        looked.forEach(one -> touched.add(json(one)));
        ended.came().ifPresent(came -> all.put("answer", json(came)));
        return all.put("note", note)
                .put("agent", principal.agent())
                .put("roles", Json.Arr.ofStrings(new TreeSet<>(principal.roles())))
                .put("operation", operation.kind())
                .put("subject", operation.subject())
                .put("arguments", operation.arguments())
                .put("stages", new Json.Arr(stages))
                .put("touches", new Json.Arr(touched))
                .put(
                        "limits",
                        new Json.Arr(ended.used().stream()
                                .<Json>map(Explanation::json)
                                .toList()))
                .build();
    }

    private static Json.Obj json(Use use) {
        return Json.object()
                .put("rule", json(use.limit().ref()))
                .put("subject", use.subject())
                .put("share", Json.Num.of(Math.round(use.share() * 1_000) / 1_000.0))
                .put("said", use.text())
                .build();
    }

    private static Json json(Rehearsal.Came came) {
        Json.Builder answer = Json.object()
                .put("outcome", came.outcome().name().toLowerCase(Locale.ROOT))
                .put("code", came.withheld().map(Denial::code))
                .put("found", Json.Arr.ofStrings(came.found()));
        if (came.withheld().isEmpty()) {
            answer.put("result", came.answer());
        }
        return answer.build();
    }

    static Json.Obj json(RuleRef rule) {
        return Json.object()
                .put("name", rule.name())
                .put("file", rule.file())
                .put("line", rule.line())
                .build();
    }

    private static Json.Obj json(Looked one) {
        List<Json> rules = new ArrayList<>();
        for (Rule rule : one.rules()) {
            List<Json> conditions = new ArrayList<>();
            for (Tested tested : rule.tested()) {
                List<Json> parts = new ArrayList<>();
                tested.parts()
                        .forEach(part -> parts.add(Json.object()
                                .put("text", part.text())
                                .put("value", part.value())
                                .build()));
                conditions.add(Json.object()
                        .put("name", tested.name())
                        .put("text", tested.text())
                        .put("parts", new Json.Arr(parts))
                        .build());
            }
            rules.add(Json.object()
                    .put("rule", json(rule.considered().rule()))
                    .put("effect", rule.considered().effect())
                    .put("counts", rule.considered().counts())
                    .put("missing", rule.considered().missing())
                    .put("conditions", new Json.Arr(conditions))
                    .build());
        }
        return Json.object()
                .put("verb", one.access().verb())
                .put("names", Json.Arr.ofStrings(one.access().names()))
                .put("tags", Json.Arr.ofStrings(new TreeSet<>(one.access().tags())))
                .put("rules", new Json.Arr(rules))
                .build();
    }
}
