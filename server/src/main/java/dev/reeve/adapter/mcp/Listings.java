package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Offer;
import dev.reeve.adapter.mcp.Governed.Outcome;
import dev.reeve.definitions.Definitions;
import dev.reeve.gate.Effect;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a caller sees: every list passes the gate, one upstream at a time, and holds only what the caller could ever use (R10, R19). */
final class Listings {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");

    private final Surroundings around;
    private final Governed governed;

    Listings(Surroundings around, Governed governed) {
        this.around = around;
        this.governed = governed;
    }

    /** The entries in the order of the upstreams' names, as they are called on the caller's route. */
    List<Json.Obj> list(Caller caller, Revision revision, Offer offer, Ongoing ongoing) {
        List<Json.Obj> all = new ArrayList<>();
        for (String upstream : caller.route().upstreams(around.upstreams().names())) {
            if (ongoing.cancelled()) {
                break;
            }
            for (Json.Obj entry : ofOne(caller, upstream, offer, ongoing)) {
                all.add(shown(caller.route(), revision, upstream, offer, entry));
            }
        }
        return all;
    }

    private List<Json.Obj> ofOne(Caller caller, String upstream, Offer offer, Ongoing ongoing) {
        Operation listing = new Operation.Listing(upstream, offer);
        boolean known = offer == Offer.TOOLS && !around.upstreams().toolsVary(upstream);
        Outcome outcome = known
                ? governed.tell(caller, listing, () -> pinned(caller, upstream))
                : governed.act(
                        caller,
                        listing,
                        Optional.empty(),
                        permit -> filtered(
                                around.upstreams()
                                        .send(
                                                permit,
                                                ongoing.exchange(
                                                        around.gate(),
                                                        permit,
                                                        around.asks().apply(upstream))),
                                caller,
                                upstream,
                                offer));
        return switch (outcome) {
            case Outcome.Done done -> objects(done.result(), member(offer));
            case Outcome.Failed ignored -> List.of();
            case Outcome.NotAllowed ignored -> List.of();
        };
    }

    /** The pinned bytes, whatever the server says now. */
    private Json.Obj pinned(Caller caller, String upstream) {
        List<Json> tools = new ArrayList<>();
        for (Definitions.PinnedTool tool : around.definitions().tools(upstream)) {
            if (isSeen(caller, tool)) {
                tools.add(tool.definition());
            }
        }
        return Json.object().put("tools", new Json.Arr(tools)).build();
    }

    /**
     * What a server says about its tools, to whoever sees one of them (R10). Foreign text that passes as the list of its tools does: decided, recorded,
     * and looked at by the result stages (R5).
     */
    Optional<String> instructions(Caller caller, String upstream) {
        Optional<String> pinned = around.definitions().instructions(upstream);
        if (pinned.isEmpty() || around.definitions().tools(upstream).stream().noneMatch(tool -> isSeen(caller, tool))) {
            return Optional.empty();
        }
        Outcome outcome = governed.tell(
                caller,
                new Operation.Listing(upstream, Offer.TOOLS),
                () -> Json.object().put("instructions", pinned).build());
        return outcome instanceof Outcome.Done done ? done.result().string("instructions") : Optional.empty();
    }

    private boolean isSeen(Caller caller, Definitions.PinnedTool tool) {
        return tool.state() == Definitions.State.IN_FORCE && sees(caller, tool.upstream(), tool.name());
    }

    boolean sees(Caller caller, String upstream, String tool) {
        return around.visible(caller.principal(), new Operation.ToolCall(upstream, tool, Json.Obj.EMPTY));
    }

    private Effect filtered(Effect effect, Caller caller, String upstream, Offer offer) {
        if (!(effect instanceof Effect.Answered answered)) {
            return effect;
        }
        Predicate<Json.Obj> seen = entry -> operation(upstream, offer, entry)
                .filter(operation -> around.visible(caller.principal(), operation))
                .isPresent();
        List<Json> kept = new ArrayList<>(objects(answered.result(), member(offer)).stream()
                .filter(seen)
                .flatMap(entry -> around.definitions().shown(upstream, offer, entry).stream())
                .toList());
        return new Effect.Answered(
                Json.object().put(member(offer), new Json.Arr(kept)).build(), false);
    }

    /** What using an entry would be; empty if it cannot be used, its name being none (R19). */
    private static Optional<Operation> operation(String upstream, Offer offer, Json.Obj entry) {
        return switch (offer) {
            case TOOLS -> named(entry).map(name -> new Operation.ToolCall(upstream, name, Json.Obj.EMPTY));
            case PROMPTS -> named(entry).map(name -> new Operation.PromptGet(upstream, name, Json.Obj.EMPTY));
            case RESOURCES -> entry.string("uri").map(uri -> new Operation.ResourceRead(upstream, uri));
            case SKILLS -> entry.string("uri").map(uri -> new Operation.SkillGet(upstream, uri));
            case RESOURCE_TEMPLATES ->
                entry.string("uriTemplate").map(uri -> new Operation.ResourceRead(upstream, uri));
        };
    }

    private static Optional<String> named(Json.Obj entry) {
        return entry.string("name").filter(name -> NAME.matcher(name).matches());
    }

    private static Json.Obj shown(Route route, Revision revision, String upstream, Offer offer, Json.Obj foreign) {
        Json.Obj entry = ForeignMeta.without(foreign);
        return switch (offer) {
            case TOOLS -> route.shownAs(upstream, Answers.tool(revision, entry));
            case PROMPTS -> route.shownAs(upstream, entry);
            case RESOURCES -> uri(route, upstream, entry, "uri");
            case RESOURCE_TEMPLATES -> uri(route, upstream, entry, "uriTemplate");
            case SKILLS -> Skills.shown(route, upstream, entry);
        };
    }

    static Json.Obj uri(Route route, String upstream, Json.Obj entry, String member) {
        return entry.string(member)
                .map(uri -> entry.with(member, Json.of(route.shownUri(upstream, uri))))
                .orElse(entry);
    }

    static String member(Offer offer) {
        return switch (offer) {
            case TOOLS -> "tools";
            case RESOURCES -> "resources";
            case RESOURCE_TEMPLATES -> "resourceTemplates";
            case PROMPTS -> "prompts";
            case SKILLS -> "skills";
        };
    }

    static List<Json.Obj> objects(Json.Obj result, String member) {
        return result.array(member).orElse(Json.Arr.EMPTY).items().stream()
                .filter(Json.Obj.class::isInstance)
                .map(Json.Obj.class::cast)
                .toList();
    }
}
