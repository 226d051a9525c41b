package dev.reeve.export;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * API Activity (class 6003) of OCSF 1.8.0 with the profiles AI Operation and Security Control. What an agent did is an activity of a user of
 * the type `AI agent`; what an operator did is one of the operator. Which model an agent uses is not known here, so it is not told.
 */
final class OcsfFormat {
    static final String SCHEMA = "1.8.0";
    private static final int CLASS = 6003;
    private static final int OTHER = 99;

    private OcsfFormat() {}

    static Json.Obj event(Entry entry) {
        int activity = activity(entry);
        Json.Builder event = Json.object()
                .put("activity_id", activity)
                .put("category_uid", 6)
                .put("class_uid", CLASS)
                .put("type_uid", CLASS * 100L + activity)
                .put("time", entry.traits().time().toEpochMilli())
                .put("end_time", entry.end().toEpochMilli())
                .put("severity_id", severity(entry))
                .put("status_id", status(entry))
                .put("status", entry.isAction() ? entry.traits().status() : "done")
                .put("message", entry.line())
                .put("metadata", metadata(entry))
                .put("actor", actor(entry))
                .put("api", api(entry))
                .put("src_endpoint", Json.object().put("name", entry.who()).build());
        entry.took().ifPresent(took -> event.put("duration", took.toMillis()));
        if (activity == OTHER) {
            event.put("activity_name", entry.operation());
        }
        entry.denialCode().ifPresent(code -> event.put("status_code", code));
        entry.reason().ifPresent(reason -> event.put("status_detail", reason));
        control(event, entry);
        resources(event, entry);
        return event.put(
                        "unmapped",
                        Json.object()
                                .put("index", entry.happened().record().index())
                                .put("finished", entry.happened().finished())
                                .put("kind", entry.traits().kind())
                                .put("rule", entry.traits().rule())
                                .build())
                .build();
    }

    private static Json.Obj metadata(Entry entry) {
        return Json.object()
                .put("version", SCHEMA)
                .put("profiles", Json.Arr.ofStrings(List.of("ai_operation", "security_control")))
                .put("uid", entry.id())
                .put("sequence", entry.happened().finished())
                .put("log_name", "reeve")
                .put("original_time", entry.text("time"))
                .put("tenant_uid", entry.text("tenant").isEmpty() ? "default" : entry.text("tenant"))
                .put(
                        "product",
                        Json.object()
                                .put("name", "Reeve")
                                .put("vendor_name", "Reeve")
                                .put("version", Format.VERSION)
                                .build())
                .build();
    }

    private static Json.Obj actor(Entry entry) {
        Json.Builder user = Json.object().put("name", entry.who());
        if (entry.isAction()) {
            user.put("type_id", OTHER).put("type", "AI agent").put("uid", entry.text("instance"));
        } else {
            user.put("type_id", 2).put("type", "Admin");
        }
        Json.Builder actor = Json.object().put("user", user);
        if (!entry.traits().session().isEmpty()) {
            actor.put("session", Json.object().put("uid", entry.traits().session()));
        }
        if (!entry.traits().user().isEmpty()) {
            actor.put("invoked_by", entry.traits().user());
        }
        return actor.build();
    }

    private static Json.Obj api(Entry entry) {
        Json.Builder api = Json.object()
                .put("operation", entry.operation())
                .put("request", Json.object().put("uid", entry.id()));
        if (!entry.traits().upstream().isEmpty()) {
            api.put("service", Json.object().put("name", entry.traits().upstream()));
        }
        if (status(entry) == 2) {
            api.put("response", Json.object().put("error", entry.traits().status()));
        }
        return api.build();
    }

    private static void control(Json.Builder event, Entry entry) {
        if (!entry.isAction()) {
            return;
        }
        event.put("action_id", entry.isRefused() ? 2 : 1)
                .put("disposition_id", disposition(entry))
                .put("disposition", entry.traits().status());
        if (!entry.traits().rule().isEmpty()) {
            event.put(
                    "policy",
                    Json.object()
                            .put("name", entry.traits().rule())
                            .put("version", entry.text("policy"))
                            .build());
        }
        event.put(
                "message_context",
                Json.object()
                        .put("uid", entry.traits().session())
                        .put(
                                "application",
                                Json.object().put("name", entry.traits().agent()))
                        .build());
    }

    private static void resources(Json.Builder event, Entry entry) {
        List<Json> resources = new ArrayList<>();
        entry.resources()
                .forEach(name -> resources.add(Json.object().put("name", name).build()));
        if (!resources.isEmpty()) {
            event.put("resources", new Json.Arr(resources));
        }
    }

    /** Of several the one that changes most. */
    private static int activity(Entry entry) {
        int strongest = 0;
        for (String verb : entry.verbs()) {
            strongest = Math.max(
                    strongest,
                    switch (verb) {
                        case "read", "query" -> 1;
                        case "create" -> 2;
                        case "update" -> 3;
                        case "delete" -> 4;
                        default -> 0;
                    });
        }
        return switch (strongest) {
            case 1 -> 2;
            case 2 -> 1;
            case 3, 4 -> strongest;
            default -> OTHER;
        };
    }

    private static int severity(Entry entry) {
        return entry.traits().status().equals("outcome_unknown") ? 3 : entry.isRefused() ? 2 : 1;
    }

    private static int status(Entry entry) {
        return switch (entry.traits().status()) {
            case "success", "reported_success", "released", "" -> 1;
            case "outcome_unknown", "pending", "not_observed", "verdict_only" -> 0;
            default -> 2;
        };
    }

    private static int disposition(Entry entry) {
        return switch (entry.traits().status()) {
            case "denied" -> 2;
            case "withheld" -> 6;
            case "held" -> OTHER;
            case "tool_error", "upstream_error" -> 27;
            case "outcome_unknown", "pending" -> 0;
            default -> 1;
        };
    }
}
