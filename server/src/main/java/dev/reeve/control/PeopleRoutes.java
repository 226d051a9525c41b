package dev.reeve.control;

import dev.reeve.control.Route.Access;
import dev.reeve.json.Json;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who belongs to which group of those who answer questions. */
final class PeopleRoutes {
    private final PeopleGroups groups;

    private PeopleRoutes(PeopleGroups groups) {
        this.groups = groups;
    }

    static List<Route> of(PeopleGroups groups) {
        PeopleRoutes routes = new PeopleRoutes(groups);
        return List.of(
                new Route("GET", "/v1/people", Access.ADMINISTRATOR, routes::list),
                new Route("POST", "/v1/people", Access.ADMINISTRATOR, routes::set));
    }

    private ControlReply list(ControlRequest request) {
        Json.Builder all = Json.object();
        new TreeMap<>(groups.all()).forEach((name, of) -> all.put(name, Json.Arr.ofStrings(new TreeSet<>(of))));
        return ControlReply.json(Json.object().put("people", all).build());
    }

    private ControlReply set(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("person", "groups");
        groups.set(request.person(), body.text("person"), body.texts("groups"));
        return list(request);
    }
}
