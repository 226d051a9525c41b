package dev.reeve.control;

import dev.reeve.agents.Activity;
import dev.reeve.agents.Agent;
import dev.reeve.control.Administration.Done;
import dev.reeve.control.Administration.Shown;
import dev.reeve.control.Route.Access;
import dev.reeve.gate.GateClock;
import dev.reeve.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Agents and connectors. */
public final class AgentRoutes {
    private static final String CREATE = "agent";
    private static final String ROLES = "agent_roles";

    private final Administration administration;
    private final Seconds seconds;
    private final GateClock clock;
    private final Views views;

    private AgentRoutes(Administration administration, Seconds seconds, Activity activity, GateClock clock) {
        this.administration = administration;
        this.seconds = seconds;
        this.clock = clock;
        this.views = new Views(administration, activity);
    }

    static List<Route> of(Administration administration, Seconds seconds, Activity activity, GateClock clock) {
        AgentRoutes routes = new AgentRoutes(administration, seconds, activity, clock);
        seconds.does(
                CREATE,
                (one, second) -> administration.createAgent(
                        one.by(), Optional.of(second), NewAgent.of(one.wish().terms())));
        seconds.does(
                ROLES,
                (one, second) -> administration.addRoles(
                        one.by(),
                        Optional.of(second),
                        one.wish().person(),
                        new ControlRequest.Body(one.wish().terms()).texts("roles")));
        return List.of(
                route("GET", "/v1/agents", routes::list),
                route("POST", "/v1/agents", routes::create),
                route("GET", "/v1/agents/{name}", routes::show),
                route("POST", "/v1/agents/{name}/roles", routes::addRoles),
                route("POST", "/v1/agents/{name}/suspend", routes::suspend),
                route("POST", "/v1/agents/{name}/resume", routes::resume),
                route("POST", "/v1/agents/{name}/retire", routes::retire),
                new Route("POST", "/v1/agents/{name}/connectors", Access.LOCAL, routes::register),
                route("POST", "/v1/agents/{name}/connectors/withdraw", routes::withdraw));
    }

    private static Route route(String method, String pattern, Route.Handler handler) {
        return new Route(method, pattern, Access.ADMINISTRATOR, handler);
    }

    private ControlReply list(ControlRequest request) throws RefusedException {
        request.query("", Set.of());
        List<Json> all = new ArrayList<>();
        for (Agent agent : administration.agents()) {
            all.add(view(agent));
        }
        return ControlReply.json(Json.object().put("agents", new Json.Arr(all)).build());
    }

    private ControlReply create(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("name", "roles", "owner", "attributes");
        NewAgent wanted = NewAgent.of(body.object());
        String by = request.person();
        if (seconds.areNeeded(by) && administration.known(wanted).isEmpty()) {
            String what = "a new agent `" + wanted.name() + "`" + words(wanted);
            return asked(by, new Seconds.Wish(CREATE, what, wanted.name(), wanted.asJson()));
        }
        Done<Agent> done = administration.createAgent(by, wanted);
        return ControlReply.json(done.changed() ? 201 : 200, changed(done));
    }

    /** All that a policy could read of it. */
    private static String words(NewAgent wanted) {
        StringBuilder words = new StringBuilder(
                wanted.roles().isEmpty()
                        ? " without a role"
                        : " with the roles " + String.join(", ", new TreeSet<>(wanted.roles())));
        wanted.owner().ifPresent(owner -> words.append("; owner ").append(owner));
        new TreeMap<>(wanted.attributes())
                .forEach((name, value) ->
                        words.append("; ").append(name).append(" = ").append(value));
        return words.toString();
    }

    /** What an edit of a file would wait for, waits here too (R27). */
    private ControlReply asked(String by, Seconds.Wish wish) throws RefusedException {
        Seconds.Waiting waiting = seconds.ask(by, wish);
        return ControlReply.json(
                202, Json.object().put("waiting", SecondsRoutes.view(waiting)).build());
    }

    private ControlReply show(ControlRequest request) throws RefusedException {
        Agent agent = administration.agent(request.variable("name"));
        Instant now = clock.latest();
        List<Json> keys = administration.keys(Optional.of(agent.name())).stream()
                .<Json>map(key -> views.key(key, now))
                .toList();
        return ControlReply.json(view(agent).with("keys", new Json.Arr(keys)));
    }

    private ControlReply addRoles(ControlRequest request) throws RefusedException {
        Set<String> roles = request.body("add").texts("add");
        String by = request.person();
        String name = request.variable("name");
        Set<String> missing = administration.missingRoles(name, roles);
        if (!missing.isEmpty() && seconds.areNeeded(by)) {
            String what = "the agent `" + name + "` gets the roles " + String.join(", ", missing);
            Json.Obj terms =
                    Json.object().put("roles", Json.Arr.ofStrings(missing)).build();
            return asked(by, new Seconds.Wish(ROLES, what, name, terms));
        }
        return ControlReply.json(changed(administration.addRoles(by, name, roles)));
    }

    private ControlReply suspend(ControlRequest request) throws RefusedException {
        request.body();
        return ControlReply.json(changed(administration.suspend(request.person(), request.variable("name"))));
    }

    private ControlReply resume(ControlRequest request) throws RefusedException {
        request.body();
        return ControlReply.json(changed(administration.resume(request.person(), request.variable("name"))));
    }

    private ControlReply retire(ControlRequest request) throws RefusedException {
        request.body();
        return ControlReply.json(Views.retirement(administration.retire(request.person(), request.variable("name"))));
    }

    /** The kernel says for which user: the one who asks. */
    private ControlReply register(ControlRequest request) throws RefusedException {
        request.body();
        if (!(request.caller() instanceof Caller.Local local)) {
            throw RefusedException.forbidden("local_only", "this is done on the machine itself only", "");
        }
        Shown<?> shown = administration.registerConnector(request.person(), request.variable("name"), local.uid());
        return ControlReply.json(
                201,
                Json.object()
                        .put("id", shown.credential().id())
                        .put("agent", shown.credential().agent())
                        .put("registration", shown.text().exposeTextInsecurely())
                        .build());
    }

    private ControlReply withdraw(ControlRequest request) throws RefusedException {
        request.body();
        int ended = administration.withdrawConnectors(request.person(), request.variable("name"));
        return ControlReply.json(Json.object().put("withdrawn", ended).build());
    }

    private Json.Obj changed(Done<Agent> done) throws RefusedException {
        return view(done.value()).with("changed", Json.of(done.changed()));
    }

    private Json.Obj view(Agent agent) throws RefusedException {
        return views.agent(agent, administration.keys(Optional.of(agent.name())), clock.latest());
    }
}
