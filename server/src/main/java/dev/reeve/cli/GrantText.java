package dev.reeve.cli;

import dev.reeve.audit.EventText;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A grant for a terminal (R9). */
final class GrantText {
    private GrantText() {}

    static List<String> lines(Json.Obj one) {
        Json.Obj gives = gives(one);
        List<String> lines = new ArrayList<>();
        ApprovalText.add(lines, "grant", ControlCommand.text(one, "id") + ", " + standing(one));
        ApprovalText.add(lines, "to", to(one));
        ApprovalText.add(lines, "what", what(one));
        for (Json line : one.array("permissions").orElse(Json.Arr.EMPTY).items()) {
            ApprovalText.add(lines, "  permits", line instanceof Json.Str text ? text.value() : "?");
        }
        for (String part : List.of("tool", "resource")) {
            gives.string(part).ifPresent(value -> ApprovalText.add(lines, "  only " + part, value));
        }
        if (!ApprovalText.texts(gives, "actions").equals("-")) {
            ApprovalText.add(lines, "  only to", ApprovalText.texts(gives, "actions"));
        }
        gives.object("arguments")
                .orElse(Json.Obj.EMPTY)
                .members()
                .forEach((name, value) -> ApprovalText.add(lines, "  " + name, EventText.json(value)));
        if (!ApprovalText.texts(gives, "free").equals("-")) {
            ApprovalText.add(lines, "  may be anything", ApprovalText.texts(gives, "free"));
        }
        one.array("givers").orElse(Json.Arr.EMPTY).items().forEach(item -> {
            Json.Obj giver = (Json.Obj) item;
            ApprovalText.add(
                    lines,
                    "by",
                    ControlCommand.text(giver, "person") + " at " + ControlCommand.text(giver, "at") + ": "
                            + ControlCommand.text(giver, "reason"));
        });
        one.string("ticket").ifPresent(ticket -> ApprovalText.add(lines, "answers", ticket));
        return lines;
    }

    private static Json.Obj gives(Json.Obj one) {
        return one.object("gives").orElse(Json.Obj.EMPTY);
    }

    static String state(Json.Obj one) {
        boolean stands = !one.get("stands").equals(java.util.Optional.of(Json.Bool.FALSE));
        return ControlCommand.text(one, "state") + (stands ? "" : ", void: the policy has changed");
    }

    static String standing(Json.Obj one) {
        return switch (ControlCommand.text(one, "state")) {
            case "proposed" ->
                "waits for others to agree, "
                        + one.array("givers").orElse(Json.Arr.EMPTY).items().size() + " of "
                        + one.get("quorum").map(Json::toString).orElse("?") + " did";
            case "given" -> state(one) + " until " + ControlCommand.text(one, "until");
            default -> state(one);
        };
    }

    static String to(Json.Obj one) {
        Json.Obj to = one.object("to").orElse(Json.Obj.EMPTY);
        return ControlCommand.text(to, "agent")
                + to.string("instance").map(key -> ", key " + key).orElse("")
                + to.string("user").map(user -> ", for " + user).orElse("");
    }

    /** The name under {@code grantable}, or the tool that a rule asks about. */
    static String what(Json.Obj one) {
        Json.Obj gives = gives(one);
        return gives.string("grantable").orElseGet(() -> "calls of " + ControlCommand.text(gives, "subject"));
    }

    static String givers(Json.Obj one) {
        return one.array("givers").orElse(Json.Arr.EMPTY).items().stream()
                .map(item -> ControlCommand.text((Json.Obj) item, "person"))
                .collect(Collectors.joining(", "));
    }
}
