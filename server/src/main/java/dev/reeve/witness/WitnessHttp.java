package dev.reeve.witness;

import dev.reeve.http.Handler;
import dev.reeve.http.Request;
import dev.reeve.http.Responder;
import dev.reeve.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A {@link Witness} over HTTP: {@code POST /add-checkpoint}, with the status codes of C2SP tlog-witness. No credential is asked for: a
 * checkpoint counts by the signature of its log.
 */
public final class WitnessHttp implements Handler {
    public static final String PATH = "/add-checkpoint";
    private static final Map<String, String> TEXT = Map.of("content-type", "text/plain; charset=utf-8");
    private static final Map<String, String> SIZE = Map.of("content-type", "text/x.tlog.size");

    private final Witness witness;
    private final Consumer<String> outcomes;

    /** @param outcomes takes one word for each request */
    public WitnessHttp(Witness witness, Consumer<String> outcomes) {
        this.witness = witness;
        this.outcomes = outcomes;
    }

    @Override
    public void handle(Request request, Responder responder) {
        Response response = answer(request);
        responder.send(response.with("cache-control", "no-store").with("x-content-type-options", "nosniff"));
    }

    private Response answer(Request request) {
        if (!request.path().equals(PATH)) {
            return text(404, "only " + PATH + " is served here\n");
        }
        if (!request.method().equals("POST")) {
            return text(405, "a checkpoint is added by POST\n").with("allow", "POST");
        }
        if (request.query().isPresent()) {
            return text(400, "no query is read here\n");
        }
        return switch (witness.add(request.body())) {
            case Witness.Answer.Cosigned(String lines) -> {
                outcomes.accept("cosigned");
                yield text(200, lines);
            }
            case Witness.Answer.Conflict(long size) -> {
                outcomes.accept("conflict");
                yield new Response(409, SIZE, (size + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            case Witness.Answer.Refused(Witness.Reason reason) -> refused(reason);
        };
    }

    private Response refused(Witness.Reason reason) {
        return switch (reason) {
            case MALFORMED -> told(400, "malformed", "this is no request of tlog-witness");
            case UNKNOWN_LOG -> told(404, "unknown_log", "this log is not known here");
            case UNSIGNED -> told(403, "unsigned", "no key that is known for this log has signed this checkpoint");
            case UNPROVEN -> told(422, "unproven", "the proof does not lead from what was cosigned last");
            case STATE -> told(500, "state", "this witness cannot keep what it signs; its operator must look");
        };
    }

    private Response told(int status, String outcome, String message) {
        outcomes.accept(outcome);
        return text(status, message + "\n");
    }

    private static Response text(int status, String text) {
        return new Response(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }
}
