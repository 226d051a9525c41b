package dev.reeve.console;

import static dev.reeve.console.Html.action;
import static dev.reeve.console.Html.attribute;
import static dev.reeve.console.Html.href;
import static dev.reeve.console.Html.style;
import static dev.reeve.console.Html.text;

import dev.reeve.audit.AuditReader;
import dev.reeve.audit.EventText;
import dev.reeve.console.Html.Tag;
import dev.reeve.control.PageReply;
import dev.reeve.control.Role;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What waits for a person: what exactly would be done comes first, then what it touches, who asks on what grounds, and what this agent did
 * before. Whose session it is, is who answers (R16).
 */
final class ApprovalPages {
    static final String PATH = "/approvals";
    /** Asked by a script. */
    static final String MARK = "/waiting";

    private static final String APPROVALS = "/v1/approvals";
    private static final int LONGEST = 300;
    private static final String HISTORY = "8";

    private final Operations operations;
    private final Frame frame;

    ApprovalPages(Operations operations, Frame frame) {
        this.operations = operations;
        this.frame = frame;
    }

    static boolean may(Visit visit) {
        return visit.may(Role.APPROVER) || visit.may(Role.ADMIN);
    }

    /** How many questions wait. */
    static int waiting(Operations operations, Visit visit) {
        try {
            // Nothing of them is shown beside the number, and so nobody has seen anything.
            return objects(
                            operations.get(
                                    visit.present().caller(),
                                    APPROVALS,
                                    Map.of("state", "pending", "arguments", "false")),
                            "approvals")
                    .size();
        } catch (Operations.FailedException e) {
            return 0;
        }
    }

    private static List<Json.Obj> pending(Operations operations, Visit visit) throws Operations.FailedException {
        return objects(operations.get(visit.present().caller(), APPROVALS, Map.of("state", "pending")), "approvals");
    }

    private static List<Json.Obj> objects(Json.Obj of, String name) {
        return of.array(name).orElse(Json.Arr.EMPTY).items().stream()
                .map(one -> (Json.Obj) one)
                .toList();
    }

    private static List<String> texts(Json.Obj of, String name) {
        return of.array(name).orElse(Json.Arr.EMPTY).items().stream()
                .map(one -> ((Json.Str) one).value())
                .toList();
    }

    static String joined(Json.Obj of, String name) {
        return String.join(", ", texts(of, name));
    }

    /** What changes when another question waits, or one no more; for the script of the list, which nobody looks at. */
    PageReply mark(Visit visit) throws Operations.FailedException {
        Json.Obj all =
                operations.get(visit.present().caller(), APPROVALS, Map.of("state", "pending", "arguments", "false"));
        byte[] mark = mark(objects(all, "approvals")).getBytes(StandardCharsets.US_ASCII);
        return PageReply.bytes(200, "text/plain; charset=us-ascii", mark);
    }

    private static String mark(List<Json.Obj> waiting) {
        List<String> tickets = waiting.stream()
                .map(one -> one.string("ticket").orElse(""))
                .sorted()
                .toList();
        return tickets.size() + "-" + Integer.toHexString(tickets.hashCode());
    }

    /** Shown by the script: a list that moved by itself would move under the finger of who answers. */
    private static Html changed(List<Json.Obj> waiting) {
        return Html.of(
                Tag.DIV,
                attribute("id", "changed"),
                attribute("role", "status"),
                attribute("data-address", Link.to(MARK).toString()),
                attribute("data-mark", mark(waiting)),
                Html.of(
                        Tag.P,
                        style("notice"),
                        attribute("hidden", ""),
                        text("What waits has changed. "),
                        Html.of(Tag.A, href(Link.to(PATH)), text("Show it"))));
    }

    PageReply list(Visit visit) throws Operations.FailedException {
        List<Html> cards = new ArrayList<>();
        List<Json.Obj> waiting = pending(operations, visit);
        waiting.forEach(one -> cards.add(card(one)));
        Html content = cards.isEmpty()
                ? Html.of(Tag.P, style("empty"), text("Nothing waits for a person."))
                : Html.of(Tag.OL, style("inbox"), attribute("id", "inbox"), Html.all(cards));
        return PageReply.html(
                200,
                frame.page(visit, "Approvals", PATH, changed(waiting), content, keys())
                        .document());
    }

