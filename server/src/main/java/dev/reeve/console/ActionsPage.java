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
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happens now, newest first. */
final class ActionsPage {
    static final int SHOWN = 50;
    private static final List<String> FILTERS = List.of("kind", "agent", "tool", "status", "text");

    private final Operations operations;
    private final Frame frame;

    ActionsPage(Operations operations, Frame frame) {
        this.operations = operations;
        this.frame = frame;
    }

    /** What is asked for, of the query of an address: empty fields of the form ask for nothing. */
    static Map<String, String> filter(Map<String, String> query) {
        Map<String, String> asked = new HashMap<>();
        FILTERS.forEach(name -> Optional.ofNullable(query.get(name))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .ifPresent(value -> asked.put(name, value)));
        asked.putIfAbsent("kind", "action");
        return asked;
    }

    PageReply show(Visit visit) throws Operations.FailedException {
        Map<String, String> asked = filter(visit.request().query());
        Map<String, String> query = new HashMap<>(asked);
        query.put("limit", Integer.toString(SHOWN));
        Optional.ofNullable(visit.request().query().get("cursor")).ifPresent(cursor -> query.put("cursor", cursor));
        Json.Obj page = operations.get(visit.present().caller(), "/v1/audit/events", query);
        List<Row> rows = new ArrayList<>();
        page.array("events")
                .orElse(Json.Arr.EMPTY)
                .items()
                .forEach(event -> rows.add(Row.of(AuditReader.read((Json.Obj) event))));
        boolean isNewest = !query.containsKey("cursor");
        return PageReply.html(
                200,
                frame.page(
                                visit,
                                "Actions",
                                "",
                                filters(asked),
                                isNewest ? live(asked, page) : Html.nothing(),
                                list(rows),
                                older(asked, page))
                        .document());
    }

    /** What could not be asked for is told above the form that asked. */
    PageReply trouble(Visit visit, Operations.FailedException trouble) {
        Map<String, String> asked = filter(visit.request().query());
        return PageReply.html(
                trouble.status(),
                frame.page(
                                visit,
                                "Actions",
                                "",
                                filters(asked),
                                Frame.notice(
                                        "alert",
                                        EventText.escape(Words.sentence(String.valueOf(trouble.getMessage())))))
                        .document());
    }

    private static Html filters(Map<String, String> asked) {
        return Html.of(
                Tag.FORM,
                style("filters"),
                attribute("method", "get"),
                attribute("role", "search"),
                attribute("aria-label", "Filter"),
                action(Link.to("")),
                choice(
                        "kind",
                        "Show",
                        asked,
                        List.of("action", "control", "summary"),
                        List.of("Actions of agents", "Acts of people", "What was only counted")),
                box("agent", "Agent", asked),
                box("tool", "Tool", asked),
                statuses(asked),
                box("text", "Words", asked),
                Html.of(
                        Tag.DIV,
                        style("buttons"),
                        Html.of(Tag.BUTTON, attribute("type", "submit"), style("second"), text("Filter")),
                        asked.size() > 1
                                ? Html.of(Tag.A, href(Link.to("")), style("clear"), text("Clear"))
                                : Html.nothing()));
    }

    private static Html statuses(Map<String, String> asked) {
        List<String> values = new ArrayList<>(List.of(""));
        List<String> words = new ArrayList<>(List.of("Any"));
        for (String status : EventText.STATUSES) {
            if (!status.equals("pending")) {
                values.add(status);
                words.add(
                        status.startsWith("reported")
                                ? Verdicts.of(status).word() + ", as reported"
                                : Verdicts.of(status).word());
            }
        }
        return choice("status", "Verdict", asked, values, words);
    }

