package dev.reeve.console;

import dev.reeve.audit.AuditReader;
import dev.reeve.control.PageReply;
import dev.reeve.control.PageRequest;
import dev.reeve.control.SignIns;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * What happens, as it happens: server-sent events (HTML Standard, section 9.2) over a live tail of the record. It ends with the session: each
 * look asks before and after it who is there. It keeps nobody signed in.
 */
final class LiveStream {
    /** So soon it is noticed that a reader is gone. */
    private static final String WAIT = "2s";

    private static final Pattern POSITION = Pattern.compile("[0-9]{1,18}");

    private final Operations operations;
    private final Cookies cookies;
    private final SignIns signIns;
    private final BooleanSupplier ends;

    /** @param ends whether the process stops */
    LiveStream(Operations operations, Cookies cookies, SignIns signIns, BooleanSupplier ends) {
        this.operations = operations;
        this.cookies = cookies;
        this.signIns = signIns;
        this.ends = ends;
    }

    PageReply open(Visit visit) throws Operations.FailedException {
        String from = Optional.ofNullable(visit.request().query().get("from"))
                .filter(text -> POSITION.matcher(text).matches())
                .orElseThrow(() -> new Operations.FailedException(400, "from is the number of a record"));
        Json.Builder body = Json.object().put("from", Long.parseLong(from));
        ActionsPage.filter(visit.request().query()).forEach(body::put);
        Json.Obj tail = operations.post(visit.present().caller(), "/v1/audit/tails", body.build());
        String id = tail.string("tail").orElseThrow();
        return PageReply.stream("text/event-stream", out -> follow(visit, id, from, out));
    }

    private void follow(Visit visit, String id, String from, OutputStream out) throws IOException {
        try {
            String next = from;
            while (!ends.getAsBoolean() && isStillThere(visit.request())) {
                Json.Obj page = operations.get(
                        visit.present().caller(),
                        "/v1/audit/tails/" + id,
                        new HashMap<>(Map.of("from", next, "limit", "50", "wait", WAIT)));
                if (!isStillThere(visit.request())) {
                    break;
                }
                next = page.get("next").map(Json::toString).orElse(next);
                StringBuilder said = new StringBuilder(":\n\n");
                for (Json event : page.array("events").orElse(Json.Arr.EMPTY).items()) {
                    said.append("id: ")
                            .append(next)
                            .append("\ndata: ")
                            .append(JsonWriter.text(
                                    Row.of(AuditReader.read((Json.Obj) event)).json()))
                            .append("\n\n");
                }
                out.write(said.toString().getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
            // A process that stops may come again: the page asks.
            if (!ends.getAsBoolean()) {
                out.write("event: end\ndata: signed out\n\n".getBytes(StandardCharsets.UTF_8));
            }
        } catch (Operations.FailedException e) {
            out.write("event: end\ndata: the record cannot be read now\n\n".getBytes(StandardCharsets.UTF_8));
        } finally {
            end(visit, id);
        }
    }

    private boolean isStillThere(PageRequest request) {
        return cookies.read(request).flatMap(signIns::look).isPresent();
    }

    private void end(Visit visit, String id) {
        try {
            operations.post(visit.present().caller(), "/v1/audit/tails/" + id + "/end", Json.Obj.EMPTY);
        } catch (Operations.FailedException e) {
            // It ends by itself when nobody asks.
        }
    }
}
