package dev.reeve.cli;

import dev.reeve.audit.AuditReader;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventQuery;
import dev.reeve.audit.EventQuery.BadQueryException;
import dev.reeve.audit.EventQuery.Part;
import dev.reeve.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads through the running process: by its index, and recorded. */
final class ServedReader implements RecordReader {
    private static final int PAGE = 500;

    private final Control control;
    /** How many records the newest were the newest of; following goes on from there. */
    private long seen = -1;

    ServedReader(Control control) {
        this.control = control;
    }

    @Override
    public List<Happened> newest(EventQuery asked, int most) throws CommandException {
        List<Happened> newest = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        while (newest.size() < most) {
            int limit = Math.min(PAGE, most - newest.size());
            Json.Obj page = control.get(target(asked) + "&limit=" + limit
                    + cursor.map(it -> "&cursor=" + it).orElse(""));
            events(page).forEach(newest::add);
            if (cursor.isEmpty()) {
                seen = whole(page);
            }
            cursor = page.string("next");
            if (cursor.isEmpty()) {
                break;
            }
        }
        return newest.reversed();
    }

    /** What has no outcome yet comes last. */
    @Override
    public void all(EventQuery asked, Consumer<Happened> visitor) throws CommandException {
        since(asked, 0, visitor);
        Optional<EventQuery> open = open(asked);
        if (open.isPresent()) {
            newest(open.get(), Integer.MAX_VALUE).forEach(visitor);
        }
    }

    @Override
    public long since(EventQuery asked, long from, Consumer<Happened> visitor) throws CommandException {
        // The first question waits until the index has what was recorded before.
        long end = whole(control.get(target(asked) + "&limit=1"));
        long next = from;
        while (next < end) {
            Json.Obj page = control.get(target(asked) + "&limit=" + PAGE + "&from=" + next);
            for (Happened event : events(page)) {
                if (event.finished() < end) {
                    visitor.accept(event);
                }
            }
            next = number(page, "next");
        }
        return Math.max(from, end);
    }

    /** How many records the answer is about; says so if that is not all of them. */
    private static long whole(Json.Obj page) {
        long indexed = number(page, "indexed");
        long missing = number(page, "records") - indexed;
        if (missing > 0) {
            System.err.println("reeve: the newest " + missing
                    + " records are not indexed yet and not shown; ask again, or read the log with --ledger");
        }
        return indexed;
    }

    private static Optional<EventQuery> open(EventQuery asked) throws CommandException {
        if (asked.get(Part.STATUS).filter(status -> !status.equals("pending")).isPresent()) {
            return Optional.empty();
        }
        Map<Part, String> parts = new EnumMap<>(Part.class);
        parts.putAll(asked.parts());
        parts.put(Part.STATUS, "pending");
        try {
            return Optional.of(EventQuery.of(parts));
        } catch (BadQueryException e) {
            throw new CommandException(ExitCodes.USAGE, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void follow(EventQuery asked, Consumer<Happened> visitor) throws CommandException {
        Json.Builder body = Json.object();
        if (seen >= 0) {
            body.put("from", seen);
        }
        asked.parts().forEach((part, value) -> body.put(part.wire(), value));
        Json.Obj opened = control.call("POST", "/v1/audit/tails", body.build());
        String tail = opened.string("tail").orElse("");
        long from = number(opened, "next");
        while (!Thread.currentThread().isInterrupted()) {
            Json.Obj page = control.get("/v1/audit/tails/" + tail + "?wait=20s&limit=" + PAGE + "&from=" + from);
            events(page).forEach(visitor);
            from = number(page, "next");
        }
    }

    @Override
    public Happened find(String record) throws CommandException {
        if (!FileReader.isIndex(record)) {
            FileReader.checkTicket(record);
        }
        Optional<Json.Obj> found = control.find("/v1/audit/events/" + AgentCommand.segment(record), "record_unknown");
        if (found.isEmpty()) {
            throw FileReader.isIndex(record)
                    ? new CommandException(
                            ExitCodes.FAILED, FileReader.noIndex(record, number(control.get("/v1/status"), "records")))
                    : FileReader.noTicket();
        }
        return event(found.get());
    }

    private static String target(EventQuery asked) {
        StringBuilder target = new StringBuilder("/v1/audit/events?");
        String between = "";
        for (Map.Entry<Part, String> part : asked.parts().entrySet()) {
            target.append(between)
                    .append(part.getKey().wire())
                    .append('=')
                    .append(URLEncoder.encode(part.getValue(), StandardCharsets.UTF_8));
            between = "&";
        }
        return target.append(between.isEmpty() ? "count=false" : "").toString();
    }

    private static List<Happened> events(Json.Obj page) throws CommandException {
        List<Happened> events = new ArrayList<>();
        for (Json item : page.array("events").orElse(Json.Arr.EMPTY).items()) {
            events.add(event((Json.Obj) item));
        }
        return events;
    }

    private static Happened event(Json.Obj json) throws CommandException {
        try {
            return AuditReader.read(json);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCodes.UNREACHABLE, "what answers is not Reeve: " + e.getMessage());
        }
    }

    private static long number(Json.Obj object, String name) {
        return object.get(name)
                .filter(Json.Num.class::isInstance)
                .flatMap(number -> ((Json.Num) number).whole())
                .orElse(0L);
    }

    @Override
    public void close() throws CommandException {
        control.close();
    }
}
