package dev.reeve.control;

import dev.reeve.control.Route.Access;
import dev.reeve.metrics.Counter;
import dev.reeve.metrics.Metrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The table of all operations, and the one place that says who may call which. Both doors come through here. */
public final class ControlRoutes {
    private static final System.Logger LOG = System.getLogger("dev.reeve.control");

    private final List<Route> routes;
    private final Counter requests;
    private final Consumer<String> refused;

    /** @param refused takes the code of each request of somebody who may not come here (R15) */
    public ControlRoutes(List<Route> routes, Metrics metrics, Consumer<String> refused) {
        this.refused = refused;
        this.routes = List.copyOf(routes);
        this.requests = metrics.counter("reeve_control_requests_total", "Requests at the control endpoints.", "status");
    }

    public List<Route> routes() {
        return routes;
    }

    /** Never throws. */
    public ControlReply handle(ControlRequest request) {
        ControlReply reply = answer(request);
        requests.increment(Integer.toString(reply.status()));
        if (reply.status() == 401 || reply.status() == 403) {
            refused.accept(reply.status() == 401 ? "unauthorised" : "forbidden");
        }
        return reply;
    }

    private ControlReply answer(ControlRequest request) {
        try {
            boolean known = false;
            for (Route route : routes) {
                Optional<Map<String, String>> variables = route.match(request.path());
                known |= variables.isPresent();
                if (variables.isPresent() && route.method().equals(request.method())) {
                    return admitted(route, request.with(variables.get()));
                }
            }
            return known
                    ? ControlReply.refused(405, "method_unknown", "this path has no such method", "")
                    : ControlReply.refused(404, "path_unknown", "there is no such path", "see docs/reference");
        } catch (RefusedException e) {
            return ControlReply.refused(e);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.log(System.Logger.Level.ERROR, "a control request failed", e);
            return ControlReply.refused(500, "bug", "this is a fault of Reeve's; its log says more", "");
        }
    }

    private static ControlReply admitted(Route route, ControlRequest request) throws RefusedException {
        Optional<ControlReply> refused = refusal(route.access(), request.caller());
        return refused.isPresent() ? refused.get() : route.handler().handle(request);
    }

    private static Optional<ControlReply> refusal(Access access, Caller caller) {
        return switch (caller) {
            case Caller.Local ignored -> Optional.empty();
            case Caller.AgentCredential ignored ->
                Optional.of(ControlReply.refused(
                        403,
                        "agent_credential",
                        "keys of agents are not accepted at control endpoints",
                        "use an administrator's token (reevea_...), or the command line on the machine itself"));
            case Caller.Administrator ignored -> access == Access.LOCAL ? Optional.of(localOnly()) : Optional.empty();
            case Caller.SignedIn person -> refusal(access, person);
            case Caller.Auditor ignored ->
                access == Access.AUDITOR || access == Access.ANYBODY ? Optional.empty() : Optional.of(onlyReads());
            case Caller.Anonymous ignored -> access == Access.ANYBODY ? Optional.empty() : Optional.of(unauthorised());
            case Caller.Wrong ignored -> Optional.of(unauthorised());
        };
    }

    private static Optional<ControlReply> refusal(Access access, Caller.SignedIn person) {
        return switch (access) {
            case ANYBODY, AUDITOR -> Optional.empty();
            case APPROVER -> only(Role.APPROVER, person);
            case POLICY_AUTHOR -> only(Role.POLICY_AUTHOR, person);
            case ADMINISTRATOR ->
                person.roles().contains(Role.ADMIN) ? Optional.empty() : Optional.of(onlyAdministrators());
            case LOCAL -> Optional.of(localOnly());
        };
    }

    /** Or an administrator. */
    private static Optional<ControlReply> only(Role role, Caller.SignedIn person) {
        return person.roles().contains(role) ? Optional.empty() : refusal(Access.ADMINISTRATOR, person);
    }

    private static ControlReply onlyAdministrators() {
        return ControlReply.refused(403, "role_missing", "this needs the role admin", "ask an administrator");
    }

    private static ControlReply localOnly() {
        return ControlReply.refused(
                403, "local_only", "this is done on the machine itself only", "use the command line there");
    }

    private static ControlReply onlyReads() {
        return ControlReply.refused(
                403, "role_missing", "an auditor reads the record and does nothing else", "ask an administrator");
    }

    private static ControlReply unauthorised() {
        return ControlReply.refused(
                401,
                "unauthorised",
                "an administrator's token is needed",
                "send `Authorization: Bearer reevea_...`; `reeve admin token NAME` makes one");
    }
}
