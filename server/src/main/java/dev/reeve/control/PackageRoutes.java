package dev.reeve.control;

import dev.reeve.control.Route.Access;
import dev.reeve.json.Json;
import dev.reeve.packages.PackageDrift;
import dev.reeve.packages.Packages;
import dev.reeve.upstream.UpstreamSettings;
import java.io.IOException;
import java.util.List;

/** Packages of servers that Reeve starts: what differs from what is pinned, and approving it (R21). */
public final class PackageRoutes {
    private final Packages packages;
    private final List<UpstreamSettings> upstreams;

    private PackageRoutes(Packages packages, List<UpstreamSettings> upstreams) {
        this.packages = packages;
        this.upstreams = List.copyOf(upstreams);
    }

    public static List<Route> of(Packages packages, List<UpstreamSettings> upstreams) {
        PackageRoutes routes = new PackageRoutes(packages, upstreams);
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
        UpstreamSettings.Stdio settings = upstreams.stream()
                .filter(one -> one.name().equals(name))
                .filter(UpstreamSettings.Stdio.class::isInstance)
                .map(UpstreamSettings.Stdio.class::cast)
                .findFirst()
                .orElseThrow(() -> RefusedException.unknown(
                        "upstream_unknown", "there is no server `" + name + "` that Reeve starts"));
        try {
            if (!packages.approve(settings, body.text("digest"), request.person())) {
                throw RefusedException.conflict(
                        "not_waiting",
                        "no package with this digest waits for approval",
                        "look again with `reeve upstreams diff`; it may have changed meanwhile");
            }
        } catch (IOException e) {
            throw RefusedException.unavailable("not_approved", "it is not in force: " + e.getMessage());
        }
        return ControlReply.json(Json.object()
                .put("upstream", name)
                .put("approved_by", request.person())
                .build());
    }
}
