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

/** What people have given agents for a time: what is in force or waits for others, each with a button that takes it back. */
final class GrantsPage {
    static final String PATH = "/grants";
    private static final String GRANTS = "/v1/grants";

    private final Operations operations;
    private final Frame frame;

    GrantsPage(Operations operations, Frame frame) {
        this.operations = operations;
        this.frame = frame;
    }

    static boolean may(Visit visit) {
        return visit.may(Role.ADMIN) || visit.may(Role.APPROVER);
    }

    PageReply show(Visit visit, Optional<String> trouble) throws Operations.FailedException {
        List<Html> cards = new ArrayList<>();
        for (String state : List.of("proposed", "given")) {
            operations
                    .get(visit.present().caller(), GRANTS, Map.of("state", state))
                    .array("grants")
                    .orElse(Json.Arr.EMPTY)
                    .items()
                    .forEach(one -> cards.add(card(visit, (Json.Obj) one)));
        }
        Html content = Frame.inbox("grants", "Nothing is granted for a time.", cards);
        return frame.answer(visit, "Grants", PATH, trouble, content);
    }

    private static Html card(Visit visit, Json.Obj one) {
        boolean waits = one.string("state").orElse("").equals("proposed");
        boolean stands = !one.get("stands").equals(Optional.of(Json.Bool.FALSE));
        Verdicts verdict = waits
                ? new Verdicts("held", "Waits")
                : stands ? new Verdicts("allowed", "In force") : new Verdicts("open", "Void");
        Json.Obj gives = one.object("gives").orElse(Json.Obj.EMPTY);
        Json.Obj to = one.object("to").orElse(Json.Obj.EMPTY);
        return Frame.card(
                visit,
                PATH,
                Frame.hidden("name", one.string("id").orElse("?")),
                Html.all(List.of(
                        verdict.badge(),
                        Html.of(Tag.STRONG, Foreign.line(to.string("agent").orElse("?"))),
                        text(waits ? " is to get " : " has "),
                        Html.of(Tag.STRONG, Foreign.line(what(gives))))),
                details(one, gives, to),
                Html.all(List.of(
                        waits ? Frame.button("agree", "", "Agree") : Html.nothing(),
                        Frame.button("revoke", "stop", "Take it back"))));
    }

    private static String what(Json.Obj gives) {
        return gives.string("grantable")
                .orElseGet(() -> "calls of " + gives.string("subject").orElse("?"));
    }

    private static Html details(Json.Obj one, Json.Obj gives, Json.Obj to) {
        List<Html> rows = new ArrayList<>();
        rows.add(fact("Permits", ApprovalPages.joined(one, "permissions")));
        rows.add(fact("Only by the tool", gives.string("tool").orElse("")));
        rows.add(fact("Only on", gives.string("resource").orElse("")));
        rows.add(fact("Only to", ApprovalPages.joined(gives, "actions")));
        Json.Obj arguments = gives.object("arguments").orElse(Json.Obj.EMPTY);
        rows.add(fact("Only with", arguments.members().isEmpty() ? "" : EventText.json(arguments)));
        rows.add(fact("May be anything", ApprovalPages.joined(gives, "free")));
        rows.add(fact("On behalf of", to.string("user").orElse("")));
        for (Json giver : one.array("givers").orElse(Json.Arr.EMPTY).items()) {
            Json.Obj by = (Json.Obj) giver;
            rows.add(fact(
                    "Given by",
                    by.string("person").orElse("?") + ": " + by.string("reason").orElse("")));
        }
        rows.add(fact("Grant", one.string("id").orElse("?")));
        return Html.all(List.of(ActionPage.facts(rows), Html.of(Tag.P, style("hint"), ApprovalPages.until(one))));
    }

    private static Html fact(String name, String value) {
        return ActionPage.fact(name, Optional.of(value).filter(it -> !it.isEmpty()));
    }

    /** In the name of whose session it is. */
    PageReply changed(Visit visit, Map<String, String> fields) throws Operations.FailedException {
        String deed = fields.getOrDefault("answer", "");
        String id = fields.getOrDefault("name", "");
        if (!List.of("agree", "revoke").contains(deed) || !id.matches("g_[A-Za-z0-9_-]{1,64}")) {
            throw new Operations.FailedException(400, "the answer is agree or revoke");
        }
        Json.Obj body = Json.object().put("reason", "on the page").build();
        try {
            operations.post(visit.present().caller(), GRANTS + "/" + id + "/" + deed, body);
            return PageReply.seeOther(Link.to(PATH).toString());
        } catch (Operations.FailedException e) {
            return show(visit, Frame.trouble(e));
        }
    }
}
