package dev.reeve.audit;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.record.Event;
import dev.reeve.record.Event.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Events as a person reads them at a terminal. All of it may be foreign text, and is escaped (R9). */
public final class EventText {
    /** What {@link #status} can say. */
    public static final List<String> STATUSES = List.of(
            "success",
            "tool_error",
            "upstream_error",
            "denied",
            "held",
            "withheld",
            "released",
            "not_sent",
            "outcome_unknown",
            "reported_success",
            "reported_failure",
            "not_observed",
            "verdict_only",
            "pending");

    private static final int WIDTH = 100;
    /** Letters of a ticket behind its prefix, 40 bits: two alike in one ledger are told, not mixed up. */
    private static final int SHORT = 8;

    private EventText() {}

    /**
     * {@code 24 2026-11-24T10:00:00Z DENIED agent pg.query_database reason  rv_f0yqzm6k}, cut to a line. Each line begins and ends with what
     * {@code audit show} finds it by: these are never cut.
     */
    public static String line(Happened happened) {
        Stored record = happened.record();
        String time = record.leaf().string("time").orElse("?");
        String shown = time.length() > 19 ? time.substring(0, 19) + "Z" : time;
        String text = happened.isAction()
                ? "%5d %s %-9s %s %s %s"
                        .formatted(
                                record.index(),
                                shown,
                                status(happened).toUpperCase(Locale.ROOT),
                                record.leaf().string("agent").orElse("?"),
                                subject(record),
                                reason(happened).orElse(""))
                : "%5d %s %-9s %s"
                        .formatted(record.index(), shown, record.kind().toUpperCase(Locale.ROOT), what(record));
        String id = shortId(record.id());
        String whole = text.stripTrailing();
        int room = WIDTH - 2 - Math.min(id.length(), WIDTH / 2);
        String cut = whole.length() > room ? whole.substring(0, room - 3) + "..." : whole;
        return escape(cut) + "  " + escape(id);
    }

    /** So much of an id as tells it from others; {@code audit show} and {@code policy explain} take it for the whole. */
    public static String shortId(String id) {
        return id.substring(0, Math.min(id.length(), id.indexOf('_') + 1 + SHORT));
    }

    private static String what(Stored record) {
        Json.Obj leaf = record.leaf();
        return leaf.object("counts")
                .map(JsonWriter::text)
                .orElseGet(() -> String.join(
                        " ",
                        leaf.string("person").orElse(""),
                        leaf.string("act").orElse(""),
                        leaf.string("subject").orElse("")));
    }

    public static String status(Happened happened) {
        return switch (happened.record().kind()) {
            case "denial" -> "denied";
            case "hold" -> "held";
            case "verdict" -> "verdict_only";
            default ->
                happened.outcome()
                        .flatMap(stored -> stored.leaf().string("status"))
                        .orElse("pending");
        };
    }

    /** What an action was done to, as far as it can be seen. */
    public static String subject(Stored record) {
        return record.subject().isEmpty() ? "?" : record.subject();
    }

    /** Why it was not done; for what was done, the rule that allowed it. */
    public static Optional<String> reason(Happened happened) {
        Optional<String> denial = reasons(happened.record()).flatMap(reasons -> reasons.string("denial"));
        if (denial.isPresent()) {
            return denial;
        }
        return rule(happened).map(rule -> "by " + rule);
    }

    /** The rule that decided, with its place. */
    public static Optional<String> rule(Happened happened) {
        Json.Obj leaf = happened.record().leaf();
        Optional<Json.Obj> denied = leaf.object("denial").flatMap(denial -> denial.object("rule"));
        if (denied.isPresent()) {
            return denied.map(EventText::place);
        }
        for (Json finding : leaf.array("findings").map(Json.Arr::items).orElse(List.of())) {
            Optional<Json.Obj> rule = ((Json.Obj) finding).object("rule");
            if (rule.isPresent() && !isShadow((Json.Obj) finding)) {
                return rule.map(EventText::place);
            }
        }
        return Optional.empty();
    }

    /** A rule in shadow decided nothing. */
    private static boolean isShadow(Json.Obj finding) {
        return finding.string("result")
                .filter(result -> result.startsWith("would_"))
                .isPresent();
    }

    /** A rule without a name of its own is named by its place already. */
    private static String place(Json.Obj rule) {
        String line = rule.get("line").map(Json::toString).orElse("0");
        String where = rule.string("file").orElse("?") + (line.equals("0") ? "" : ":" + line);
        String name = rule.string("name").orElse("?");
        return name.equals(where) ? where : name + " (" + where + ")";
    }

    private static Optional<Json.Obj> reasons(Stored record) {
        return Optional.ofNullable(record.disclosed().get("reasons"))
                .filter(Json.Obj.class::isInstance)
                .map(Json.Obj.class::cast);
    }

