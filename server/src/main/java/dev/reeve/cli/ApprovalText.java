package dev.reeve.cli;

import dev.reeve.approval.Approval;
import dev.reeve.approval.ApprovalDesk;
import dev.reeve.audit.EventText;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An approval for a terminal: what would be done first; what cannot be seen is marked (R9). */
final class ApprovalText {
    private ApprovalText() {}

    static List<String> lines(Json.Obj one) {
        List<String> lines = new ArrayList<>();
        boolean result = isAboutResult(one);
        add(
                lines,
                result ? "was done" : "would do",
                ControlCommand.text(one, "kind") + " " + ControlCommand.text(one, "subject"));
        if (result) {
            add(lines, "waits", "its result, in which was found: " + ControlCommand.text(one, "found"));
        }
        one.object("arguments")
                .ifPresentOrElse(
                        arguments -> arguments
                                .members()
                                .forEach((name, value) -> argument(lines, name, EventText.json(value))),
                        () -> add(
                                lines,
                                "arguments",
                                "in the record only, now that it has ended: reeve audit show "
                                        + ControlCommand.text(one, "ticket")));
        one.get("result").ifPresent(said -> argument(lines, "its result", EventText.json(said)));
        for (Json item : items(one, "hidden")) {
            Json.Obj place = (Json.Obj) item;
            add(lines, "  not shown", "`" + ControlCommand.text(place, "at") + "`: " + why(place));
        }
        if (one.get("hidden_elsewhere").equals(Optional.of(Json.Bool.TRUE))) {
            add(lines, "  not shown", "something in a name: in that of what would be done, or of an argument");
        }
        one.array("touches")
                .filter(touched -> !touched.items().isEmpty())
                .ifPresent(ignored -> add(lines, "touches", texts(one, "touches")));
        add(lines, "agent", ControlCommand.text(one, "agent"));
        one.string("user").ifPresent(user -> add(lines, "acts for", user));
        add(lines, "owner", ControlCommand.text(one, "owner"));
        add(lines, "has read", texts(one, "labels"));
        for (Json item : items(one, "rules")) {
            Json.Obj rule = (Json.Obj) item;
            add(
                    lines,
                    "rule",
                    ControlCommand.text(rule, "name") + " (" + ControlCommand.text(rule, "place") + "): "
                            + ControlCommand.text(rule, "reason"));
            add(lines, "  asked are", texts(rule, "by"));
            add(lines, "  terms", rule.object("terms").map(EventText::json).orElse("-"));
        }
        add(lines, "state", standing(one));
        for (String kind : List.of("votes", "break_glass")) {
            items(one, kind).forEach(vote -> add(lines, kind, vote((Json.Obj) vote)));
        }
        add(lines, "asked at", ControlCommand.text(one, "created"));
        add(lines, "until", ControlCommand.text(one, "until"));
        one.string("grant_up_to").ifPresent(most -> add(lines, "may be granted", "such calls, for up to " + most));
        return lines;
    }

    static boolean isAboutResult(Json.Obj one) {
        return one.string("about").equals(Optional.of("result"));
    }

    /** Why what stands at a place is not what would be sent. */
    public static String why(Json.Obj place) {
        return switch (place.string("why").orElse("")) {
            case "secret" -> "a secret that Reeve keeps stands there; it is masked";
            case "taken_out" -> "a guardrail looks for what stands there; a placeholder is shown";
            case "token" -> "the agent has a token only; the tool gets the value";
            default -> "it is not shown as it would be sent";
        };
    }

    /** Letters that look like others are told apart by their numbers, in a line of their own. */
    private static void argument(List<String> lines, String name, String value) {
        add(lines, "  " + name, value);
        String marked = marked(value);
        if (!marked.equals(value)) {
            add(lines, "  not ASCII", marked);
        }
    }

    private static String marked(String text) {
        StringBuilder marked = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (point < 0x7f) {
                marked.appendCodePoint(point);
            } else {
                marked.append("<U+%04X>".formatted(point));
            }
        });
        return marked.toString();
    }

    private static String vote(Json.Obj vote) {
        String said = vote.get("yes").equals(Optional.of(Json.Bool.TRUE)) ? "yes" : "no";
        return ControlCommand.text(vote, "person") + " " + said + " at " + ControlCommand.text(vote, "at") + ": "
                + ControlCommand.text(vote, "reason");
    }

    /** {@code approved until ...}, {@code pending, 1 yes}. */
    static String standing(Json.Obj one) {
        String state = ControlCommand.text(one, "state");
        return switch (state) {
            case "pending" ->
                "pending, " + items(one, "votes").size() + " said yes"
                        + (items(one, "break_glass").isEmpty() ? "" : "; one of two broke the glass");
            case "approved" ->
                (isAboutResult(one)
                                ? "released; the same call gets the result once until "
                                : "approved; the same call runs once until ")
                        + ControlCommand.text(one, "until");
            case "granted" ->
                "granted for a time"
                        + one.string("grant").map(id -> ", as " + id).orElse("");
            case "redeemed" -> "used by " + ControlCommand.text(one, "intent");
            default -> state;
        };
    }

    static String rules(Json.Obj one) {
        return items(one, "rules").stream()
                .map(rule -> ControlCommand.text((Json.Obj) rule, "name"))
                .collect(Collectors.joining(", "));
    }

    /** Of what is kept: the record has the rest. */
    static Optional<String> history(Json.Obj all) {
        Map<String, Integer> counts = new TreeMap<>();
        items(all, "approvals")
                .forEach(one -> counts.merge(ControlCommand.text((Json.Obj) one, "state"), 1, Integer::sum));
        return counts.isEmpty()
                ? Optional.empty()
                : Optional.of("%-18s %s"
                        .formatted(
                                "of this agent",
                                counts.entrySet().stream()
                                        .map(count -> count.getValue() + " " + count.getKey())
                                        .collect(Collectors.joining(", "))));
    }

    /** What waits, and where the glass was broken. */
    static Json.Obj status(ApprovalDesk desk) {
        List<Approval> all = desk.list(ApprovalDesk.Filter.ALL);
        List<String> broken = all.stream()
                .filter(Approval::isBrokenGlass)
                .map(one -> one.ticket() + " by " + String.join(", ", one.approvers()))
                .toList();
        return Json.object()
                .put(
                        "pending",
                        all.stream()
                                .filter(one -> one.state() == Approval.State.PENDING)
                                .count())
                .put("break_glass", Json.Arr.ofStrings(broken))
                .build();
    }

    private static List<Json> items(Json.Obj one, String name) {
        return one.array(name).map(Json.Arr::items).orElse(List.of());
    }

    static String texts(Json.Obj one, String name) {
        String all = items(one, name).stream()
                .map(item -> item instanceof Json.Str text ? text.value() : item.toString())
                .collect(Collectors.joining(", "));
        return all.isEmpty() ? "-" : all;
    }

    static void add(List<String> lines, String name, String value) {
        lines.add("%-18s %s"
                .formatted(EventText.escape(name), EventText.escape(value))
                .stripTrailing());
    }
}