    private static Html choice(
            String name, String label, Map<String, String> asked, List<String> values, List<String> words) {
        List<Html> options = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            Html.Attribute value = attribute("value", values.get(i));
            options.add(
                    values.get(i).equals(asked.getOrDefault(name, ""))
                            ? Html.of(Tag.OPTION, value, attribute("selected", ""), text(words.get(i)))
                            : Html.of(Tag.OPTION, value, text(words.get(i))));
        }
        return Frame.field(
                label,
                Html.of(Tag.SELECT, attribute("id", "f-" + name), attribute("name", name), Html.all(options)),
                "");
    }

    private static Html box(String name, String label, Map<String, String> asked) {
        return Frame.field(
                label,
                Html.of(
                        Tag.INPUT,
                        attribute("id", "f-" + name),
                        attribute("name", name),
                        attribute("type", "text"),
                        attribute("maxlength", "200"),
                        attribute("autocomplete", "off"),
                        attribute("spellcheck", "false"),
                        attribute("value", asked.getOrDefault(name, ""))),
                "");
    }

    private static Html live(Map<String, String> asked, Json.Obj page) {
        Link stream = Link.to("/live")
                .with("from", page.get("indexed").map(Json::toString).orElse("0"));
        for (Map.Entry<String, String> one : asked.entrySet()) {
            stream = stream.with(one.getKey(), one.getValue());
        }
        return Html.of(
                Tag.DIV,
                style("live"),
                attribute("id", "live"),
                attribute("data-stream", stream.toString()),
                Html.of(Tag.SPAN, style("pulse"), attribute("aria-hidden", "true")),
                Html.of(Tag.SPAN, attribute("id", "live-word"), attribute("role", "status"), text("As of now")),
                Html.of(
                        Tag.BUTTON,
                        style("quiet"),
                        attribute("id", "pause"),
                        attribute("type", "button"),
                        attribute("aria-pressed", "false"),
                        attribute("hidden", ""),
                        text("Pause")),
                Html.of(Tag.TEMPLATE, attribute("id", "row"), row(EMPTY)));
    }

    private static final Row EMPTY = new Row("", "", "", new Verdicts("open", ""), "", "", "", "");

    private static Html list(List<Row> rows) {
        if (rows.isEmpty()) {
            return Html.all(List.of(
                    Html.of(
                            Tag.P,
                            style("empty"),
                            attribute("id", "empty"),
                            text("Nothing yet. What agents do shows here as it happens.")),
                    Html.of(Tag.OL, style("actions"), attribute("id", "actions"))));
        }
        return Html.of(
                Tag.OL,
                style("actions"),
                attribute("id", "actions"),
                Html.all(rows.stream().map(ActionsPage::row).toList()));
    }

    /** Its parts are named, so that the script fills the same markup. */
    static Html row(Row row) {
        return Html.of(
                Tag.LI,
                Html.of(
                        Tag.A,
                        href(row.index().isEmpty() ? Link.to("") : Link.to("/actions/" + row.index())),
                        Html.of(
                                Tag.TIME,
                                attribute("datetime", row.time()),
                                attribute("title", row.time()),
                                attribute("data-f", "clock"),
                                text(row.clock())),
                        row.verdict().badge(),
                        Html.of(
                                Tag.BDI,
                                attribute("dir", "ltr"),
                                style("agent"),
                                attribute("data-f", "agent"),
                                text(row.agent())),
                        Html.of(
                                Tag.BDI,
                                attribute("dir", "ltr"),
                                style("what"),
                                attribute("data-f", "what"),
                                text(row.what())),
                        Html.of(
                                Tag.BDI,
                                attribute("dir", "ltr"),
                                style("detail"),
                                attribute("data-f", "detail"),
                                text(row.detail())),
                        Html.of(Tag.SPAN, style("took"), attribute("data-f", "took"), text(row.took()))));
    }

    private static Html older(Map<String, String> asked, Json.Obj page) {
        Optional<String> next = page.string("next");
        if (next.isEmpty()) {
            return Html.nothing();
        }
        Link link = Link.to("").with("cursor", next.get());
        for (Map.Entry<String, String> one : asked.entrySet()) {
            link = link.with(one.getKey(), one.getValue());
        }
        return Html.of(Tag.P, style("older"), Html.of(Tag.A, href(link), text("Older")));
    }
}
