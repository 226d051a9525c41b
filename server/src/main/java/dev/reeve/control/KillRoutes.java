package dev.reeve.control;

import dev.reeve.control.Administration.Done;
import dev.reeve.control.Route.Access;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Set;

/** Stopping, and going on. */
final class KillRoutes {
    private final KillSwitch kills;

    private KillRoutes(KillSwitch kills) {
        this.kills = kills;
    }

    static List<Route> of(KillSwitch kills) {
        KillRoutes routes = new KillRoutes(kills);
        return List.of(
                new Route("GET", "/v1/kills", Access.ADMINISTRATOR, routes::list),
                new Route("POST", "/v1/kills", Access.ADMINISTRATOR, routes::kill),
                new Route("POST", "/v1/kills/undo", Access.ADMINISTRATOR, routes::undo));
    }

    private ControlReply list(ControlRequest request) throws RefusedException {
        request.query("", Set.of());
        List<Json> all = kills.all().stream().<Json>map(KillRoutes::view).toList();
        return ControlReply.json(Json.object().put("kills", new Json.Arr(all)).build());
    }

    private ControlReply kill(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("scope", "name", "reason");
        Done<Stop> done = kills.kill(
                request.person(),
                scope(body),
                body.optionalText("name").orElse(""),
                body.optionalText("reason").orElse(""));
        return ControlReply.json(done.changed() ? 201 : 200, changed(done));
    }

    private ControlReply undo(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("scope", "name");
        return ControlReply.json(changed(kills.undo(
                request.person(), scope(body), body.optionalText("name").orElse(""))));
    }

    private static Stop.Scope scope(ControlRequest.Body body) throws RefusedException {
        String word = body.text("scope");
        return Stop.Scope.read(word)
                .orElseThrow(() -> RefusedException.invalid(
                        "`" + word + "` cannot be stopped", "one of agent, tool, tenant, all"));
    }

    private static Json.Obj changed(Done<Stop> done) {
        return view(done.value()).with("changed", Json.of(done.changed()));
    }

    static Json.Obj view(Stop stop) {
        return Json.object()
                .put("scope", stop.scope().word())
                .put("name", stop.name())
                .put("since", Views.time(stop.since()))
                .put("person", stop.person())
                .put("reason", stop.reason())
                .build();
    }
}