    private static Html card(Json.Obj one) {
        String arguments = JsonWriter.text(one.get("arguments").orElse(Json.Obj.EMPTY));
        boolean isLong = arguments.codePointCount(0, arguments.length()) > LONGEST;
        String shown = isLong ? arguments.substring(0, arguments.offsetByCodePoints(0, LONGEST)) : arguments;
        return Html.of(
                Tag.LI,
                Html.of(
                        Tag.A,
                        href(of(one)),
                        Html.of(
                                Tag.SPAN,
                                style("said"),
                                Html.of(
                                        Tag.STRONG,
                                        Foreign.line(one.string("subject").orElse("?"))),
                                Html.of(
                                        Tag.SPAN,
                                        style("by"),
                                        text("asked by "),
                                        Foreign.line(one.string("agent").orElse("?")))),
                        Html.of(Tag.CODE, style("arguments"), Foreign.line(shown), text(isLong ? " …" : "")),
                        unseen(one),
                        isAboutResult(one)
                                ? Html.of(Tag.SPAN, style("hint"), text("It was made; its result waits."))
                                : Html.nothing(),
                        Html.of(Tag.SPAN, style("hint"), Html.all(reasons(one)), until(one))));
    }

    private static Html unseen(Json.Obj one) {
        int places = objects(one, "hidden").size();
        return places == 0
                ? Html.nothing()
                : Html.of(
                        Tag.SPAN,
                        style("hint"),
                        text(places == 1 ? "One value is not shown." : places + " values are not shown."));
    }

    private static Link of(Json.Obj one) {
        return Link.to(PATH + "/" + one.string("ticket").orElseThrow());
    }

    private static List<Html> reasons(Json.Obj one) {
        List<Html> reasons = new ArrayList<>();
        for (Json.Obj rule : objects(one, "rules")) {
            reasons.add(Foreign.line(rule.string("reason")
                    .filter(said -> !said.isEmpty())
                    .orElse(rule.string("name").orElse("a rule asks"))));
            reasons.add(text(" · "));
        }
        return reasons;
    }

    static Html until(Json.Obj one) {
        String until = EventText.escape(one.string("until").orElse(""));
        return Html.of(
                Tag.SPAN,
                text("until "),
                Html.of(
                        Tag.TIME,
                        attribute("datetime", until),
                        text(until.replace('T', ' ').replaceAll("\\.[0-9]+Z$|Z$", " UTC"))));
    }

    PageReply show(Visit visit, String ticket, Optional<String> trouble) throws Operations.FailedException {
        Json.Obj one = operations.get(visit.present().caller(), APPROVALS + "/" + ticket, Map.of());
        boolean waits = one.string("state").orElse("").equals("pending");
        return PageReply.html(
                trouble.isPresent() ? 409 : 200,
                frame.page(
                                visit,
                                waits ? "Approval" : "Answered",
                                PATH,
                                Html.of(
                                        Tag.P,
                                        style("back"),
                                        Html.of(Tag.A, href(Link.to(PATH)), text("All approvals"))),
                                trouble.map(said -> Frame.notice("alert", said)).orElse(Html.nothing()),
                                head(one),
                                one.get("arguments")
                                        .map(arguments -> ActionPage.value("Arguments", arguments))
                                        .orElseGet(() -> Frame.notice(
                                                "status", "It has ended: its arguments are in the record only.")),
                                hidden(one),
                                result(visit, one),
                                grounds(one),
                                waits ? answer(visit, one) : Html.nothing(),
                                history(visit, one))
                        .document());
    }

    private static Html head(Json.Obj one) {
        String state = one.string("state").orElse("?");
        boolean result = isAboutResult(one);
        Verdicts verdict = switch (state) {
            case "pending" -> new Verdicts("held", "Waits");
            case "approved" -> new Verdicts("allowed", result ? "Released" : "Approved");
            case "redeemed" -> new Verdicts("allowed", result ? "Released and given out" : "Approved and done");
            case "granted" -> new Verdicts("allowed", "Granted for a time");
            case "denied" -> new Verdicts("denied", "Denied");
            default -> new Verdicts("open", Words.sentence(state).replace(".", ""));
        };
        return Html.of(
                Tag.SECTION,
                style("card head"),
                Html.of(
                        Tag.P,
                        style("said"),
                        verdict.badge(),
                        Html.of(Tag.STRONG, Foreign.line(one.string("agent").orElse("?"))),
                        text(result ? " waits for a result of " : " wants "),
                        Html.of(Tag.STRONG, Foreign.line(one.string("subject").orElse("?")))),
                Html.of(
                        Tag.P,
                        style("hint"),
                        until(one),
                        text(" · "),
                        Html.of(
                                Tag.A,
                                href(Link.to("/actions/" + one.string("ticket").orElseThrow())),
                                text("the record of it"))));
    }

