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

/** The kill switch: what is stopped now, one form that stops, one that lets it go on. For administrators. */
final class StopsPage {
    static final String PATH = "/stops";
    private static final List<Choice> SCOPES = List.of(
            new Choice("agent", "One agent"),
            new Choice("tool", "One tool"),
            new Choice("tenant", "One tenant"),
            new Choice("all", "Everything"));

    private final Operations operations;
    private final Frame frame;

    private record Choice(String scope, String word) {}

    StopsPage(Operations operations, Frame frame) {
        this.operations = operations;
        this.frame = frame;
    }

    static boolean may(Visit visit) {
        return visit.may(Role.ADMIN);
    }

    PageReply show(Visit visit, Optional<String> trouble) throws Operations.FailedException {
        return show(visit, trouble.isPresent() ? 409 : 200, trouble);
    }

    private PageReply show(Visit visit, int status, Optional<String> trouble) throws Operations.FailedException {
        List<Json.Obj> stopped = operations
                .get(visit.present().caller(), "/v1/kills", Map.of())
                .array("kills")
                .orElse(Json.Arr.EMPTY)
                .items()
                .stream()
                .map(one -> (Json.Obj) one)
                .toList();
        return PageReply.html(
                status,
                frame.page(
                                visit,
                                "Stop",
                                PATH,
                                trouble.map(said -> Frame.notice("alert", said)).orElse(Html.nothing()),
                                now(visit, stopped),
                                form(visit))
                        .document());
    }

    private static Html now(Visit visit, List<Json.Obj> stopped) {
        return Frame.inbox(
                "stopped",
                "Nothing is stopped.",
                stopped.stream().map(one -> card(visit, one)).toList());
    }

    private static Html card(Visit visit, Json.Obj one) {
        String scope = one.string("scope").orElse("?");
        String name = one.string("name").orElse("");
        Html said = Html.all(List.of(
                new Verdicts("denied", "Stopped").badge(),
                Html.of(Tag.STRONG, text(scope.equals("all") ? "Everything" : scope + " "), Foreign.line(name))));
        Html by = Html.of(
                Tag.P,
                style("hint"),
                text("by "),
                Foreign.line(one.string("person").orElse("?")),
                text(" since "),
                since(EventText.escape(one.string("since").orElse("?"))),
                text(" "),
                Foreign.line(one.string("reason").orElse("")));
        Html unknown = one.get("known").equals(Optional.of(Json.Bool.FALSE))
                ? Frame.notice("alert", "Nothing known is called so: what is meant may still run.")
                : Html.nothing();
        return Frame.card(
                visit,
                PATH,
                Html.all(List.of(Frame.hidden("scope", scope), Frame.hidden("name", name))),
                said,
                Html.all(List.of(by, unknown)),
                Frame.button("undo", "", "Let it go on"));
    }

    private static Html since(String time) {
        return Html.of(
                Tag.TIME,
                attribute("datetime", time),
                text(time.replace('T', ' ').replaceAll("\\.[0-9]+Z$|Z$", " UTC")));
    }

    private static Html form(Visit visit) {
        List<Html> options = new ArrayList<>();
        SCOPES.forEach(one -> options.add(Html.of(Tag.OPTION, attribute("value", one.scope()), text(one.word()))));
        return Html.of(
                Tag.FORM,
                style("card answer"),
                attribute("method", "post"),
                attribute("id", "stop"),
                action(Link.to(PATH)),
                Frame.csrf(visit),
                Html.of(Tag.H2, text("Stop at once")),
                Html.of(
                        Tag.P,
                        style("hint"),
                        text("What runs is cut off, and nothing more is let through, until a person lets it go on.")),
                Frame.field(
                        "What",
                        Html.of(Tag.SELECT, attribute("id", "scope"), attribute("name", "scope"), Html.all(options)),
                        ""),
                Frame.field(
                        "Name",
                        input("name", "256"),
                        "Of the agent or tenant; a tool as upstream.tool. Empty for everything."),
                Frame.field("Reason", input("reason", "500"), "It stands in the record, beside your name."),
                Html.of(Tag.DIV, style("buttons"), Frame.button("stop", "stop", "Stop")));
    }

    static Html.Element input(String name, String most) {
        return Html.of(
                Tag.INPUT,
                attribute("type", "text"),
                attribute("id", name),
                attribute("name", name),
                attribute("maxlength", most),
                attribute("autocomplete", "off"));
    }

    /** In the name of whose session it is. */
    PageReply changed(Visit visit, Map<String, String> fields) throws Operations.FailedException {
        Json.Builder body = Json.object().put("scope", fields.getOrDefault("scope", ""));
        String name = fields.getOrDefault("name", "").strip();
        if (!name.isEmpty()) {
            body.put("name", name);
        }
        String answer = fields.getOrDefault("answer", "");
        if (answer.equals("stop")) {
            body.put("reason", fields.getOrDefault("reason", "").strip());
        } else if (!answer.equals("undo")) {
            throw new Operations.FailedException(400, "the answer is stop or undo");
        }
        try {
            Json.Obj done = operations.post(
                    visit.present().caller(), answer.equals("stop") ? "/v1/kills" : "/v1/kills/undo", body.build());
            return done.get("known").equals(Optional.of(Json.Bool.FALSE))
                    ? show(visit, 200, Optional.of(unknown(name, done)))
                    : PageReply.seeOther(Link.to(PATH).toString());
        } catch (Operations.FailedException e) {
            return show(visit, Frame.trouble(e));
        }
    }

    private static String unknown(String name, Json.Obj done) {
        String near = ApprovalPages.joined(done, "near");
        return EventText.escape("Stopped, but nothing known is called `" + name + "`: what you mean may still run."
                + (near.isEmpty() ? "" : " Known are " + near + "."));
    }
}
