package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Offer;
import dev.reeve.adapter.mcp.Governed.Outcome;
import dev.reeve.adapter.mcp.Route.Target;
import dev.reeve.definitions.Kind;
import dev.reeve.gate.Effect;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Skills (extension {@code io.modelcontextprotocol/skills} of 2026-07-28): instructions for a model, so their entries are pinned as tools are, and their files
 * are read as the resources that they are. What the caller may not see answers like what does not exist (R10).
 */
final class Skills {
    static final String EXTENSION = "io.modelcontextprotocol/skills";
    private static final String DIRECTORY = "inode/directory";

    private final Surroundings around;
    private final Governed governed;
    private final Answers answers;

    Skills(Surroundings around, Governed governed, Answers answers) {
        this.around = around;
        this.governed = governed;
        this.answers = answers;
    }

    /** What is said of it to a caller; empty if no server has a skill that it may see. */
    Optional<Json> offered(Caller caller) {
        List<String> having = caller.route().upstreams(around.upstreams().names()).stream()
                .filter(upstream -> has(caller, upstream))
                .toList();
        if (having.isEmpty()) {
            return Optional.empty();
        }
        boolean directories = having.stream()
                .anyMatch(upstream -> around.definitions()
                        .capabilities(upstream)
                        .flatMap(it -> it.object("extensions"))
                        .flatMap(it -> it.object(EXTENSION))
                        .flatMap(it -> it.get("directoryRead"))
                        .filter(Json.Bool.TRUE::equals)
                        .isPresent());
        return Optional.of(
                directories ? Json.object().put("directoryRead", true).build() : Json.Obj.EMPTY);
    }

    private boolean has(Caller caller, String upstream) {
        return around.definitions().all(upstream).stream()
                .anyMatch(pin -> pin.kind() == Kind.SKILL
                        && pin.state() == dev.reeve.definitions.Definitions.State.IN_FORCE
                        && around.visible(caller.principal(), new Operation.SkillGet(upstream, pin.name())));
    }

    /** Under the URIs that things have on the route. */
    static Json.Obj shown(Route route, String upstream, Json.Obj entry) {
        Json.Obj named = Listings.uri(route, upstream, entry, "uri");
        List<Json> files = new ArrayList<>();
        Listings.objects(entry, "resources").forEach(file -> files.add(Listings.uri(route, upstream, file, "uri")));
        return files.isEmpty() ? named : named.with("resources", new Json.Arr(files));
    }

    Json.Obj get(Calls.Call call) throws RpcException {
        String uri = Calls.uri(call.params());
        Target target = target(call, uri);
        Outcome outcome = act(
                call,
                new Operation.SkillGet(target.upstream(), target.name()),
                result -> result.object("skill")
                        .flatMap(entry -> around.definitions().shown(target.upstream(), Offer.SKILLS, entry))
                        .filter(entry -> entry.string("uri").equals(Optional.of(target.name())))
                        .map(entry -> Json.object().put("skill", entry).build()));
        Json.Obj entry = done(call, uri, target, outcome).object("skill").orElseThrow();
        Json.Obj shown = shown(call.caller().route(), target.upstream(), ForeignMeta.without(entry));
        return answers.cached(call.revision(), Json.object().put("skill", shown).build(), 0);
    }

    Json.Obj directory(Calls.Call call) throws RpcException {
        String uri = Calls.uri(call.params());
        Target target = target(call, uri);
        Outcome outcome = act(
                call,
                new Operation.DirectoryRead(target.upstream(), target.name()),
                result -> Optional.of(children(call.caller(), target, result)));
        List<Json> shown = new ArrayList<>();
        Listings.objects(done(call, uri, target, outcome), "resources")
                .forEach(child -> shown.add(
                        Listings.uri(call.caller().route(), target.upstream(), ForeignMeta.without(child), "uri")));
        return answers.list(call.revision(), "resources", cast(shown), Optional.empty());
    }

    private static List<Json.Obj> cast(List<Json> all) {
        return all.stream().map(Json.Obj.class::cast).toList();
    }

    /** What changes or drops a result before anybody records it or looks at it; empty if there is nothing to be told. */
    private interface Shaping {
        Optional<Json.Obj> of(Json.Obj result);
    }

    private Outcome act(Calls.Call call, Operation operation, Shaping shaping) {
        return governed.act(call.caller(), operation, call.meta().reasoning(), permit -> {
            Effect effect = around.upstreams()
                    .send(
                            permit,
                            call.ongoing()
                                    .exchange(
                                            around.gate(), permit, around.asks().apply(operation.upstream())));
            return effect instanceof Effect.Answered answered
                    ? shaping.of(answered.result())
                            .<Effect>map(it -> new Effect.Answered(it, false))
                            .orElseGet(() -> new Effect.Refused(RpcError.INVALID_PARAMS, "Not found", Optional.empty()))
                    : effect;
        });
    }

    /** What lies there and may be read: as it is pinned, or, where nothing pins it, by its name and kind only. */
    private Json.Obj children(Caller caller, Target directory, Json.Obj result) {
        List<Json> kept = new ArrayList<>();
        for (Json.Obj child : Listings.objects(result, "resources")) {
            Optional<String> uri = child.string("uri").filter(it -> isIn(directory.name(), it));
            if (uri.isPresent()
                    && around.visible(
                            caller.principal(), new Operation.ResourceRead(directory.upstream(), uri.get()))) {
                kept.add(around.definitions()
                        .shown(directory.upstream(), Offer.RESOURCES, child)
                        .orElseGet(() -> bare(uri.get(), child)));
            }
        }
        return Json.object().put("resources", new Json.Arr(kept)).build();
    }

    private static boolean isIn(String directory, String uri) {
        return uri.startsWith(directory + "/") && uri.indexOf('/', directory.length() + 1) < 0;
    }

    private static Json.Obj bare(String uri, Json.Obj child) {
        boolean directory = child.string("mimeType").equals(Optional.of(DIRECTORY));
        return Json.object()
                .put("uri", uri)
                .put("name", uri.substring(uri.lastIndexOf('/') + 1))
                .put("mimeType", directory ? Optional.of(DIRECTORY) : Optional.<String>empty())
                .build();
    }

    private static Target target(Calls.Call call, String uri) {
        return call.caller().route().uri(uri).orElse(new Target(Calls.NOWHERE, uri));
    }

    private Json.Obj done(Calls.Call call, String uri, Target target, Outcome outcome) throws RpcException {
        return switch (outcome) {
            case Outcome.Done(Json.Obj result) -> result;
            case Outcome.Failed failed -> throw failed.thrown();
            case Outcome.NotAllowed not -> {
                boolean known = around.upstreams().names().contains(target.upstream());
                if (not.denial().concealed() || !known) {
                    throw Calls.noResource(call.revision(), uri).thrown();
                }
                throw Denials.error(not).thrown();
            }
        };
    }
}
