package dev.reeve.control;

import dev.reeve.control.Route.Access;
import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import java.util.List;

/** What waits for a second administrator, and their answer. */
final class SecondsRoutes {
    private final Seconds seconds;
    private final Administrators administrators;

    private SecondsRoutes(Seconds seconds, Administrators administrators) {
        this.seconds = seconds;
        this.administrators = administrators;
    }

    static List<Route> of(Seconds seconds, Administrators administrators) {
        SecondsRoutes routes = new SecondsRoutes(seconds, administrators);
        return List.of(
                new Route("GET", "/v1/seconds", Access.ADMINISTRATOR, routes::list),
                new Route("POST", "/v1/seconds/{id}/agree", Access.ADMINISTRATOR, routes::agree),
                new Route("POST", "/v1/seconds/{id}/refuse", Access.ADMINISTRATOR, routes::refuse));
    }

    private ControlReply list(ControlRequest request) {
        List<Json> all = seconds.all().stream().<Json>map(SecondsRoutes::view).toList();
        return ControlReply.json(Json.object().put("waiting", new Json.Arr(all)).build());
    }

    static Json.Obj view(Seconds.Waiting one) {
        Json.Builder view = Json.object()
                .put("id", one.id())
                .put("by", one.by())
                .put("what", one.wish().what())
                .put("person", one.wish().person())
                .put("until", Views.time(one.until()));
        return one.wish().about().members().isEmpty()
                ? view.build()
                : view.put("about", one.wish().about()).build();
    }

    private ControlReply agree(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("token");
        return ControlReply.json(view(seconds.agree(second(request, body), request.variable("id"))));
    }

    /** As for a policy: the user of the machine is no second person, and says by a token who agrees. */
    private String second(ControlRequest request, ControlRequest.Body body) throws RefusedException {
        if (!request.person().startsWith("local:")) {
            return request.person();
        }
        return body.optionalText("token")
                .flatMap(token -> administrators.administrator(Secret.of(token)))
                .orElseThrow(() -> RefusedException.forbidden(
                        "second_person",
                        "a second person agrees with an administrator's token of their own",
                        "`reeve admin agree ID --token-file FILE`, or the control API"));
    }

    private ControlReply refuse(ControlRequest request) throws RefusedException {
        request.body();
        return ControlReply.json(view(seconds.refuse(request.person(), request.variable("id"))));
    }
}