    /** Every part, a line each: who, what, each stage with its rule and reason, what would have allowed it, what came of it. */
    public static List<String> whole(Happened happened) {
        List<String> lines = new ArrayList<>();
        Stored record = happened.record();
        add(
                lines,
                "record",
                record.index()
                        + happened.outcome()
                                .map(stored -> ", outcome " + stored.index())
                                .orElse(""));
        add(lines, "ticket", record.id());
        add(lines, "time", record.leaf().string("time").orElse("?"));
        if (!happened.isAction()) {
            add(lines, record.kind(), what(record));
            add(lines, "decision", undecided(record.kind()));
            record.disclosed().forEach((name, value) -> add(lines, name, JsonWriter.text(value)));
            return lines;
        }
        add(
                lines,
                "agent",
                record.leaf().string("agent").orElse("?") + ", key "
                        + record.leaf().string("instance").orElse("?"));
        add(
                lines,
                "action",
                record.leaf()
                                .object("operation")
                                .flatMap(op -> op.string("kind"))
                                .orElse("?") + " " + subject(record));
        arguments(record).ifPresent(said -> add(lines, "arguments", said));
        Optional.ofNullable(record.disclosed().get("resources"))
                .ifPresent(value -> add(lines, "touches", JsonWriter.text(value)));
        add(lines, "policy", record.leaf().string("policy").orElse("?"));
        findings(lines, record);
        denial(lines, record);
        outcome(lines, happened);
        return lines;
    }

    /** Empty if there were none; what is erased or was not recorded is said to be so. */
    public static Optional<String> arguments(Stored record) {
        return switch (Event.kept(record)) {
            case KEPT ->
                Optional.ofNullable(record.disclosed().get("arguments")).map(JsonWriter::text);
            case ERASED -> Optional.of("erased");
            case NOT_RECORDED -> Optional.of("not recorded");
        };
    }

    /** Why there is nothing to explain. */
    private static String undecided(String kind) {
        return "none: "
                + switch (kind) {
                    case "control" -> "this is what an operator or Reeve itself did, and no agent's action";
                    case "summary" ->
                        "this counts what was not recorded one by one, by kind and code; `denied.AGENT.CODE` are denials beyond an agent's quota";
                    case "outcome" -> "this is what came of an action whose decision is not in this record";
                    default -> "this is no agent's action";
                };
    }

    private static void findings(List<String> lines, Stored record) {
        List<Json> texts = reasons(record)
                .flatMap(reasons -> reasons.array("findings"))
                .map(Json.Arr::items)
                .orElse(List.of());
        List<Json> findings =
                record.leaf().array("findings").map(Json.Arr::items).orElse(List.of());
        for (int i = 0; i < findings.size(); i++) {
            Json.Obj finding = (Json.Obj) findings.get(i);
            String reason = i < texts.size() && texts.get(i) instanceof Json.Str text ? text.value() : "";
            String rule =
                    finding.object("rule").map(ref -> ", rule " + place(ref)).orElse("");
            add(
                    lines,
                    "stage " + finding.string("stage").orElse("?"),
                    finding.string("result").orElse("?") + ": " + reason + rule);
        }
    }

    private static void denial(List<String> lines, Stored record) {
        record.leaf().object("denial").ifPresent(denial -> {
            Optional<Json.Obj> reasons = reasons(record);
            add(
                    lines,
                    "denied",
                    denial.string("code").orElse("?") + " ("
                            + denial.string("class").orElse("?") + ")");
            nearest(denial, reasons).ifPresent(near -> add(lines, "nearest", near));
            reasons.flatMap(texts -> texts.string("help")).ifPresent(help -> add(lines, "help", help));
            reasons.flatMap(texts -> texts.string("tell")).ifPresent(tell -> add(lines, "agent was told", tell));
        });
    }

    /** What would have allowed it; without a rule, the words that say why there is none. */
    private static Optional<String> nearest(Json.Obj denial, Optional<Json.Obj> reasons) {
        Optional<String> words = reasons.flatMap(texts -> texts.string("nearest"));
        return denial.object("nearest")
                .map(rule -> place(rule) + words.map(text -> ": " + text).orElse(""))
                .or(() -> words);
    }

    private static void outcome(List<String> lines, Happened happened) {
        happened.outcome().ifPresent(stored -> {
            String took = stored.leaf()
                    .get("elapsed_us")
                    .map(us -> " after " + us + " us")
                    .orElse("");
            add(lines, "outcome", stored.leaf().string("status").orElse("?") + took);
            stored.leaf().object("result").ifPresent(result -> add(lines, "result", JsonWriter.text(result)));
            Optional.ofNullable(stored.disclosed().get("reasons"))
                    .ifPresent(value -> add(lines, "changed", JsonWriter.text(value)));
        });
    }

    private static void add(List<String> lines, String name, String value) {
        lines.add("%-18s %s".formatted(escape(name), escape(value)).stripTrailing());
    }

    /** Control, direction and invisible characters are shown as what they are, not obeyed. */
    public static String escape(String text) {
        return Unseen.escape(text);
    }

    /** As JSON that means the same and shows everything: what a terminal would obey stands as an escape. */
    public static String json(Json value) {
        return Unseen.escapeJson(JsonWriter.text(value));
    }
}
