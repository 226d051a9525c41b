package dev.reeve.witness;

import dev.reeve.ledger.AddCheckpoint;
import dev.reeve.outbound.Departure;
import dev.reeve.outbound.HttpCall;
import dev.reeve.outbound.HttpCallException;
import dev.reeve.outbound.HttpExchange;
import dev.reeve.outbound.HttpPool;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Requests to one witness: {@code POST <prefix>/add-checkpoint}. Blocks; for virtual threads. */
public final class WitnessCalls implements AutoCloseable {
    /** A few signature lines; a size is shorter. */
    static final int MOST_ANSWER = 16 << 10;

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Pattern SIZE = Pattern.compile("(0|[1-9][0-9]{0,17})\n");

    private final HttpPool pool;
    private final String target;

    /** @param url the submission prefix */
    public WitnessCalls(URI url, HttpPool pool) {
        this.pool = pool;
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        this.target = (path.endsWith("/") ? path : path + "/") + "add-checkpoint";
    }

    /** What came back. */
    sealed interface Answer {
        /** @param lines as they came; whose they are, and whether they are good, is not known yet */
        record Lines(List<String> lines) implements Answer {}

        /** It has cosigned another size last. */
        record Conflict(long size) implements Answer {}

        /** It does not take the proof. */
        record Unproven() implements Answer {}

        /** @param why for operators */
        record Failed(String why) implements Answer {}
    }

    Answer add(AddCheckpoint request) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        HttpCall call =
                new HttpCall("POST", target, Map.of("content-type", "text/plain; charset=utf-8"), request.body());
        try (HttpExchange exchange = pool.exchange(call, Departure.FREE)) {
            exchange.start(deadline);
            byte[] body = exchange.body(MOST_ANSWER, deadline);
            return answer(exchange.status(), new String(body, StandardCharsets.UTF_8));
        } catch (HttpCallException e) {
            return new Answer.Failed(e.reason());
        }
    }

    private static Answer answer(int status, String body) {
        return switch (status) {
            case 200 -> new Answer.Lines(body.lines().toList());
            case 409 -> {
                var size = SIZE.matcher(body);
                yield size.matches()
                        ? new Answer.Conflict(Long.parseLong(size.group(1)))
                        : new Answer.Failed("it answers 409 without a size");
            }
            case 422 -> new Answer.Unproven();
            case 403 ->
                new Answer.Failed("it does not know the key of this log (403): give its operator `reeve audit key`");
            case 404 -> new Answer.Failed("it does not know this log (404): give its operator `reeve audit key`");
            default -> new Answer.Failed("it answers with the status " + status);
        };
    }

    @Override
    public void close() {
        pool.close();
    }
}
