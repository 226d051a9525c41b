package dev.reeve.audit;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import dev.reeve.record.RecordTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What an event is searched by. Searching the log and the index both ask this, so that they agree. A text is empty where the event has none;
 * a status, a tool and a rule are those of actions only.
 */
public record Traits(
        String kind,
        String agent,
        String user,
        String session,
        String subject,
        String upstream,
        String status,
        String rule,
        String person,
        Instant time) {

    public static Traits of(Happened happened) {
        Json.Obj leaf = happened.record().leaf();
        boolean action = happened.isAction();
        return new Traits(
                action ? "action" : happened.record().kind(),
                leaf.string("agent").orElse(""),
                leaf.string("user").orElse(""),
                leaf.string("session").orElse(""),
                action ? EventText.subject(happened.record()) : "",
                leaf.object("operation")
                        .flatMap(operation -> operation.string("upstream"))
                        .orElse(""),
                action ? EventText.status(happened) : "",
                EventText.rule(happened).orElse(""),
                leaf.string("person").orElse(""),
                time(leaf));
    }

    /** A record without a time of its own is as old as can be. */
    private static Instant time(Json.Obj leaf) {
        try {
            return RecordTime.parse(leaf.string("time").orElse(""));
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    /** With or without the upstream before it; {@code *} at the end stands for anything. */
    public static boolean isTool(String subject, String wanted) {
        if (wanted.endsWith("*")) {
            return subject.startsWith(wanted.substring(0, wanted.length() - 1));
        }
        return subject.equals(wanted) || subject.endsWith("." + wanted);
    }

    /** By its name; by its place if it has none. */
    public static boolean isRule(String rule, String wanted) {
        return rule.equals(wanted) || rule.startsWith(wanted + " ");
    }

    /** What the action touched, as far as that was not erased. */
    static List<String> resources(Happened happened) {
        return resources(happened.record());
    }

    /** What a decision is about, as far as that was not erased. */
    public static List<String> resources(Stored record) {
        List<String> names = new ArrayList<>();
        if (record.disclosed().get("resources") instanceof Json.Arr accesses) {
            for (Json access : accesses.items()) {
                if (access instanceof Json.Arr one) {
                    one.items().forEach(name -> names.add(name instanceof Json.Str text ? text.value() : ""));
                }
            }
        }
        return names;
    }
}
