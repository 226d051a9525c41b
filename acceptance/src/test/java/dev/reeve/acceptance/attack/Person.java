package dev.reeve.acceptance.attack;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Somebody with a token at the control API; or somebody who tries to be. */
record Person(HttpClient http, String control, String token) {
    /** What the control API said. */
    record Reply(int status, String body) {
        Json.Obj done() {
            assertTrue(status == 200 || status == 201, status + " " + body);
            return read();
        }

        /** It is done once somebody else agrees. */
        Json.Obj waits() {
            assertTrue(status == 202, status + " " + body);
            return read();
        }

        private Json.Obj read() {
            try {
                return StrictJson.readObject(body.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
            } catch (JsonRefusedException e) {
                throw new AssertionError(body, e);
            }
        }

        void refused(int expected) {
            assertTrue(status == expected, status + " " + body);
        }
    }

    Reply get(String path) {
        return send(request(path).GET());
    }

    Reply post(String path, Json.Obj body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(JsonWriter.bytes(body))));
    }

    Reply approve(String ticket) {
        return decide(ticket, "approve");
    }

    Reply decide(String ticket, String how) {
        return post(
                "/v1/approvals/" + ticket + "/" + how,
                Json.object().put("reason", "agreed").build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(control + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token);
    }

    private Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
