package dev.reeve.control;

import dev.reeve.audit.Scope;
import dev.reeve.control.Route.Access;
import dev.reeve.gate.GateClock;
import dev.reeve.json.Json;
import dev.reeve.metrics.Metrics;
import dev.reeve.secrets.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Administrators, and what the process says of itself. */
public final class OperatorRoutes {
    private static final String TOKEN = "token";

    private final Administrators administrators;
    private final Health health;
    private final Metrics metrics;
    private final GateClock clock;

    private final Seconds seconds;

    private OperatorRoutes(
            Administrators administrators, Seconds seconds, Health health, Metrics metrics, GateClock clock) {
        this.seconds = seconds;
        this.administrators = administrators;
        this.health = health;
        this.metrics = metrics;
        this.clock = clock;
    }

    static List<Route> of(
            Administrators administrators, Seconds seconds, Health health, Metrics metrics, GateClock clock) {
        OperatorRoutes routes = new OperatorRoutes(administrators, seconds, health, metrics, clock);
        seconds.does(
                TOKEN,
                (one, second) -> administrators.grant(
                        one.by(),
                        Optional.of(second),
                        Administrators.Wish.of(one.wish().terms())));
        return List.of(
                new Route("GET", "/healthz", Access.ANYBODY, routes::alive),
                new Route("GET", "/readyz", Access.ANYBODY, routes::ready),
                new Route("GET", "/metrics", Access.ANYBODY, routes::metrics),
                new Route("GET", "/v1/status", Access.ADMINISTRATOR, routes::status),
                new Route("POST", "/v1/first-admin", Access.ANYBODY, routes::firstAdmin),
                new Route("GET", "/v1/admin-tokens", Access.ADMINISTRATOR, routes::tokens),
                new Route("POST", "/v1/admin-tokens", Access.ADMINISTRATOR, routes::createToken),
                new Route("POST", "/v1/admin-tokens/{id}/revoke", Access.ADMINISTRATOR, routes::revokeToken));
    }

    private ControlReply alive(ControlRequest request) {
        return ControlReply.json(Json.object().put("alive", true).build());
    }

    private ControlReply ready(ControlRequest request) {
        Json.Obj readiness = health.readiness();
        boolean ready = readiness.get("ready").orElse(Json.Null.NULL) == Json.Bool.TRUE;
        return ControlReply.json(ready ? 200 : 503, readiness);
    }

    private ControlReply metrics(ControlRequest request) {
        return new ControlReply(200, "text/plain; version=0.0.4; charset=utf-8", metrics.text());
    }

    private ControlReply status(ControlRequest request) {
        return ControlReply.json(health.status());
    }

    private ControlReply firstAdmin(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("link", "person");
        Secret token = administrators.redeem(Secret.of(body.text("link")), body.text("person"));
        return ControlReply.json(201, token(body.text("person"), token).build());
    }

    private ControlReply createToken(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("person", "expires", "role", "agents");
        String role = body.optionalText("role").orElse("admin");
        Set<String> agents = body.texts("agents");
        Duration life = KeyRoutes.span(body, "expires", Administrators.TOKEN_LIFE);
        Role wanted = role(role, agents);
        String by = request.person();
        String person = body.text("person");
        if (wanted != Role.AUDITOR && !by.equals(person) && seconds.areNeeded(by)) {
            return asked(by, person, life, wanted);
        }
        return ControlReply.json(
                201, token(person, made(by, person, life, wanted, agents)).build());
    }

    private ControlReply asked(String by, String person, Duration life, Role role) throws RefusedException {
        Secret secret = administrators.fresh(role);
        Administrators.Wish wish = administrators.wish(person, life, role, secret);
        String what = "a token for `" + person + "`, " + role.wire();
        Seconds.Waiting waiting = seconds.ask(by, new Seconds.Wish(TOKEN, what, person, wish.asJson()));
        return ControlReply.json(
                202,
                token(person, secret)
                        .put("waiting", SecondsRoutes.view(waiting))
                        .build());
    }

    private static Role role(String role, Set<String> agents) throws RefusedException {
        Role wanted = Role.of(role)
                .orElseThrow(() -> RefusedException.invalid(
                        "there is no role `" + role + "`", "admin, policy-author, approver or auditor"));
        if (wanted != Role.AUDITOR && !agents.isEmpty()) {
            throw RefusedException.invalid("only an auditor has `agents`", "make an auditor");
        }
        return wanted;
    }

    private Secret made(String by, String person, Duration life, Role wanted, Set<String> agents)
            throws RefusedException {
        return switch (wanted) {
            case ADMIN -> administrators.create(by, person, life);
            case AUDITOR ->
                administrators.createAuditor(by, person, life, agents.isEmpty() ? Scope.ALL : Scope.of(agents));
            case APPROVER, POLICY_AUTHOR -> administrators.create(by, person, life, wanted);
        };
    }

    private static Json.Builder token(String person, Secret token) {
        return Json.object().put("person", person).put("token", token.exposeTextInsecurely());
    }

    private ControlReply tokens(ControlRequest request) {
        Instant now = clock.latest();
        List<Json> all = administrators.tokens().stream()
                .<Json>map(token -> view(token, now))
                .toList();
        return ControlReply.json(Json.object().put("tokens", new Json.Arr(all)).build());
    }

    private ControlReply revokeToken(ControlRequest request) throws RefusedException {
        request.body();
        return ControlReply.json(view(administrators.revoke(request.person(), request.variable("id")), clock.latest()));
    }

    private Json.Obj view(Administrators.Token token, Instant now) {
        Optional<Makers.Maker> maker = administrators.maker(token);
        return Views.token(token, now)
                .with("by", maker.<Json>map(one -> Json.of(one.person())).orElse(Json.Null.NULL))
                .with(
                        "seconded_by",
                        maker.flatMap(Makers.Maker::second).<Json>map(Json::of).orElse(Json.Null.NULL));
    }
}
