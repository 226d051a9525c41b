package dev.reeve.control;

import dev.reeve.audit.Scope;
import dev.reeve.control.Route.Access;
import dev.reeve.gate.GateClock;
import dev.reeve.identity.PersonName;
import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Inviting people to the pages, listing and removing them. */
final class InvitationRoutes {
    private static final String INVITATION = "invitation";

    private final Accounts accounts;
    private final Administrators administrators;
    private final GateClock clock;

    private final Seconds seconds;

    private InvitationRoutes(Accounts accounts, Administrators administrators, Seconds seconds, GateClock clock) {
        this.seconds = seconds;
        this.accounts = accounts;
        this.administrators = administrators;
        this.clock = clock;
    }

    static List<Route> of(Accounts accounts, Administrators administrators, Seconds seconds, GateClock clock) {
        InvitationRoutes routes = new InvitationRoutes(accounts, administrators, seconds, clock);
        seconds.does(
                INVITATION,
                (one, second) -> accounts.inviteAsAsked(
                        one.by(), second, Accounts.Wish.of(one.wish().terms())));
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
        String name = body.text("name");
        Scope scope = agents.isEmpty() ? Scope.ALL : Scope.of(agents);
        return isWaiting(request.person(), name, roles)
                ? asked(request.person(), name, roles, scope)
                : ControlReply.json(
                        201,
                        invited(name, accounts.invite(request.person(), name, roles, scope))
                                .build());
    }

    /** Whoever only reads is nobody's second person; another password for somebody who is known takes over who that is. */
    private boolean isWaiting(String by, String name, Set<Role> roles) {
        boolean reads = roles.equals(Set.of(Role.AUDITOR))
                || accounts.find(name)
                        .filter(known -> known.roles().equals(Set.of(Role.AUDITOR)))
                        .isPresent();
        return !reads && !by.equals(name) && seconds.areNeeded(by);
    }

    private ControlReply asked(String by, String name, Set<Role> roles, Scope scope) throws RefusedException {
        Secret link = accounts.fresh();
        Accounts.Wish wish = accounts.wish(name, roles, scope, link);
        String what = accounts.find(name)
                .map(one -> "another password for `" + name + "`, who is " + words(one.roles()))
                .orElseGet(() -> "an invitation for `" + name + "` as " + words(roles));
        Seconds.Waiting waiting = seconds.ask(by, new Seconds.Wish(INVITATION, what, name, wish.asJson()));
        return ControlReply.json(
                202,
                invited(name, link).put("waiting", SecondsRoutes.view(waiting)).build());
    }

    private static String words(Set<Role> roles) {
        return roles.stream().map(Role::wire).sorted().collect(Collectors.joining(" and "));
    }

    private Json.Builder invited(String name, Secret link) {
        return Json.object()
                .put("name", name)
                .put("link", link.exposeTextInsecurely())
                .put("expires", Views.time(clock.latest().plus(Accounts.INVITATION_LIFE)));
    }

    private ControlReply remove(ControlRequest request) throws RefusedException {
        String name = request.body("name").text("name");
        Account gone = accounts.remove(request.person(), name);
        administrators.revokeAllOf(request.person(), name);
        return ControlReply.json(shown(gone).with("alike", alike(name)));
    }

    /** What may be the same person's, and is left: where nobody knows, ending it may end somebody else's. */
    private Json.Arr alike(String name) {
        Predicate<String> isAlike = other -> !other.equals(name) && PersonName.isSame(other, name);
        Stream<Json> tokens = administrators.tokens().stream()
                .filter(token -> token.good(clock.latest()) && isAlike.test(token.person()))
                .map(token -> Json.object()
                        .put("kind", "token")
                        .put("id", token.id())
                        .put("name", token.person())
                        .put("roles", Json.Arr.ofStrings(List.of(token.role().wire())))
                        .build());
        Stream<Json> people = accounts.all().stream()
                .filter(person -> person.removed().isEmpty() && isAlike.test(person.name()))
                .map(person -> Json.object()
                        .put("kind", "account")
                        .put("name", person.name())
                        .put("roles", Accounts.wires(person))
                        .build());
        return new Json.Arr(Stream.concat(people, tokens).toList());
    }
}
