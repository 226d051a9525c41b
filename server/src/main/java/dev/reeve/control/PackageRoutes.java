package dev.reeve.control;

import dev.reeve.control.Route.Access;
import dev.reeve.json.Json;
import dev.reeve.packages.PackageDrift;
import dev.reeve.packages.Packages;
import dev.reeve.upstream.UpstreamSettings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Packages of servers that Reeve starts: what differs from what is pinned, and approving it (R21); of several administrators two (R27). */
public final class PackageRoutes {
    private static final String PACKAGE = "package";

    private final Packages packages;
    private final List<UpstreamSettings> upstreams;
    private final Seconds seconds;

    private PackageRoutes(Packages packages, List<UpstreamSettings> upstreams, Seconds seconds) {
        this.seconds = seconds;
        this.packages = packages;
        this.upstreams = List.copyOf(upstreams);
    }

    /** @param room where what one person of several approves waits for another */
    public static List<Route> of(Packages packages, List<UpstreamSettings> upstreams, ControlRoom room) {
        PackageRoutes routes = new PackageRoutes(packages, upstreams, room.seconds());
        room.seconds().does(PACKAGE, routes::agreed);
        return List.of(
                new Route("GET", "/v1/upstreams/packages", Access.ADMINISTRATOR, routes::waiting),
                new Route("POST", "/v1/upstreams/approve", Access.ADMINISTRATOR, routes::approve));
    }

    private ControlReply waiting(ControlRequest request) {
        upstreams.stream()
                .filter(UpstreamSettings.Stdio.class::isInstance)
                .map(UpstreamSettings.Stdio.class::cast)
                .forEach(packages::look);
        List<Json> waiting =
                packages.waiting().stream().<Json>map(PackageDrift::json).toList();
        return ControlReply.json(
                Json.object().put("waiting", new Json.Arr(waiting)).build());
    }

    /** Only what was seen: the digest is that of the files that the person looked at. */
    private ControlReply approve(ControlRequest request) throws RefusedException {
        ControlRequest.Body body = request.body("upstream", "digest");
        String name = body.text("upstream");
        UpstreamSettings.Stdio settings = started(name);
        String digest = body.text("digest");
        PackageDrift drift = packages.waiting(name, digest).orElseThrow(PackageRoutes::notWaiting);
        String by = request.person();
        if (!seconds.areNeededOfAnybody()) {
            inForce(settings, digest, by, Optional.empty());
            return ControlReply.json(
                    Json.object().put("upstream", name).put("approved_by", by).build());
        }
        // What another administrator agrees to are these files: they are read again then.
        Json.Obj exactly =
                Json.object().put("upstream", name).put("digest", digest).build();
        String what = "the package `" + drift.name() + "` of the server `" + name + "`, " + drift.versionBefore()
                + " -> " + drift.versionNow() + ", digest " + digest;
        Seconds.Waiting waiting = seconds.ask(by, new Seconds.Wish(PACKAGE, what, name, exactly, exactly));
        return ControlReply.json(
                202, Json.object().put("waiting", SecondsRoutes.view(waiting)).build());
    }

    private void agreed(Seconds.Waiting one, String second) throws RefusedException {
        ControlRequest.Body terms = new ControlRequest.Body(one.wish().terms());
        inForce(started(terms.text("upstream")), terms.text("digest"), one.by(), Optional.of(second));
    }

    private UpstreamSettings.Stdio started(String name) throws RefusedException {
        return upstreams.stream()
                .filter(one -> one.name().equals(name))
                .filter(UpstreamSettings.Stdio.class::isInstance)
                .map(UpstreamSettings.Stdio.class::cast)
                .findFirst()
                .orElseThrow(() -> RefusedException.unknown(
                        "upstream_unknown", "there is no server `" + name + "` that Reeve starts"));
    }

    private void inForce(UpstreamSettings.Stdio settings, String digest, String by, Optional<String> second)
            throws RefusedException {
        try {
            if (!packages.approve(settings, digest, by, second)) {
                throw notWaiting();
            }
        } catch (IOException e) {
            throw RefusedException.unavailable("not_approved", "it is not in force: " + e.getMessage());
        }
    }

    private static RefusedException notWaiting() {
        return RefusedException.conflict(
                "not_waiting",
                "no package with this digest waits for approval",
                "look again with `reeve upstreams diff`; it may have changed meanwhile");
    }
}
