package dev.reeve.export;

import dev.reeve.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * OpenTelemetry logs: OTLP 1 in its JSON mapping, an {@code ExportLogsServiceRequest}. Attributes have the names of the semantic conventions
 * where there are any ({@code gen_ai.*}, {@code session.id}, {@code user.id}); the rest begins with {@code reeve.}.
 */
final class OtelFormat {
    private static final int INFO = 9;
    private static final int WARN = 13;

    private OtelFormat() {}

    static Json.Obj request(List<Entry> entries) {
        List<Json> records = new ArrayList<>();
        entries.forEach(entry -> records.add(record(entry)));
        Json.Obj scope = Json.object()
                .put("name", "dev.reeve.audit")
                .put("version", Format.VERSION)
                .build();
        Json.Obj scopeLogs = Json.object()
                .put("scope", scope)
                .put("logRecords", new Json.Arr(records))
                .build();
        Json.Obj resource = Json.object()
                .put("attributes", new Json.Arr(List.of(text("service.name", "reeve"))))
                .build();
        Json.Obj resourceLogs = Json.object()
                .put("resource", resource)
                .put("scopeLogs", new Json.Arr(List.of(scopeLogs)))
                .build();
        return Json.object()
                .put("resourceLogs", new Json.Arr(List.of(resourceLogs)))
                .build();
    }

    private static Json.Obj record(Entry entry) {
        boolean warning = entry.isRefused() || entry.traits().status().equals("outcome_unknown");
        return Json.object()
                .put("timeUnixNano", nanos(entry.traits().time()))
                .put("observedTimeUnixNano", nanos(entry.end()))
                .put("severityNumber", warning ? WARN : INFO)
                .put("severityText", warning ? "WARN" : "INFO")
                .put("eventName", "reeve." + entry.traits().kind())
                .put("body", Json.object().put("stringValue", entry.line()))
                .put("attributes", new Json.Arr(attributes(entry)))
                .build();
    }

    /** 64 bit numbers are texts in this mapping. */
    private static String nanos(Instant time) {
        return Long.toString(time.getEpochSecond() * 1_000_000_000L + time.getNano());
    }

    private static List<Json> attributes(Entry entry) {
        List<Json> all = new ArrayList<>();
        all.add(text("reeve.id", entry.id()));
        all.add(number("reeve.index", entry.happened().record().index()));
        all.add(number("reeve.finished", entry.happened().finished()));
        if (entry.isAction()) {
            all.add(text("gen_ai.operation.name", "execute_tool"));
        }
        add(all, "gen_ai.agent.name", entry.traits().agent());
        add(all, "gen_ai.tool.name", entry.traits().subject());
        add(all, "session.id", entry.traits().session());
        add(all, "user.id", entry.traits().user());
        add(all, "reeve.upstream", entry.traits().upstream());
        add(all, "reeve.status", entry.traits().status());
        add(all, "reeve.rule", entry.traits().rule());
        add(all, "reeve.code", entry.denialCode().orElse(""));
        add(all, "reeve.reason", entry.reason().orElse(""));
        add(all, "reeve.person", entry.traits().person());
        add(all, "reeve.act", entry.text("act"));
        add(all, "reeve.subject", entry.text("subject"));
        entry.hidden("arguments").ifPresent(value -> all.add(text("gen_ai.tool.call.arguments", value.toString())));
        return all;
    }

    private static void add(List<Json> all, String key, String value) {
        if (!value.isEmpty()) {
            all.add(text(key, value));
        }
    }

    private static Json.Obj text(String key, String value) {
        return Json.object()
                .put("key", key)
                .put("value", Json.object().put("stringValue", value))
                .build();
    }

    private static Json.Obj number(String key, long value) {
        return Json.object()
                .put("key", key)
                .put("value", Json.object().put("intValue", Long.toString(value)))
                .build();
    }
}
