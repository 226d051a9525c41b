package dev.reeve.control;

import dev.reeve.control.Administration.Done;
import dev.reeve.control.Route.Access;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Stopping, and going on. */
final class KillRoutes {
    private final KillSwitch kills;
    private final StopTargets targets;

    private KillRoutes(KillSwitch kills, StopTargets targets) {
        this.kills = kills;
        this.targets = targets;
    }

    static List<Route> of(KillSwitch kills, StopTargets targets) {
        KillRoutes routes = new KillRoutes(kills, targets);
        return List.of(
                new Route("GET", "/v1/kills", Access.ADMINISTRATOR, routes::list),
                new Route("POST", "/v1/kills", Access.ADMINISTRATOR, routes::kill),
                new Route("POST", "/v1/kills/undo", Access.ADMINISTRATOR, routes::undo));
    }

    private ControlReply list(ControlRequest request) throws RefusedException {
        request.query("", Set.of());
        Predicate<Stop> known = targets.known(kills.all());
        List<Json> all = kills.all().stream()
                .<Json>map(stop -> view(stop).with("known", Json.of(known.test(stop))))
                .toList();
        return ControlReply.json(Json.object().put("kills", new Json.Arr(all)).build());
    }

    private ControlReply kill(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("scope", "name", "reason");
        Stop.Scope scope = scope(body);
        String name = body.optionalText("name").orElse("");
        Done<Stop> done = stopped(
                request.person(), scope, name, body.optionalText("reason").orElse(""));
        // It is in force by now: whatever comes under that name is stopped, known or not.
        Json.Obj answer = changed(done);
        boolean isKnown = targets.known(List.of(done.value())).test(done.value());
        Json.Obj told = answer.with("known", Json.of(isKnown));
        return ControlReply.json(
                done.changed() ? 201 : 200,
                isKnown ? told : told.with("near", Json.Arr.ofStrings(targets.near(done.value()))));
    }

    private Done<Stop> stopped(String person, Stop.Scope scope, String name, String reason) throws RefusedException {
        try {
            return kills.kill(person, scope, name, reason);
        } catch (RefusedException e) {
            List<String> near = e.code().equals("agent_unknown") ? targets.nearAgents(name) : List.of();
            if (near.isEmpty()) {
                throw e;
            }
            throw RefusedException.unknown(
                    e.code(),
                    e.getMessage() + ", so nothing is stopped",
                    "known are `" + String.join("`, `", near) + "`");
        }
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
