package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation.Offer;
import dev.reeve.definitions.Definitions;
import dev.reeve.json.Json;
import dev.reeve.upstream.UpstreamHealth;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * {@code reeve_status}: tells a caller who it is and what it can use, so that an empty list never looks broken. It says nothing that
 * the caller's own lists do not say (R10), and its list passes the gate like any other.
 */
final class StatusTool {
    static final String NAME = "reeve_status";

    private static final Json.Obj DEFINITION = Json.object()
            .put("name", NAME)
            .put("title", "What Reeve lets you do here")
            .put(
                    "description",
                    "Says who you are to Reeve, which tools you can use here, and what your operator can change. "
                            + "Use it if a tool that you expect is missing or a call was not allowed.")
            .put(
                    "inputSchema",
                    Json.object()
                            .put("type", "object")
                            .put("properties", Json.Obj.EMPTY)
                            .put("additionalProperties", false))
            .put("annotations", Json.object().put("readOnlyHint", true).put("openWorldHint", false))
            .build();

    private final Surroundings around;
    private final Listings listings;

    StatusTool(Surroundings around, Listings listings) {
        this.around = around;
        this.listings = listings;
    }

    static Json.Obj definition() {
        return DEFINITION;
    }

    Json.Obj result(Caller caller, Revision revision, Ongoing ongoing) {
        int tools = listings.list(caller, revision, Offer.TOOLS, ongoing).size();
        Map<String, Integer> held = new TreeMap<>();
        SortedSet<String> upstreams =
                caller.route().upstreams(around.upstreams().names());
        for (String upstream : upstreams) {
            int count = held(caller, upstream);
            if (count > 0) {
                held.put(upstream, count);
            }
        }
        String text = text(caller, tools, held, upstreams);
        Json.Obj block = Json.object().put("type", "text").put("text", text).build();
        Json.Obj data = Json.object()
                .put("agent", caller.principal().agent())
                .put(
                        "roles",
                        Json.Arr.ofStrings(
                                caller.principal().roles().stream().sorted().toList()))
                .put("tools", tools)
                .put("held", held.values().stream().mapToInt(Integer::intValue).sum())
                .build();
        return Json.object()
                .put("content", new Json.Arr(List.of(block)))
                .put("structuredContent", data)
                .put("isError", false)
                .build();
    }

    /** Tools that the caller's rules already show it, and that wait for a person. */
    private int held(Caller caller, String upstream) {
        return (int) around.definitions().tools(upstream).stream()
                .filter(tool -> tool.state() == Definitions.State.HELD)
                .filter(tool -> listings.sees(caller, upstream, tool.name()))
                .count();
    }

    private String text(Caller caller, int tools, Map<String, Integer> held, SortedSet<String> upstreams) {
        StringBuilder text = new StringBuilder(512);
        text.append("You are the agent `").append(caller.principal().agent()).append("`");
        text.append(
                caller.principal().roles().isEmpty()
                        ? ", without any role.\n"
                        : " with the roles "
                                + String.join(
                                        ", ",
                                        caller.principal().roles().stream()
                                                .sorted()
                                                .toList())
                                + ".\n");
        text.append(
                switch (tools) {
                    case 0 -> "You can use no tools here.\n";
                    case 1 -> "You can use one tool here; `tools/list` names it.\n";
                    default -> "You can use " + tools + " tools here; `tools/list` names them.\n";
                });
        held.forEach((upstream, count) -> text.append(waiting(upstream, count)));
        for (String upstream : upstreams) {
            text.append(health(caller, upstream));
        }
        if (tools == 0 && held.isEmpty()) {
            text.append("No rule of the policy in force lets this agent see a tool here, or there is none. ")
                    .append("Your operator sees the rules with `reeve agent show ")
                    .append(caller.principal().agent())
                    .append("` and `reeve check`, and changes them in the policy folder.\n");
        }
        return text.append(
                        "If a call was not allowed, give its ticket to your operator: `reeve policy explain TICKET`.")
                .toString();
    }

    private static String waiting(String upstream, int count) {
        return (count == 1 ? "One tool" : count + " tools") + " of `" + upstream
                + "` that your rules let you see " + (count == 1 ? "waits" : "wait")
                + " for a person to look at. Your operator does that with `reeve tools list` and `reeve tools approve "
                + upstream + " --all`.\n";
    }

    private String health(Caller caller, String upstream) {
        boolean seen = around.definitions().tools(upstream).stream()
                .anyMatch(tool -> listings.sees(caller, upstream, tool.name()));
        boolean down = seen && around.upstreams().health(upstream).state() == UpstreamHealth.State.DOWN;
        return down ? "The server `" + upstream + "` does not answer at present; `reeve status` says why.\n" : "";
    }
}
