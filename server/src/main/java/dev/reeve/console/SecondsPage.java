package dev.reeve.console;

import static dev.reeve.console.Html.action;
import static dev.reeve.console.Html.attribute;
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
        Html content = cards.isEmpty()
                ? Html.of(Tag.P, style("empty"), text("Nothing waits for a second administrator."))
                : Html.of(Tag.OL, style("inbox"), attribute("id", "seconds"), Html.all(cards));
        return PageReply.html(
                trouble.isPresent() ? 409 : 200,
                frame.page(
                                visit,
                                "Second person",
                                PATH,
                                trouble.map(said -> Frame.notice("alert", said)).orElse(Html.nothing()),
                                content)
                        .document());
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
                StopsPage.button("approve", "", "Agree"));
    }

    private static Html card(Visit visit, Json.Obj one) {
        List<Html> facts = new ArrayList<>();
        facts.add(ActionPage.fact("Asked by", one.string("by")));
        Json.Obj about = one.object("about").orElse(Json.Obj.EMPTY);
        about.array("definitions").orElse(Json.Arr.EMPTY).items().forEach(item -> {
            Json.Obj definition = (Json.Obj) item;
            String accepted = definition
                    .string("accepted")
                    .filter(checks -> !checks.isEmpty())
                    .map(checks -> ", although checks found " + checks)
                    .orElse("");
            facts.add(ActionPage.fact(
                    "Definition",
                    Optional.of(definition.string("subject").orElse("?") + ", fingerprint "
                            + definition.string("fingerprint").orElse("?") + accepted)));
        });
        return form(
                visit,
                one.string("id").orElse("?"),
                Html.of(Tag.STRONG, Foreign.line(one.string("what").orElse("?"))),
                Html.all(List.of(
                        ActionPage.facts(facts),
                        toRead(about),
                        Html.of(Tag.P, style("hint"), ApprovalPages.until(one)))),
                Html.all(
                        List.of(StopsPage.button("agree", "", "Agree"), StopsPage.button("refuse", "stop", "Refuse"))));
    }

    /** Definitions and files are read elsewhere: they are long. */
    private static Html toRead(Json.Obj about) {
        if (about.members().isEmpty()) {
            return Html.nothing();
        }
        return Html.of(
                Tag.P,
                style("hint"),
                text("Read it before: "),
                Html.of(Tag.CODE, text(about.has("definitions") ? "reeve tools diff" : "reeve upstreams diff")),
                text(". If it is another one by then, nothing comes in force."));
    }

    private static Html form(Visit visit, String name, Html head, Html details, Html buttons) {
        return Html.of(
                Tag.LI,
                Html.of(
                        Tag.FORM,
                        style("card"),
                        attribute("method", "post"),
                        action(Link.to(PATH)),
                        Frame.csrf(visit),
                        StopsPage.hidden("name", name),
                        Html.of(Tag.P, style("said"), new Verdicts("held", "Waits").badge(), head),
                        details,
                        Html.of(Tag.DIV, style("buttons"), buttons)));
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
            return show(visit, Optional.of(EventText.escape(Words.sentence(String.valueOf(e.getMessage())))));
        }
    }
}
