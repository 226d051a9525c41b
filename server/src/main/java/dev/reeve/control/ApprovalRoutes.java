package dev.reeve.control;

import dev.reeve.approval.Answerer;
import dev.reeve.approval.Approval;
import dev.reeve.approval.Approval.State;
import dev.reeve.approval.ApprovalDesk;
import dev.reeve.approval.ApprovalDesk.Filter;
import dev.reeve.approval.NotDecidedException;
import dev.reeve.control.Route.Access;
import dev.reeve.grant.GrantDesk;
import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Approvals of single actions. An answer counts only from a person (R16): who is signed in, by a token of an administrator or approver as the credential of the request, or, on
 * the local socket, with the token in the body; the local user alone is the one that agents may run as.
 */
public final class ApprovalRoutes {
    private static final String ARGUMENTS = "arguments";
    private static final Set<String> QUERY = Set.of("state", "agent", "for", ARGUMENTS);

    private final ApprovalDesk desk;
    private final GrantDesk grants;
    private final Administrators administrators;

    private ApprovalRoutes(ApprovalDesk desk, GrantDesk grants, Administrators administrators) {
        this.desk = desk;
        this.grants = grants;
        this.administrators = administrators;
    }

    public static List<Route> of(ApprovalDesk desk, GrantDesk grants, Administrators administrators) {
        ApprovalRoutes routes = new ApprovalRoutes(desk, grants, administrators);
        return List.of(
                new Route("GET", "/v1/approvals", Access.APPROVER, routes::list),
                new Route("GET", "/v1/approvals/{ticket}", Access.APPROVER, routes::show),
                new Route("POST", "/v1/approvals/{ticket}/result", Access.APPROVER, routes::result),
                new Route("POST", "/v1/approvals/{ticket}/approve", Access.APPROVER, routes::approve),
                new Route(
                        "POST",
                        "/v1/approvals/{ticket}/deny",
                        Access.APPROVER,
                        request -> decide(request, routes::deny)),
                new Route(
                        "POST",
                        "/v1/approvals/{ticket}/break-glass",
                        Access.APPROVER,
                        request -> decide(request, routes::breakGlass)),
                new Route(
                        "POST",
                        "/v1/approvals/{ticket}/withdraw",
                        Access.APPROVER,
                        request -> decide(request, routes::withdraw)));
    }

    /** What a person does to one of them. */
    private interface Deed {
        Approval act(ControlRequest request, ControlRequest.Body body, String reason)
                throws RefusedException, NotDecidedException;
    }

    private static ControlReply decide(ControlRequest request, Deed deed) throws RefusedException {
        ControlRequest.Body body = request.body("reason", "token");
        try {
            return ControlReply.json(ApprovalViews.of(
                    deed.act(request, body, body.optionalText("reason").orElse(""))));
        } catch (NotDecidedException e) {
            throw refused(e);
        }
    }

