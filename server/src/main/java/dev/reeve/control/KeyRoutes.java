package dev.reeve.control;

import dev.reeve.agents.Activity;
import dev.reeve.agents.Credential.ApiKey;
import dev.reeve.control.Administration.Done;
import dev.reeve.control.Administration.Shown;
import dev.reeve.control.Route.Access;
import dev.reeve.gate.GateClock;
import dev.reeve.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** API keys. */
public final class KeyRoutes {
    private final Administration administration;
    private final GateClock clock;
    private final Views views;

    private KeyRoutes(Administration administration, Activity activity, GateClock clock) {
        this.administration = administration;
        this.clock = clock;
        this.views = new Views(administration, activity);
    }

    public static List<Route> of(Administration administration, Activity activity, GateClock clock) {
        KeyRoutes routes = new KeyRoutes(administration, activity, clock);
        return List.of(
                new Route("GET", "/v1/keys", Access.ADMINISTRATOR, routes::list),
                new Route("POST", "/v1/keys", Access.ADMINISTRATOR, routes::create),
                new Route("POST", "/v1/keys/{id}/rotate", Access.ADMINISTRATOR, routes::rotate),
                new Route("POST", "/v1/keys/{id}/revoke", Access.ADMINISTRATOR, routes::revoke));
    }

    private ControlReply list(ControlRequest request) throws RefusedException {
        Optional<String> agent = request.query("agent", Set.of("agent"));
        Instant now = clock.latest();
        List<Json> keys = administration.keys(agent).stream()
                .<Json>map(key -> views.key(key, now))
                .toList();
        return ControlReply.json(Json.object().put("keys", new Json.Arr(keys)).build());
    }

    private ControlReply create(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("agent", "expires");
        Duration life = span(body, "expires", Administration.KEY_LIFE);
        return shown(administration.createKey(request.person(), body.text("agent"), life));
    }

    private ControlReply rotate(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("overlap", "expires");
        Duration life = span(body, "expires", Administration.KEY_LIFE);
        Duration overlap = span(body, "overlap", Duration.ZERO);
        return shown(administration.rotateKey(request.person(), request.variable("id"), overlap, life));
    }

    private ControlReply revoke(ControlRequest request) throws RefusedException {
        request.body();
        Done<ApiKey> done = administration.revokeKey(request.person(), request.variable("id"));
        return ControlReply.json(views.key(done.value(), clock.latest()).with("changed", Json.of(done.changed())));
    }

    private ControlReply shown(Shown<ApiKey> shown) {
        Json.Obj view = views.key(shown.credential(), clock.latest());
        return ControlReply.json(201, view.with("key", Json.of(shown.text().exposeTextInsecurely())));
    }

    static Duration span(ControlRequest.Body body, String name, Duration otherwise) throws RefusedException {
        Optional<String> text = body.optionalText(name);
        if (text.isEmpty()) {
            return otherwise;
        }
        return Span.read(text.get())
                .orElseThrow(() -> RefusedException.invalid(
                        "`" + text.get() + "` is not a length of time", "write it like 90d, 12h, 30m or 45s"));
    }
}
