package dev.reeve.control;

import dev.reeve.control.Route.Access;
import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import dev.reeve.store.StoreException;
import dev.reeve.store.StoredPolicyVersions;
import dev.reeve.store.StoredPolicyVersions.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Which policies were in force, and agreeing to one that waits for a second person (R27). */
public final class PolicyRoutes {
    private PolicyRoutes() {}

    /** The process that has a policy in force. */
    public interface Desk {
        /** What waits. */
        Optional<Waiting> waiting();

        /**
         * Puts what waits in force.
         *
         * @return what is wrong with it; empty if it is not what waits
         */
        Optional<List<String>> second(String version, String person);
    }

    /**
     * @param proposer {@code file:ana}, or several: {@code file:ana,bob}
     * @param shown for who has to agree
     */
    public record Waiting(String version, String proposer, Json.Obj shown) {}

    static List<Route> list(StoredPolicyVersions versions) {
        return List.of(new Route("GET", "/v1/policy/versions", Access.POLICY_AUTHOR, request -> {
            request.query("", Set.of());
            return versions(versions);
        }));
    }

    private static ControlReply versions(StoredPolicyVersions stored) throws RefusedException {
        try {
            List<Json> versions = new ArrayList<>();
            for (Version version : stored.all()) {
                versions.add(Json.object()
                        .put("number", version.number())
                        .put("version", version.policy())
                        .put("since", version.since().toString())
                        .put("person", version.person())
                        .put("seconded_by", version.seconded())
                        .put("record", version.record())
                        .build());
            }
            return ControlReply.json(
                    Json.object().put("versions", new Json.Arr(versions)).build());
        } catch (StoreException e) {
            throw RefusedException.unavailable("store_down", String.valueOf(e.getMessage()));
        }
    }

    public static List<Route> of(Desk desk, Supplier<Administrators> administrators) {
        return List.of(
                new Route(
                        "GET",
                        "/v1/policy/waiting",
                        Access.POLICY_AUTHOR,
                        request -> ControlReply.json(Json.object()
                                .put(
                                        "waiting",
                                        desk.waiting().<Json>map(Waiting::shown).orElse(Json.Null.NULL))
                                .build())),
                new Route(
                        "POST",
                        "/v1/policy/approve",
                        Access.ADMINISTRATOR,
                        request -> approve(request, desk, administrators.get())));
    }

    private static ControlReply approve(ControlRequest request, Desk desk, Administrators administrators)
            throws RefusedException {
        ControlRequest.Body body = request.body("version", "token");
        String version = body.text("version");
        Waiting waiting =
                desk.waiting().filter(it -> it.version().equals(version)).orElseThrow(() -> notWaiting(version));
        String person = person(request, body, administrators);
        if (isSame(administrators, person, waiting.proposer())) {
            throw RefusedException.forbidden(
                    "same_person",
                    "`" + person + "` changed these files, or may have, so somebody else must agree",
                    "let another administrator approve it");
        }
        List<String> errors = desk.second(version, person).orElseThrow(() -> notWaiting(version));
        if (!errors.isEmpty()) {
            throw RefusedException.conflict("not_in_force", String.join("; ", errors), "");
        }
        return ControlReply.json(
                Json.object().put("version", version).put("seconded_by", person).build());
    }

    private static RefusedException notWaiting(String version) {
        return RefusedException.conflict(
                "not_waiting",
                "no policy `" + version + "` waits; the files may have changed meanwhile",
                "read again what waits with `reeve policy diff`");
    }

    /** The local user is who the files belong to: only a token says that it is somebody else. Everybody else here is an administrator. */
    private static String person(ControlRequest request, ControlRequest.Body body, Administrators administrators)
            throws RefusedException {
        if (!(request.caller() instanceof Caller.Local)) {
            return request.person();
        }
        return body.optionalText("token")
                .flatMap(token -> administrators.token(Secret.of(token)))
                .filter(Administrators.Token::isAdministrator)
                .map(Administrators.Token::person)
                .orElseThrow(() -> RefusedException.forbidden(
                        "second_person",
                        "a second person agrees with an administrator's token of their own",
                        "`reeve policy approve VERSION --token-file FILE`, or the control API"));
    }

    /** The operating system names one owner, or several. */
    private static boolean isSame(Administrators administrators, String person, String proposer) {
        for (String owner : proposer.substring(proposer.indexOf(':') + 1).split(",", -1)) {
            if (administrators.mayBe(owner, person)) {
                return true;
            }
        }
        return false;
    }
}
