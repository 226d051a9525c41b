package dev.reeve.control;

import dev.reeve.audit.Scope;
import dev.reeve.control.Route.Access;
import dev.reeve.gate.GateClock;
import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Inviting people to the pages, listing and removing them. */
final class InvitationRoutes {
    private final Accounts accounts;
    private final Administrators administrators;
    private final GateClock clock;

    private InvitationRoutes(Accounts accounts, Administrators administrators, GateClock clock) {
        this.accounts = accounts;
        this.administrators = administrators;
        this.clock = clock;
    }

    static List<Route> of(Accounts accounts, Administrators administrators, GateClock clock) {
        InvitationRoutes routes = new InvitationRoutes(accounts, administrators, clock);
        return List.of(
                new Route("GET", "/v1/accounts", Access.ADMINISTRATOR, routes::list),
                new Route("POST", "/v1/accounts", Access.ADMINISTRATOR, routes::invite),
                new Route("POST", "/v1/accounts-removed", Access.ADMINISTRATOR, routes::remove));
    }

    private ControlReply list(ControlRequest request) {
        List<Json> all = accounts.all().stream().<Json>map(this::shown).toList();
        return ControlReply.json(
                Json.object().put("accounts", new Json.Arr(all)).build());
    }

    private Json.Obj shown(Account person) {
        String state = person.removed().isPresent()
                ? "removed"
                : person.password().isPresent() ? "active" : isInvited(person) ? "invited" : "invitation_over";
        return Json.object()
                .put("name", person.name())
                .put("roles", Accounts.wires(person))
                .put("state", state)
                .put("created", Views.time(person.created()))
                .build();
    }

    private boolean isInvited(Account person) {
        return person.invitation()
                .filter(link -> clock.latest().isBefore(link.expires()))
                .isPresent();
    }

    private ControlReply invite(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("name", "roles", "agents");
        Set<Role> roles = new HashSet<>();
        for (String wire : body.texts("roles")) {
            roles.add(Role.of(wire)
                    .orElseThrow(() -> RefusedException.invalid(
                            "there is no role `" + wire + "`", "admin, policy-author, approver or auditor")));
        }
        Set<String> agents = body.texts("agents");
        Secret link = accounts.invite(
                request.person(), body.text("name"), roles, agents.isEmpty() ? Scope.ALL : Scope.of(agents));
        return ControlReply.json(
                201,
                Json.object()
                        .put("name", body.text("name"))
                        .put("link", link.exposeTextInsecurely())
                        .put("expires", Views.time(clock.latest().plus(Accounts.INVITATION_LIFE)))
                        .build());
    }

    private ControlReply remove(ControlRequest request) throws RefusedException {
        String name = request.body("name").text("name");
        Account gone = accounts.remove(request.person(), name);
        administrators.revokeAllOf(request.person(), name);
        return ControlReply.json(shown(gone));
    }
}
