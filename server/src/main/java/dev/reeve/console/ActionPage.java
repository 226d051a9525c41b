package dev.reeve.console;

import static dev.reeve.console.Html.href;
import static dev.reeve.console.Html.style;
import static dev.reeve.console.Html.text;

import dev.reeve.audit.AuditReader;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventText;
import dev.reeve.console.Html.Tag;
import dev.reeve.control.PageReply;
import dev.reeve.json.Json;
import dev.reeve.record.Event;
import dev.reeve.record.Event.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One thing that happened, in full: what, why, what came of it, and that it stands in the record. */
final class ActionPage {
    /** Digits of a version that tell it from others; the whole stands in the record below. */
    private static final int SHORT = 12;

    private final Operations operations;
    private final Frame frame;

    ActionPage(Operations operations, Frame frame) {
        this.operations = operations;
        this.frame = frame;
    }

    PageReply show(Visit visit, String record) throws Operations.FailedException {
        Json.Obj found = operations.get(visit.present().caller(), "/v1/audit/events/" + record, Map.of());
        Happened happened = AuditReader.read(found);
        Html content = happened.isAction()
                ? Html.all(List.of(head(happened), arguments(happened), stages(happened), outcome(happened)))
                : Html.all(List.of(act(happened)));
        return PageReply.html(
                200,
                frame.page(
                                visit,
                                happened.isAction() ? "Action" : "Record",
                                "?",
                                back(),
                                content,
                                evidence(visit, happened),
                                raw(happened))
                        .document());
    }

    private static Html back() {
        return Html.of(Tag.P, style("back"), Html.of(Tag.A, href(Link.to("")), text("All actions")));
    }

    private static Html head(Happened happened) {
        Stored record = happened.record();
        Json.Obj operation = record.leaf().object("operation").orElse(Json.Obj.EMPTY);
        return Html.of(
                Tag.SECTION,
                style("card head"),
                Html.of(
                        Tag.P,
                        style("said"),
                        Verdicts.of(EventText.status(happened)).badge(),
                        Html.of(
                                Tag.STRONG,
                                Foreign.line(record.leaf().string("agent").orElse("?"))),
                        text(" · "),
                        Html.of(Tag.STRONG, Foreign.line(EventText.subject(record)))),
                EventText.reason(happened)
                        .map(why -> (Html) Html.of(Tag.P, style("why"), Foreign.line(why)))
                        .orElse(Html.nothing()),
                facts(List.of(
                        fact("Time", record.leaf().string("time")),
                        fact("Operation", operation.string("kind")),
                        fact("Rule", EventText.rule(happened)),
                        fact("On behalf of", record.leaf().string("user")),
                        fact("Key", record.leaf().string("instance")),
                        fact("Session", record.leaf().string("session")),
                        fact(
                                "Policy",
                                record.leaf()
                                        .string("policy")
                                        .map(version -> version.substring(0, Math.min(SHORT, version.length())))),
                        fact("Ticket", Optional.of(record.id())))));
    }

    static Html facts(List<Html> facts) {
        return Html.of(Tag.DL, style("facts"), Html.all(facts));
    }

    static Html fact(String name, Optional<String> value) {
        return value.filter(said -> !said.isEmpty())
                .map(said -> (Html) Html.of(Tag.DIV, Html.of(Tag.DT, text(name)), Html.of(Tag.DD, Foreign.line(said))))
                .orElse(Html.nothing());
    }

    static Html arguments(Happened happened) {
        return Optional.ofNullable(happened.record().disclosed().get("arguments"))
                .map(value -> value("Arguments", value))
                .orElseGet(() -> Html.of(
                        Tag.SECTION,
                        style("card"),
                        Html.of(Tag.H2, text("Arguments")),
                        Html.of(
                                Tag.P,
                                text(
                                        switch (Event.kept(happened.record())) {
                                            case KEPT -> "There are none.";
                                            case ERASED -> "They were erased.";
                                            case NOT_RECORDED -> "They were not recorded.";
                                        }))));
    }

    static Html value(String title, Json value) {
        List<Html> notes = new ArrayList<>();
        Foreign.notes(value).forEach(note -> notes.add(Html.of(Tag.P, style("hint warn"), text(Words.sentence(note)))));
        return Html.of(Tag.SECTION, style("card"), Html.of(Tag.H2, text(title)), Html.all(notes), Foreign.json(value));
    }