    private static boolean isAboutResult(Json.Obj one) {
        return one.string("about").equals(Optional.of("result"));
    }

    /** Of a call that was made: what came back, as who may answer sees it. */
    private Html result(Visit visit, Json.Obj one) {
        String state = one.string("state").orElse("");
        if (!isAboutResult(one) || !(state.equals("pending") || state.equals("approved"))) {
            return Html.nothing();
        }
        try {
            Json.Obj said = operations.post(
                    visit.present().caller(),
                    "/v1/approvals/" + one.string("ticket").orElseThrow() + "/result",
                    Json.Obj.EMPTY);
            return Html.all(List.of(
                    ActionPage.value("What came back", said.get("result").orElse(Json.Null.NULL)),
                    Frame.notice(
                            "status",
                            "The call was made. In what came back was found: "
                                    + EventText.escape(one.string("found").orElse("?"))
                                    + ". Values are not shown; signs of injection have their name behind them.")));
        } catch (Operations.FailedException e) {
            return Frame.notice(
                    "status",
                    "The call was made. In what came back was found: "
                            + EventText.escape(one.string("found").orElse("?")) + ". You do not see it: "
                            + EventText.escape(String.valueOf(e.getMessage())) + ".");
        }
    }

    /** What is not seen, before anybody says yes to it. */
    private static Html hidden(Json.Obj one) {
        List<Html> places = new ArrayList<>();
        for (Json.Obj place : objects(one, "hidden")) {
            places.add(Html.of(
                    Tag.LI,
                    Html.of(Tag.CODE, Foreign.line(place.string("at").orElse("?"))),
                    text(" " + why(place.string("why").orElse("")))));
        }
        if (one.get("hidden_elsewhere").equals(Optional.of(Json.Bool.TRUE))) {
            places.add(Html.of(Tag.LI, text("Something in a name: in that of what would be done, or of an argument.")));
        }
        return places.isEmpty()
                ? Html.nothing()
                : Html.of(
                        Tag.SECTION,
                        style("card"),
                        attribute("id", "not-shown"),
                        Html.of(Tag.H2, text("What you do not see")),
                        Html.of(Tag.UL, style("proofs"), Html.all(places)));
    }

    private static String why(String why) {
        return switch (why) {
            case "secret" -> "holds a secret that Reeve keeps. It is masked.";
            case "taken_out" -> "holds what a guardrail looks for. A placeholder stands there.";
            case "token" -> "is a token that the agent has. The tool gets the value.";
            default -> "is not shown as it would be sent.";
        };
    }

    private static Html grounds(Json.Obj one) {
        List<Html> rules = new ArrayList<>();
        for (Json.Obj rule : objects(one, "rules")) {
            rules.add(Html.of(
                    Tag.LI,
                    Html.of(Tag.STRONG, Foreign.line(rule.string("reason").orElse(""))),
                    Html.of(
                            Tag.P,
                            style("hint"),
                            Html.of(Tag.CODE, Foreign.line(rule.string("place").orElse("?"))),
                            text(" asks "
                                    + String.join(
                                            ", ",
                                            texts(rule, "by").stream()
                                                    .map(EventText::escape)
                                                    .toList())))));
        }
        List<Html> votes = new ArrayList<>();
        for (Json.Obj vote : objects(one, "votes")) {
            boolean yes = vote.get("yes").orElse(Json.Null.NULL) == Json.Bool.TRUE;
            votes.add(Html.of(
                    Tag.LI,
                    Foreign.line(vote.string("person").orElse("?")),
                    text(yes ? " said yes. " : " said no. "),
                    Foreign.line(vote.string("reason").orElse(""))));
        }
        return Html.of(
                Tag.SECTION,
                style("card"),
                Html.of(Tag.H2, text("Why a person is asked")),
                Html.of(Tag.UL, style("proofs"), Html.all(rules)),
                ActionPage.facts(List.of(
                        ActionPage.fact("It touches", Optional.of(joined(one, "touches"))),
                        ActionPage.fact("The agent has read", Optional.of(joined(one, "labels"))),
                        ActionPage.fact("On behalf of", one.string("user")),
                        ActionPage.fact("Owner of the agent", one.string("owner")))),
                votes.isEmpty()
                        ? Html.nothing()
                        : Html.all(List.of(
                                Html.of(Tag.H2, text("Answers so far")),
                                Html.of(Tag.UL, style("proofs"), Html.all(votes)))));
    }

