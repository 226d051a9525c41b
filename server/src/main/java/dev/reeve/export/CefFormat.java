package dev.reeve.export;

import dev.reeve.audit.EventText;

/** Common Event Format, version 0 (ArcSight): seven fields with {@code |} between, then {@code key=value}. */
final class CefFormat {
    private static final int LONGEST = 1_000;

    private CefFormat() {}

    static String event(Entry entry) {
        StringBuilder out = new StringBuilder("CEF:0|Reeve|Reeve|").append(header(Format.VERSION));
        out.append('|').append(header(signature(entry)));
        out.append('|').append(header(entry.who() + " " + entry.operation()));
        out.append('|').append(severity(entry)).append('|');
        StringBuilder more = new StringBuilder();
        add(more, "rt", Long.toString(entry.end().toEpochMilli()));
        add(more, "externalId", entry.id());
        add(more, "cat", entry.traits().kind());
        add(more, "act", entry.isAction() ? entry.traits().status() : entry.text("act"));
        add(
                more,
                "suser",
                entry.isAction() ? entry.traits().user() : entry.traits().person());
        add(more, "destinationServiceName", entry.traits().upstream());
        labelled(more, "cs1", "agent", entry.traits().agent());
        labelled(more, "cs2", "session", entry.traits().session());
        labelled(more, "cs3", "tool", entry.traits().subject());
        labelled(more, "cs4", "rule", entry.traits().rule());
        labelled(more, "cs5", "subject", entry.text("subject"));
        labelled(more, "cs6", "resources", String.join(" ", entry.resources()));
        labelled(more, "cn1", "index", Long.toString(entry.happened().record().index()));
        add(more, "reason", entry.denialCode().orElse(""));
        add(more, "msg", entry.reason().orElse(""));
        return out.append(more.toString().stripTrailing()).toString();
    }

    private static String signature(Entry entry) {
        return entry.isAction()
                ? "action:" + entry.traits().status()
                : entry.traits().kind();
    }

    /** From 0 to 10. */
    private static int severity(Entry entry) {
        return switch (entry.traits().status()) {
            case "denied", "held" -> 5;
            case "withheld" -> 6;
            case "outcome_unknown" -> 7;
            case "tool_error", "upstream_error", "not_sent" -> 4;
            default -> 3;
        };
    }

    private static void labelled(StringBuilder out, String key, String label, String value) {
        if (!value.isEmpty()) {
            add(out, key + "Label", label);
            add(out, key, value);
        }
    }

    private static void add(StringBuilder out, String key, String value) {
        if (!value.isEmpty()) {
            out.append(key).append('=').append(extension(value)).append(' ');
        }
    }

    private static String shown(String text) {
        String shown = EventText.escape(text);
        return shown.length() > LONGEST ? shown.substring(0, LONGEST) : shown;
    }

    private static String header(String text) {
        return shown(text).replace("\\", "\\\\").replace("|", "\\|");
    }

    private static String extension(String text) {
        return shown(text).replace("\\", "\\\\").replace("=", "\\=");
    }
}
