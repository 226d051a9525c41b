package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.audit.AuditReader;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.authzen.AuthzenHttp;
import dev.reeve.config.Home;
import dev.reeve.config.Loaded;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A whole process that answers enforcement points, and a plain client of the decision API. */
final class AuthzenHouse implements AutoCloseable {
    private final Serve serve;
    private final ReeveConfig config;
    private final HttpClient http = HttpClient.newHttpClient();

    private AuthzenHouse(Serve serve, ReeveConfig config) {
        this.serve = serve;
        this.config = config;
    }

    static AuthzenHouse open(Path folder, String catalogue, String policies) throws Exception {
        return open(folder, "", catalogue, policies);
    }

    /** @param more of {@code reeve.yaml} */
    static AuthzenHouse open(Path folder, String more, String catalogue, String policies) throws Exception {
        Files.createDirectories(folder.resolve("catalog"));
        Files.createDirectories(folder.resolve("policies"));
        Files.writeString(folder.resolve("catalog/all.yaml"), catalogue);
        Files.writeString(folder.resolve("policies/all.yaml"), policies);
        Files.writeString(
                folder.resolve("reeve.yaml"),
                "listen: { agents: \"127.0.0.1:0\", control: \"127.0.0.1:0\"" + more + " }\nkeys: ./keys\n");
        return start(folder);
    }

    static AuthzenHouse start(Path folder) throws Exception {
        Loaded<ReeveConfig> loaded = ReeveFile.read(Home.of(folder, Optional.empty(), Map.of()));
        ReeveConfig config = loaded.value().orElseThrow(() -> new AssertionError(loaded.text()));
        return new AuthzenHouse(Serve.start(config, news -> {}), config);
    }

    Serve serve() {
        return serve;
    }

    Foundation foundation() {
        return serve.foundation();
    }

    String key(String agent) throws Exception {
        return foundation()
                .room()
                .administration()
                .createKey("local:test", agent, Duration.ofDays(1))
                .text()
                .exposeTextInsecurely();
    }

    URI url(String path) {
        return URI.create(serve.agentsUrl().replace("/mcp", path));
    }

    /** @param body empty if it is no JSON object */
    record Said(int status, String text, Json.Obj body, HttpResponse<byte[]> response) {
        boolean decision() {
            assertEquals(200, status, text);
            return body.get("decision").orElseThrow().equals(Json.Bool.of(true));
        }

        Json.Obj context() {
            return body.object("context").orElse(Json.Obj.EMPTY);
        }

        String code() {
            return context().string("code").orElse("");
        }

        List<Json.Obj> objects(String name) {
            assertEquals(200, status, text);
            return body.array(name).orElseThrow().items().stream()
                    .map(Json.Obj.class::cast)
                    .toList();
        }

        List<Boolean> decisions() {
            return objects("evaluations").stream()
                    .map(one -> one.get("decision").orElseThrow().equals(Json.Bool.of(true)))
                    .toList();
        }

        List<String> found(String member) {
            return objects("results").stream()
                    .map(one -> one.string(member).orElseThrow())
                    .toList();
        }

        String nextToken() {
            return body.object("page")
                    .flatMap(page -> page.string("next_token"))
                    .orElseThrow();
        }
    }

    Said evaluate(String key, String body) throws Exception {
        return post(key, AuthzenHttp.EVALUATION, body);
    }

    Said post(String key, String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(url(path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + key)
                .build());
    }

    Said send(HttpRequest request) throws Exception {
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        Json.Obj body = response.headers()
                        .firstValue("content-type")
                        .filter(type -> type.startsWith("application/json"))
                        .isPresent()
                ? StrictJson.readObject(response.body(), JsonLimits.ANSWER)
                : Json.Obj.EMPTY;
        return new Said(
                response.statusCode(),
                new String(response.body(), java.nio.charset.StandardCharsets.UTF_8),
                body,
                response);
    }

    /** What the ledger has of a ticket, read from its files. */
    Happened recorded(String ticket) throws Exception {
        List<Happened> found = new ArrayList<>();
        new AuditReader(config.data().resolve("ledger")).read(0, happened -> {
            if (happened.record().id().equals(ticket)) {
                found.add(happened);
            }
            return true;
        });
        assertEquals(1, found.size(), "records of " + ticket);
        return found.getFirst();
    }

    @Override
    public void close() {
        http.close();
        serve.close();
    }
}
