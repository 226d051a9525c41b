package dev.reeve.control;

import dev.reeve.control.Route.Access;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who belongs to which group of those who answer questions. */
final class PeopleRoutes {
    private static final String JOIN = "groups";

    private final PeopleGroups groups;
    private final Seconds seconds;

    private PeopleRoutes(PeopleGroups groups, Seconds seconds) {
        this.groups = groups;
        this.seconds = seconds;
    }

    static List<Route> of(PeopleGroups groups, Seconds seconds) {
        PeopleRoutes routes = new PeopleRoutes(groups, seconds);
        seconds.does(
                JOIN,
                (one, second) -> groups.join(
                        one.by(),
                        second,
                        one.wish().person(),
                        new ControlRequest.Body(one.wish().terms()).texts("groups")));
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
        String person = body.text("person");
        Set<String> wanted = body.texts("groups");
        String by = request.person();
        groups.check(person, wanted);
        Set<String> joined = new TreeSet<>(wanted);
        joined.removeAll(groups.of(person));
        if (joined.isEmpty() || !seconds.areNeeded(by)) {
            groups.set(by, person, wanted);
            return list(request);
        }
        Set<String> kept = new TreeSet<>(wanted);
        kept.retainAll(groups.of(person));
        groups.set(by, person, kept);
        Seconds.Waiting waiting = seconds.ask(
                by,
                new Seconds.Wish(
                        JOIN,
                        "`" + person + "` joins " + String.join(", ", joined),
                        person,
                        Json.object().put("groups", Json.Arr.ofStrings(joined)).build()));
        return ControlReply.json(
                202, Json.object().put("waiting", SecondsRoutes.view(waiting)).build());
    }
}
