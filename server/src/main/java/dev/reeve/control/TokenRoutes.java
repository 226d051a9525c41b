package dev.reeve.control;

import dev.reeve.approval.NotDecidedException;
import dev.reeve.control.Route.Access;
import dev.reeve.json.Json;
import dev.reeve.token.Token;
import dev.reeve.token.TokenDesk;
import java.util.List;
import java.util.Set;

/** Tokens that agents got instead of values. As with approvals, only a person turns one back, who is signed in as one (R16). */
public final class TokenRoutes {
    private static final int MOST = 1_000;
    private static final Set<String> QUERY = Set.of("agent");

    private final TokenDesk desk;
    private final Administrators administrators;

    private TokenRoutes(TokenDesk desk, Administrators administrators) {
        this.desk = desk;
        this.administrators = administrators;
    }

    public static List<Route> of(TokenDesk desk, Administrators administrators) {
        TokenRoutes routes = new TokenRoutes(desk, administrators);
        return List.of(
                new Route("GET", "/v1/tokens", Access.APPROVER, routes::list),
                new Route("GET", "/v1/tokens/{id}", Access.APPROVER, routes::show),
                new Route("POST", "/v1/tokens/{id}/reveal", Access.APPROVER, routes::reveal));
    }

    private ControlReply list(ControlRequest request) throws RefusedException {
        List<Json> all = desk.list(request.query("agent", QUERY), MOST).stream()
                .<Json>map(TokenRoutes::view)
                .toList();
        return ControlReply.json(Json.object().put("tokens", new Json.Arr(all)).build());
    }

    private ControlReply show(ControlRequest request) throws RefusedException {
        return ControlReply.json(view(desk.find(request.variable("id"))
                .orElseThrow(
                        () -> RefusedException.unknown("token_unknown", "there is no such token, or it has expired"))));
    }

    /** Without what it stands for. */
    private static Json.Obj view(Token token) {
        return Json.object()
                .put("token", token.written())
                .put("kind", token.kind())
                .put("agent", token.scope().agent())
                .put("instance", token.scope().instance())
                .put("user", token.scope().user())
                .put("by", Json.Arr.ofStrings(token.by()))
                .put("created", token.created().toString())
                .put("expires", token.expires().toString())
                .put("used", Json.of(token.used()))
                .build();
    }

    private ControlReply reveal(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("reason", "token");
        try {
            Token token = desk.reveal(
                    request.variable("id"),
                    ApprovalRoutes.signedIn(request, body, administrators),
                    body.optionalText("reason").orElse(""));
            return ControlReply.json(
                    view(token).with("value", new Json.Str(token.value().exposed())));
        } catch (NotDecidedException e) {
            throw ApprovalRoutes.refused(e);
        }
    }
}
