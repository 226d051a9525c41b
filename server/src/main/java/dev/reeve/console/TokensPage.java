package dev.reeve.console;

import static dev.reeve.console.Html.action;
import static dev.reeve.console.Html.attribute;
import static dev.reeve.console.Html.href;
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

/**
 * What agents got instead of personal data: which tokens live, who may turn each back, and the value for who may and says why. The value is in the answer to
 * that form only: no address leads to it, and nothing keeps it.
 */
final class TokensPage {
    static final String PATH = "/tokens";
    private static final String TOKENS = "/v1/tokens";
    private static final String REASON = "reason";

    private final Operations operations;
    private final Frame frame;

    TokensPage(Operations operations, Frame frame) {
        this.operations = operations;
        this.frame = frame;
    }

    static boolean may(Visit visit) {
        return visit.may(Role.ADMIN) || visit.may(Role.APPROVER);
    }

    PageReply list(Visit visit) throws Operations.FailedException {
        List<Html> cards = new ArrayList<>();
        operations
                .get(visit.present().caller(), TOKENS, Map.of())
                .array("tokens")
                .orElse(Json.Arr.EMPTY)
                .items()
                .forEach(one -> cards.add(card((Json.Obj) one)));
        Html content = cards.isEmpty()
                ? Html.of(Tag.P, style("empty"), text("No agent has a token."))
                : Html.of(Tag.OL, style("inbox"), attribute("id", "tokens"), Html.all(cards));
        return PageReply.html(200, frame.page(visit, "Tokens", PATH, content).document());
    }

    private static Html card(Json.Obj one) {
        return Html.of(
                Tag.LI,
                Html.of(
                        Tag.A,
                        href(Link.to(PATH + "/" + id(one))),
                        Html.of(
                                Tag.SPAN,
                                style("said"),
                                Html.of(
                                        Tag.STRONG,
                                        Foreign.line(one.string("kind").orElse("?"))),
                                Html.of(
                                        Tag.SPAN,
                                        style("by"),
                                        text("of "),
                                        Foreign.line(one.string("agent").orElse("?")))),
                        Html.of(Tag.CODE, style("arguments"), text(id(one))),
                        Html.of(
                                Tag.SPAN,
                                style("hint"),
                                text(who(one) + " · until "),
                                time(one.string("expires").orElse("")))));
    }

    /** Without the kind and the brackets around it. */
    private static String id(Json.Obj one) {
        String written = one.string("token").orElse("");
        return EventText.escape(written.substring(written.indexOf(':') + 1).replace("]", ""));
    }

    private static String who(Json.Obj one) {
        String by = ApprovalPages.joined(one, "by");
        return by.isEmpty() ? "nobody may turn it back" : EventText.escape(by) + " may turn it back";
    }

    private static Html time(String time) {
        String shown = EventText.escape(time);
        return Html.of(
                Tag.TIME,
                attribute("datetime", shown),
                text(shown.replace('T', ' ').replaceAll("\\.[0-9]+Z$|Z$", " UTC")));
    }

    PageReply show(Visit visit, String id, Optional<String> trouble) throws Operations.FailedException {
        Json.Obj one = operations.get(visit.present().caller(), TOKENS + "/" + id, Map.of());
        return page(
                visit,
                trouble.isPresent() ? 409 : 200,
                one,
                trouble.map(said -> Frame.notice("alert", said)).orElse(Html.nothing()),
                ApprovalPages.joined(one, "by").isEmpty() ? Html.nothing() : form(visit, id));
    }

    private PageReply page(Visit visit, int status, Json.Obj one, Html above, Html below) {
        Html facts = Html.of(
                Tag.SECTION,
                style("card"),
                ActionPage.facts(List.of(
                        ActionPage.fact("Stands for", one.string("kind")),
                        ActionPage.fact("Agent", one.string("agent")),
                        ActionPage.fact("On behalf of", one.string("user")),
                        ActionPage.fact("Key", one.string("instance")),
                        ActionPage.fact("Who may see it", Optional.of(who(one))),
                        ActionPage.fact(
                                "Given to a tool",
                                Optional.of(one.get("used").equals(Optional.of(Json.Bool.TRUE)) ? "yes" : "no")),
                        ActionPage.fact("Since", one.string("created")),
                        ActionPage.fact("Until", one.string("expires")),
                        ActionPage.fact("Token", one.string("token")))));
        return PageReply.html(
                status,
                frame.page(
                                visit,
                                "Token",
                                PATH,
                                Html.of(Tag.P, style("back"), Html.of(Tag.A, href(Link.to(PATH)), text("All tokens"))),
                                above,
                                facts,
                                below)
                        .document());
    }

    private static Html form(Visit visit, String id) {
        return Html.of(
                Tag.FORM,
                style("card answer"),
                attribute("method", "post"),
                attribute("id", "reveal"),
                action(Link.to(PATH + "/" + id)),
                Frame.csrf(visit),
                Html.of(Tag.H2, text("Turn it back")),
                Frame.field(
                        "Reason",
                        StopsPage.input(REASON, "1000"),
                        "It stands in the record, beside your name, before the value is shown."),
                Html.of(Tag.DIV, style("buttons"), Frame.button("reveal", "", "Show the value")));
    }

    /** In the name of whose session it is, and only to that person. */
    PageReply revealed(Visit visit, String id, Map<String, String> fields) throws Operations.FailedException {
        if (!fields.getOrDefault("answer", "").equals("reveal")) {
            throw new Operations.FailedException(400, "the answer is reveal");
        }
        Json.Obj body = Json.object()
                .put(REASON, fields.getOrDefault(REASON, "").strip())
                .build();
        try {
            Json.Obj one = operations.post(visit.present().caller(), TOKENS + "/" + id + "/reveal", body);
            Html value = Html.of(
                    Tag.SECTION,
                    style("card"),
                    attribute("id", "value"),
                    Html.of(Tag.H2, text("What it stands for")),
                    Html.of(
                            Tag.P,
                            Html.of(
                                    Tag.CODE,
                                    style("arguments"),
                                    Foreign.line(one.string("value").orElse("")))),
                    Html.of(Tag.P, style("hint"), text("That you saw it is in the record.")));
            return page(visit, 200, one, value, Html.nothing());
        } catch (Operations.FailedException e) {
            return show(visit, id, Frame.trouble(e));
        }
    }
}
