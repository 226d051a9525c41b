package dev.reeve.console;

import static dev.reeve.console.Html.style;
import static dev.reeve.console.Html.text;

import dev.reeve.audit.EventText;
import dev.reeve.console.Html.Tag;
import dev.reeve.control.PageReply;
import dev.reeve.control.Role;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one administrator asked for, or changed in the files, and another must agree to (R27). Whose session it is, is who agrees. */
final class SecondsPage {
    static final String PATH = "/seconds";
    private static final String SECONDS = "/v1/seconds";
    private static final int MOST_SHOWN = 20;

    private final Operations operations;
    private final Frame frame;

    SecondsPage(Operations operations, Frame frame) {
        this.operations = operations;
        this.frame = frame;
    }

    static boolean may(Visit visit) {
        return visit.may(Role.ADMIN);
    }

    /** How much waits. */
    static int waiting(Operations operations, Visit visit) {
        try {
            return asked(operations, visit).size() + (policy(operations, visit).isPresent() ? 1 : 0);
        } catch (Operations.FailedException e) {
            return 0;
        }
    }

    private static List<Json.Obj> asked(Operations operations, Visit visit) throws Operations.FailedException {
        return operations
                .get(visit.present().caller(), SECONDS, Map.of())
                .array("waiting")
                .orElse(Json.Arr.EMPTY)
                .items()
                .stream()
                .map(Json.Obj.class::cast)
                .toList();
    }

    private static Optional<Json.Obj> policy(Operations operations, Visit visit) throws Operations.FailedException {
        return operations
                .get(visit.present().caller(), "/v1/policy/waiting", Map.of())
                .object("waiting");
    }

    PageReply show(Visit visit, Optional<String> trouble) throws Operations.FailedException {
        List<Html> cards = new ArrayList<>();
        policy(operations, visit).ifPresent(waiting -> cards.add(policyCard(visit, waiting)));
        asked(operations, visit).forEach(one -> cards.add(card(visit, one)));
        Html content = Frame.inbox("seconds", "Nothing waits for a second administrator.", cards);
        return frame.answer(visit, "Second person", PATH, trouble, content);
    }

    private static Html policyCard(Visit visit, Json.Obj waiting) {
        String version = waiting.string("version").orElse("?");
        List<Html> wider = new ArrayList<>();
        waiting.array("wider").orElse(Json.Arr.EMPTY).items().forEach(one -> {
            if (one instanceof Json.Str said) {
                wider.add(Html.of(Tag.LI, Foreign.line(said.value())));
            }
        });
        return form(
                visit,
                version,
                Html.of(Tag.STRONG, text("A policy that may allow more")),
                Html.all(List.of(
                        Html.of(Tag.UL, style("proofs"), Html.all(wider)),
                        ActionPage.facts(List.of(
                                ActionPage.fact("Changed by", waiting.string("person")),
                                ActionPage.fact("Version", Optional.of(version)))),
                        Html.of(
                                Tag.P,
                                style("hint"),
                                text("The whole difference: "),
                                Html.of(Tag.CODE, text("reeve policy diff")),
                                text(". It is dropped by taking the edit back.")))),
                Frame.button("approve", "", "Agree"));
    }

    private Html card(Visit visit, Json.Obj one) {
        List<Html> facts = new ArrayList<>();
        facts.add(ActionPage.fact("Asked by", one.string("by")));
        Json.Obj about = one.object("about").orElse(Json.Obj.EMPTY);
        return form(
                visit,
                one.string("id").orElse("?"),
                Html.of(Tag.STRONG, Foreign.line(one.string("what").orElse("?"))),
                Html.all(List.of(
                        ActionPage.facts(facts),
                        Html.all(definitions(visit, about)),
                        toRead(about),
                        Html.of(Tag.P, style("hint"), ApprovalPages.until(one)))),
                Html.all(List.of(Frame.button("agree", "", "Agree"), Frame.button("refuse", "stop", "Refuse"))));
    }