    private static Html stages(Happened happened) {
        List<Html> steps = new ArrayList<>();
        List<Json> texts = reasons(happened)
                .flatMap(reasons -> reasons.array("findings"))
                .map(Json.Arr::items)
                .orElse(List.of());
        List<Json> findings =
                happened.record().leaf().array("findings").map(Json.Arr::items).orElse(List.of());
        for (int i = 0; i < findings.size(); i++) {
            Json.Obj finding = (Json.Obj) findings.get(i);
            String reason = i < texts.size() && texts.get(i) instanceof Json.Str said ? said.value() : "";
            steps.add(Html.of(
                    Tag.LI,
                    Html.of(
                            Tag.SPAN,
                            style("stage"),
                            Foreign.line(finding.string("stage").orElse("?"))),
                    Html.of(
                            Tag.SPAN,
                            style("result"),
                            Foreign.line(finding.string("result").orElse("?").replace('_', ' '))),
                    reason.isEmpty() ? Html.nothing() : Html.of(Tag.P, Foreign.line(reason)),
                    finding.object("rule")
                            .map(rule ->
                                    (Html) Html.of(Tag.P, style("hint"), Html.of(Tag.CODE, Foreign.line(place(rule)))))
                            .orElse(Html.nothing())));
        }
        return Html.of(
                Tag.SECTION,
                style("card"),
                Html.of(Tag.H2, text("How it was decided")),
                Html.of(Tag.OL, style("stages"), Html.all(steps)),
                facts(List.of(
                        fact(
                                "What would have allowed it",
                                reasons(happened).flatMap(reasons -> reasons.string("nearest"))),
                        fact("Help", reasons(happened).flatMap(reasons -> reasons.string("help"))),
                        fact("The agent was told", reasons(happened).flatMap(reasons -> reasons.string("tell"))))));
    }

    private static String place(Json.Obj rule) {
        String line = rule.get("line").map(Json::toString).orElse("0");
        String where = rule.string("file").orElse("?") + (line.equals("0") ? "" : ":" + line);
        String name = rule.string("name").orElse("?");
        return name.equals(where) ? where : name + " in " + where;
    }

    private static Optional<Json.Obj> reasons(Happened happened) {
        return happened.record().disclosed().get("reasons") instanceof Json.Obj reasons
                ? Optional.of(reasons)
                : Optional.empty();
    }

    private static Html outcome(Happened happened) {
        if (happened.outcome().isEmpty()) {
            return Html.nothing();
        }
        Stored outcome = happened.outcome().get();
        Html result = outcome.leaf()
                .object("result")
                .map(value -> Foreign.json(value))
                .orElse(Html.nothing());
        Html changed = Optional.ofNullable(outcome.disclosed().get("reasons"))
                .map(value -> Foreign.json(value))
                .orElse(Html.nothing());
        return Html.of(
                Tag.SECTION,
                style("card"),
                Html.of(Tag.H2, text("What came of it")),
                facts(List.of(
                        fact("Status", outcome.leaf().string("status").map(word -> word.replace('_', ' '))),
                        fact("Took", Optional.of(Row.of(happened).took())))),
                result,
                changed);
    }

    private static Html act(Happened happened) {
        Json.Obj leaf = happened.record().leaf();
        List<Html> parts = new ArrayList<>();
        parts.add(Html.of(
                Tag.SECTION,
                style("card head"),
                Html.of(
                        Tag.P,
                        style("said"),
                        Html.of(Tag.STRONG, Foreign.line(Row.of(happened).what()))),
                facts(List.of(
                        fact("Person", leaf.string("person")),
                        fact("Subject", leaf.string("subject")),
                        fact("Time", leaf.string("time")),
                        fact("Kind", Optional.of(happened.record().kind()))))));
        happened.record()
                .disclosed()
                .forEach((name, value) -> parts.add(value(Words.sentence(name).replace(".", ""), value)));
        return Html.all(parts);
    }

    private Html evidence(Visit visit, Happened happened) {
        List<Html> lines = new ArrayList<>();
        lines.add(proven(visit, "Decision", happened.record()));
        happened.outcome().ifPresent(outcome -> lines.add(proven(visit, "Outcome", outcome)));
        return Html.of(
                Tag.SECTION,
                style("card"),
                Html.of(Tag.H2, text("Evidence")),
                Html.of(Tag.UL, style("proofs"), Html.all(lines)),
                Html.of(
                        Tag.P,
                        style("hint"),
                        text("A proof is checked without this installation: "),
                        Html.of(Tag.CODE, text("reeve audit check-proof FILE --key KEY")),
                        text(". Hidden values are not in it.")));
    }

    /** What is said here was checked just now: the way up from the record to the signed root. */
    private Html proven(Visit visit, String what, Stored record) {
        String index = Long.toString(record.index());
        try {
            Json.Obj proof = operations.get(visit.present().caller(), "/v1/audit/events/" + index + "/proof", Map.of());
            return Html.of(
                    Tag.LI,
                    text(what + " is record " + index + ", proven under the checkpoint of "
                            + proof.get("signed").map(Json::toString).orElse("?") + " records. "),
                    Html.of(Tag.A, href(Link.to("/actions/" + index + "/proof")), text("Download the proof")));
        } catch (Operations.FailedException e) {
            return Html.of(
                    Tag.LI,
                    text(what + " is record " + index + ". It is not proven now: "
                            + EventText.escape(String.valueOf(e.getMessage()))));
        }
    }

    PageReply proof(Visit visit, String index) throws Operations.FailedException {
        Json.Obj proof = operations.get(visit.present().caller(), "/v1/audit/events/" + index + "/proof", Map.of());
        byte[] text = proof.string("proof").orElseThrow().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return PageReply.bytes(200, "text/plain; charset=utf-8", text)
                .with("Content-Disposition", "attachment; filename=\"record-" + index + ".tlog-proof\"");
    }

    private static Html raw(Happened happened) {
        return Html.of(
                Tag.DETAILS,
                style("card"),
                Html.of(Tag.SUMMARY, text("The record as it is")),
                Foreign.json(happened.json()));
    }
}