    static RefusedException refused(NotDecidedException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.kind()) {
            case UNKNOWN -> RefusedException.unknown(e.code(), message);
            case INVALID -> RefusedException.invalid(message, e.fix());
            case FORBIDDEN -> RefusedException.forbidden(e.code(), message, e.fix());
            case CONFLICT -> RefusedException.conflict(e.code(), message, e.fix());
            case UNAVAILABLE -> RefusedException.unavailable(e.code(), message);
        };
    }

    /** Once people agree on a pattern, the grant follows; if it cannot be given, nothing is: the agent asks anew. */
    private ControlReply approve(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("reason", "token", "for", "free");
        try {
            Optional<Duration> length = GrantRoutes.length(body);
            if (length.isEmpty() && body.object().has("free")) {
                throw RefusedException.invalid("`free` means nothing without `for`", "say for how long: 1h");
            }
            Set<String> free = body.texts("free");
            Approval done = desk.decide(
                    request.variable("ticket"),
                    person(request, body),
                    true,
                    body.optionalText("reason").orElse(""),
                    length.map(time -> new Approval.Proposal(time, free)));
            Json.Obj view = ApprovalViews.of(done);
            return ControlReply.json(
                    done.state() == State.GRANTED
                            ? view.with("grant", Json.of(grants.answer(done).id()))
                            : view);
        } catch (NotDecidedException e) {
            throw refused(e);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid(String.valueOf(e.getMessage()), "");
        }
    }

    private Approval deny(ControlRequest request, ControlRequest.Body body, String reason)
            throws RefusedException, NotDecidedException {
        return desk.decide(request.variable("ticket"), person(request, body), false, reason);
    }

    private Approval breakGlass(ControlRequest request, ControlRequest.Body body, String reason)
            throws RefusedException, NotDecidedException {
        return desk.breakGlass(request.variable("ticket"), person(request, body), reason);
    }

    private Approval withdraw(ControlRequest request, ControlRequest.Body body, String reason)
            throws RefusedException, NotDecidedException {
        return desk.withdraw(request.variable("ticket"), person(request, body), reason);
    }

    private Answerer person(ControlRequest request, ControlRequest.Body body) throws RefusedException {
        return signedIn(request, body, administrators);
    }

    /** Who it is as a person (R16), and as what: a token is of its role only. */
    static Answerer signedIn(ControlRequest request, ControlRequest.Body body, Administrators administrators)
            throws RefusedException {
        if (request.caller() instanceof Caller.Administrator administrator) {
            return new Answerer(administrator.person(), Role.ADMIN.answersAs());
        }
        if (request.caller() instanceof Caller.SignedIn person) {
            return new Answerer(
                    person.person(), person.roles().stream().map(Role::wire).collect(Collectors.toSet()));
        }
        Optional<String> token = body.optionalText("token");
        if (token.isEmpty()) {
            throw RefusedException.forbidden(
                    "person_needed",
                    "the local user is no person who can approve: agents may run as the same user",
                    "use your own token: --token-file FILE, or `Authorization: Bearer reevea_...` at the"
                            + " control address; `reeve admin token NAME --role approver` makes one");
        }
        return administrators
                .answering(Secret.of(token.get()))
                .orElseThrow(() -> RefusedException.forbidden(
                        "token_refused", "this is no token of an administrator or approver, or it has ended", ""));
    }

    private ControlReply list(ControlRequest request) throws RefusedException {
        Optional<String> state = request.query("state", QUERY).filter(text -> !text.equals("any"));
        Filter filter = new Filter(
                state.isPresent() ? Optional.of(state(state.get())) : Optional.empty(),
                request.query("agent", QUERY),
                request.query("for", QUERY));
        boolean isShort = isShort(request, QUERY);
        List<Approval> found = desk.list(filter);
        if (!isShort) {
            showing(request, found);
        }
        List<Json> all = found.stream().<Json>map(one -> view(one, isShort)).toList();
        return ControlReply.json(
                Json.object().put("approvals", new Json.Arr(all)).build());
    }

    private static boolean isShort(ControlRequest request, Set<String> known) throws RefusedException {
        return request.query(ARGUMENTS, known).filter("false"::equals).isPresent();
    }

    private static Json.Obj view(Approval approval, boolean isShort) {
        Json.Obj view = ApprovalViews.of(approval);
        return isShort ? view.without(ARGUMENTS) : view;
    }

    /** As with reading the record: what cannot be recorded is not shown. Whoever answers is in the record by that. */
    private void showing(ControlRequest request, List<Approval> approvals) throws RefusedException {
        try {
            desk.showing(request.person(), approvals);
        } catch (NotDecidedException e) {
            throw refused(e);
        }
    }

    /** What waits, for those who may answer; nobody else sees it. */
    private ControlReply result(ControlRequest request) throws RefusedException {
        String ticket = request.variable("ticket");
        try {
            Json.Obj result = desk.result(ticket, person(request, request.body("token")))
                    .orElseThrow(() -> RefusedException.conflict(
                            "no_result", "the question is about a call, which was not made: there is no result", ""));
            return ControlReply.json(Json.object().put("result", result).build());
        } catch (NotDecidedException e) {
            throw refused(e);
        }
    }

    private static State state(String word) throws RefusedException {
        return Arrays.stream(State.values())
                .filter(one -> one.wire().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> RefusedException.invalid(
                        "`" + word + "` is no state of an approval",
                        "any, "
                                + String.join(
                                        ", ",
                                        Arrays.stream(State.values())
                                                .map(State::wire)
                                                .toList())));
    }

    private ControlReply show(ControlRequest request) throws RefusedException {
        String ticket = request.variable("ticket");
        Approval approval = desk.show(ticket)
                .orElseThrow(() ->
                        RefusedException.unknown("ticket_unknown", "nothing waits under the ticket `" + ticket + "`"));
        boolean isShort = isShort(request, Set.of(ARGUMENTS));
        if (!isShort) {
            showing(request, List.of(approval));
        }
        return ControlReply.json(view(approval, isShort));
    }
}