    private static Html answer(Visit visit, Json.Obj one) {
        return Html.of(
                Tag.FORM,
                style("card answer"),
                attribute("method", "post"),
                attribute("id", "answer"),
                action(of(one)),
                Frame.csrf(visit),
                Html.of(Tag.H2, text("Your answer")),
                Frame.field(
                        "Reason",
                        Html.of(
                                Tag.TEXTAREA,
                                attribute("id", "reason"),
                                attribute("name", "reason"),
                                attribute("rows", "2"),
                                attribute("maxlength", "500")),
                        "It stands in the record, beside your name."),
                pattern(one),
                Html.of(
                        Tag.DIV,
                        style("buttons"),
                        button("approve", "", "Approve"),
                        button("deny", "stop", "Deny"),
                        Html.of(Tag.SPAN, style("hint"), attribute("id", "answer-hint"), attribute("role", "status"))),
                keys());
    }

    /** Where the rule lets people say yes to more than this call. */
    private static Html pattern(Json.Obj one) {
        if (one.string("grant_up_to").isEmpty()) {
            return Html.nothing();
        }
        String names = String.join(
                ", ", one.object("arguments").orElse(Json.Obj.EMPTY).members().keySet());
        return Html.all(List.of(
                Frame.field(
                        "Calls like this one, for",
                        StopsPage.input("for", "8"),
                        "As 30m or 1h, at most " + one.string("grant_up_to").orElse("")
                                + ". Empty: this call only, once."),
                Frame.field(
                        "Arguments that may be anything",
                        StopsPage.input("free", "500"),
                        "Names, with commas between. The others stay as they are. It has " + EventText.escape(names)
                                + ".")));
    }

    private static Html button(String answer, String classes, String word) {
        return Html.of(
                Tag.BUTTON,
                attribute("type", "submit"),
                attribute("name", "answer"),
                attribute("value", answer),
                attribute("id", answer),
                style(classes),
                text(word));
    }

    private static Html keys() {
        return Html.of(
                Tag.DETAILS,
                style("keys"),
                attribute("id", "keys"),
                attribute("hidden", ""),
                Html.of(Tag.SUMMARY, text("Keys")),
                Html.of(
                        Tag.P,
                        Html.of(Tag.KBD, text("j")),
                        text(" and "),
                        Html.of(Tag.KBD, text("k")),
                        text(" go down and up, "),
                        Html.of(Tag.KBD, text("Enter")),
                        text(" opens. In a question "),
                        Html.of(Tag.KBD, text("a")),
                        text(" and "),
                        Html.of(Tag.KBD, text("d")),
                        text(" go to approve and deny, and "),
                        Html.of(Tag.KBD, text("Enter")),
                        text(" confirms.")),
                Html.of(
                        Tag.BUTTON,
                        style("quiet"),
                        attribute("type", "button"),
                        attribute("id", "keys-off"),
                        text("Turn keys off")));
    }

    private Html history(Visit visit, Json.Obj one) {
        try {
            Json.Obj page = operations.get(
                    visit.present().caller(),
                    "/v1/audit/events",
                    Map.of("agent", one.string("agent").orElse("?"), "kind", "action", "limit", HISTORY));
            List<Html> rows = objects(page, "events").stream()
                    .map(event -> ActionsPage.row(Row.of(AuditReader.read(event))))
                    .toList();
            return Html.of(
                    Tag.SECTION,
                    Html.of(Tag.H2, text("What this agent did before")),
                    Html.of(Tag.OL, style("actions"), Html.all(rows)));
        } catch (Operations.FailedException e) {
            return Frame.notice(
                    "alert",
                    "What this agent did before cannot be shown: " + EventText.escape(String.valueOf(e.getMessage())));
        }
    }

    /** The answer of the person whose session it is. */
    PageReply answered(Visit visit, String ticket, Map<String, String> fields) throws Operations.FailedException {
        String answer = fields.getOrDefault("answer", "");
        if (!answer.equals("approve") && !answer.equals("deny")) {
            throw new Operations.FailedException(400, "the answer is approve or deny");
        }
        Json.Builder body =
                Json.object().put("reason", fields.getOrDefault("reason", "").strip());
        String length = fields.getOrDefault("for", "").strip();
        if (answer.equals("approve") && !length.isEmpty()) {
            List<String> free = java.util.Arrays.stream(
                            fields.getOrDefault("free", "").split(","))
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .toList();
            body.put("for", length).put("free", Json.Arr.ofStrings(free));
        }
        try {
            operations.post(visit.present().caller(), APPROVALS + "/" + ticket + "/" + answer, body.build());
            return PageReply.seeOther(Link.to(PATH + "/" + ticket).toString());
        } catch (Operations.FailedException e) {
            return show(visit, ticket, Frame.trouble(e));
        }
    }
}
