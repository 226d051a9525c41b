package dev.reeve.control;

import dev.reeve.agents.Agent;
import dev.reeve.agents.AgentDirectory;
import dev.reeve.approval.Answerer;
import dev.reeve.approval.NotDecidedException;
import dev.reeve.control.Route.Access;
import dev.reeve.gate.TimedGrant;
import dev.reeve.grant.Grant;
import dev.reeve.grant.Grant.State;
import dev.reeve.grant.GrantDesk;
import dev.reeve.grant.Recipient;
import dev.reeve.grant.Wish;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.Offer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What people give agents for a time. As with approvals, only a person gives, who is signed in as one (R16). */
public final class GrantRoutes {
    private static final Set<String> QUERY = Set.of("state", "agent");

    private final GrantDesk desk;
    private final Supplier<Map<String, Offer>> offers;
    private final AgentDirectory directory;
    private final Administrators administrators;

    private GrantRoutes(
            GrantDesk desk,
            Supplier<Map<String, Offer>> offers,
            AgentDirectory directory,
            Administrators administrators) {
        this.desk = desk;
        this.offers = offers;
        this.directory = directory;
        this.administrators = administrators;
    }

    /** @param offers what the policy in force lets people give, by name */
    public static List<Route> of(
            GrantDesk desk,
            Supplier<Map<String, Offer>> offers,
            AgentDirectory directory,
            Administrators administrators) {
        GrantRoutes routes = new GrantRoutes(desk, offers, directory, administrators);
        return List.of(
                new Route("GET", "/v1/grants", Access.APPROVER, routes::list),
                new Route("GET", "/v1/grants/{id}", Access.APPROVER, routes::show),
                new Route("GET", "/v1/grantable", Access.APPROVER, routes::grantable),
                new Route("POST", "/v1/grants", Access.APPROVER, routes::give),
                new Route("POST", "/v1/grants/{id}/agree", Access.APPROVER, routes::agree),
                new Route("POST", "/v1/grants/{id}/revoke", Access.APPROVER, routes::revoke));
    }

    private ControlReply list(ControlRequest request) throws RefusedException {
        Optional<String> word = request.query("state", QUERY).filter(text -> !text.equals("any"));
        Optional<State> state = word.isPresent() ? Optional.of(state(word.get())) : Optional.empty();
        List<Json> all = desk.list(state, request.query("agent", QUERY)).stream()
                .<Json>map(this::view)
                .toList();
        return ControlReply.json(Json.object().put("grants", new Json.Arr(all)).build());
    }

    private static State state(String word) throws RefusedException {
        return Arrays.stream(State.values())
                .filter(one -> one.wire().equals(word))
                .findFirst()
                .orElseThrow(() -> RefusedException.invalid(
                        "`" + word + "` is no state of a grant", "any, given, proposed, ended, revoked"));
    }

    private ControlReply show(ControlRequest request) throws RefusedException {
        String id = request.variable("id");
        return ControlReply.json(view(desk.show(id)
                .orElseThrow(() -> RefusedException.unknown("grant_unknown", "there is no grant `" + id + "`"))));
    }

    private ControlReply grantable(ControlRequest request) throws RefusedException {
        request.query("", Set.of());
        List<Json> all = offers.get().values().stream()
                .sorted(java.util.Comparator.comparing(Offer::name))
                .<Json>map(GrantRoutes::view)
                .toList();
        return ControlReply.json(
                Json.object().put("grantable", new Json.Arr(all)).build());
    }

    private static Json.Obj view(Offer offer) {
        return Json.object()
                .put("name", offer.name())
                .put("place", offer.place().toString())
                .put(
                        "to",
                        Json.Arr.ofStrings(
                                offer.to().stream().map(Object::toString).toList()))
                .put("by", Json.Arr.ofStrings(offer.by()))
                .put("up_to", offer.upTo().toString())
                .put("quorum", offer.quorum())
                .put("permissions", Json.Arr.ofStrings(offer.says()))
                .build();
    }

    /** With what it lets happen, and whether the policy still says so: otherwise it does not count. */
    private Json.Obj view(Grant grant) {
        if (!(grant.gives() instanceof TimedGrant.Permission given)) {
            return grant.asJson();
        }
        Optional<Offer> offer = Optional.ofNullable(offers.get().get(given.grantable()))
                .filter(it -> it.terms().equals(given.terms()));
        return grant.asJson()
                .with("stands", Json.of(offer.isPresent()))
                .with("permissions", Json.Arr.ofStrings(offer.map(Offer::says).orElse(List.of())));
    }

    private interface Deed {
        Grant act(ControlRequest.Body body, Answerer person, String reason)
                throws RefusedException, NotDecidedException;
    }

    private ControlReply done(int status, ControlRequest request, ControlRequest.Body body, Deed deed)
            throws RefusedException {
        try {
            Answerer person = ApprovalRoutes.signedIn(request, body, administrators);
            return ControlReply.json(
                    status,
                    view(deed.act(body, person, body.optionalText("reason").orElse(""))));
        } catch (NotDecidedException e) {
            throw ApprovalRoutes.refused(e);
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid(String.valueOf(e.getMessage()), "");
        }
    }

    private ControlReply give(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body(
                "grantable",
                "agent",
                "instance",
                "user",
                "for",
                "tool",
                "resource",
                "actions",
                "arguments",
                "reason",
                "token");
        return done(201, request, body, (it, person, reason) -> desk.give(offer(it), wish(it), person, reason));
    }

    private Offer offer(ControlRequest.Body body) throws RefusedException {
        String name = body.text("grantable");
        Map<String, Offer> all = offers.get();
        if (!all.containsKey(name)) {
            throw RefusedException.unknown("grantable_unknown", "the policy in force lets nobody give `" + name + "`");
        }
        return all.get(name);
    }

    private Wish wish(ControlRequest.Body body) throws RefusedException {
        String name = body.text("agent");
        Agent agent = directory
                .roster()
                .agent(name)
                .filter(one -> one.state() != Agent.State.RETIRED)
                .orElseThrow(() -> RefusedException.noAgent(name));
        return new Wish(
                new Recipient(
                        Principal.DEFAULT_TENANT,
                        name,
                        body.optionalText("instance"),
                        body.optionalText("user"),
                        Optional.empty()),
                agent.owner(),
                length(body).orElseThrow(() -> RefusedException.invalid("the member `for` is missing", "as 2h")),
                body.optionalText("tool"),
                body.optionalText("resource"),
                body.texts("actions"),
                body.object().object("arguments").orElse(Json.Obj.EMPTY));
    }

    /** The member {@code for}, if it is there. */
    static Optional<Duration> length(ControlRequest.Body body) throws RefusedException {
        return body.optionalText("for").isEmpty()
                ? Optional.empty()
                : Optional.of(KeyRoutes.span(body, "for", Duration.ZERO));
    }

    private ControlReply agree(ControlRequest request) throws RefusedException {
        return done(
                200,
                request,
                request.body("reason", "token"),
                (body, person, reason) -> desk.agree(request.variable("id"), person, reason));
    }

    private ControlReply revoke(ControlRequest request) throws RefusedException {
        return done(
                200,
                request,
                request.body("reason", "token"),
                (body, person, reason) -> desk.revoke(request.variable("id"), person, reason));
    }
}