    /** What servers would be taken to say, beside what is in force: whoever agrees has read it. */
    private List<Html> definitions(Visit visit, Json.Obj about) {
        List<Json> items = about.array("definitions").orElse(Json.Arr.EMPTY).items();
        List<Html> shown = new ArrayList<>();
        items.stream().limit(MOST_SHOWN).forEach(one -> shown.add(definition(visit, (Json.Obj) one)));
        if (items.size() > MOST_SHOWN) {
            shown.add(Html.of(
                    Tag.P,
                    style("hint"),
                    text((items.size() - MOST_SHOWN) + " more are not shown here: "),
                    Html.of(Tag.CODE, text("reeve tools diff")),
                    text(" does.")));
        }
        return shown;
    }

    private Html definition(Visit visit, Json.Obj wanted) {
        String subject = wanted.string("subject").orElse("?");
        Optional<Json.Obj> seen = seen(visit, wanted.string("upstream").orElse("?"), subject)
                .filter(one -> one.string("waiting_fingerprint").equals(wanted.string("fingerprint")));
        if (seen.isEmpty()) {
            return Frame.notice(
                    "alert",
                    EventText.escape("`" + subject + "` says something else by now, or is in force: nothing would come"
                            + " of a yes. Refuse this; it can be asked for again."));
        }
        List<Html> parts = new ArrayList<>();
        parts.add(Html.of(
                Tag.SUMMARY,
                Foreign.line(subject),
                Html.of(
                        Tag.CODE,
                        text(" " + EventText.escape(wanted.string("fingerprint").orElse("?"))))));
        for (Json item : seen.get().array("findings").orElse(Json.Arr.EMPTY).items()) {
            Json.Obj finding = (Json.Obj) item;
            parts.add(Html.of(
                    Tag.P,
                    style("hint warn"),
                    Foreign.line(finding.string("check").orElse("?") + " at "
                            + finding.string("pointer").orElse("?") + ": "
                            + finding.string("reason").orElse("")
                            + ": " + finding.string("excerpt").orElse(""))));
        }
        seen.get().get("waiting").ifPresent(said -> parts.add(ActionPage.value("What it says", said)));
        seen.get().object("in_force").ifPresent(said -> parts.add(ActionPage.value("What was approved before", said)));
        return Html.of(Tag.DETAILS, Html.all(parts));
    }

    private Optional<Json.Obj> seen(Visit visit, String upstream, String subject) {
        try {
            return operations
                    .get(
                            visit.present().caller(),
                            "/v1/tools",
                            Map.of("upstream", upstream, "kinds", "all", "subject", subject))
                    .array("tools")
                    .orElse(Json.Arr.EMPTY)
                    .items()
                    .stream()
                    .findFirst()
                    .map(Json.Obj.class::cast);
        } catch (Operations.FailedException e) {
            return Optional.empty();
        }
    }

    /** Files are read elsewhere. */
    private static Html toRead(Json.Obj about) {
        return about.has("digest")
                ? Html.of(
                        Tag.P,
                        style("hint"),
                        text("Read before which files differ: "),
                        Html.of(Tag.CODE, text("reeve upstreams diff")),
                        text(". If they are others by then, nothing comes in force."))
                : Html.nothing();
    }

    private static Html form(Visit visit, String name, Html head, Html details, Html buttons) {
        Html said = Html.all(List.of(new Verdicts("held", "Waits").badge(), head));
        return Frame.card(visit, PATH, Frame.hidden("name", name), said, details, buttons);
    }

    /** In the name of whose session it is. */
    PageReply changed(Visit visit, Map<String, String> fields) throws Operations.FailedException {
        String answer = fields.getOrDefault("answer", "");
        String name = fields.getOrDefault("name", "");
        try {
            if (answer.equals("approve")) {
                operations.post(
                        visit.present().caller(),
                        "/v1/policy/approve",
                        Json.object().put("version", name).build());
            } else if (List.of("agree", "refuse").contains(answer) && name.matches("w_[0-9a-f]{1,64}")) {
                operations.post(visit.present().caller(), SECONDS + "/" + name + "/" + answer, Json.Obj.EMPTY);
            } else {
                throw new Operations.FailedException(400, "the answer is approve, agree or refuse");
            }
            return PageReply.seeOther(Link.to(PATH).toString());
        } catch (Operations.FailedException e) {
            return show(visit, Frame.trouble(e));
        }
    }
}
