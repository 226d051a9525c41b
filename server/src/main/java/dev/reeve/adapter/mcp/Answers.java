package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Shapes results for the revision and the route: members that the method's result has, and no other. */
final class Answers {
    private static final long LIST_TTL_MILLIS = 5_000;
    private static final Set<String> TOOL_RESULT = Set.of("content", "structuredContent", "isError", "_meta");
    private static final Set<String> READ_RESULT = Set.of("contents", "_meta");
    private static final Set<String> PROMPT_RESULT = Set.of("description", "messages", "_meta");

    private final Json.Obj serverInfo;

    Answers(String version) {
        serverInfo = Json.object()
                .put("name", "reeve")
                .put("title", "Reeve")
                .put("version", version)
                .build();
    }

    Json.Obj serverInfo() {
        return serverInfo;
    }

    Json.Obj response(Json id, Json.Obj result) {
        return Json.object()
                .put("jsonrpc", "2.0")
                .put("id", id)
                .put("result", result)
                .build();
    }

    /** What 2026-07-28 puts around every result. */
    Json.Obj complete(Revision revision, Json.Obj result) {
        if (!revision.stateless()) {
            return result;
        }
        Json.Obj meta = result.object("_meta").orElse(Json.Obj.EMPTY).with(Meta.SERVER_INFO, serverInfo);
        return result.with("resultType", Json.of("complete")).with("_meta", meta);
    }

    /** Filtered for this caller, so never shared, and soon stale (R19). */
    Json.Obj cached(Revision revision, Json.Obj result, long ttlMillis) {
        if (!revision.stateless()) {
            return result;
        }
        return complete(revision, result.with("ttlMs", Json.of(ttlMillis)).with("cacheScope", Json.of("private")));
    }

    Json.Obj list(Revision revision, String member, List<Json.Obj> items, Optional<String> nextCursor) {
        Json.Obj result = Json.object()
                .put(member, new Json.Arr(List.copyOf(items)))
                .put("nextCursor", nextCursor)
                .build();
        return cached(revision, result, LIST_TTL_MILLIS);
    }

    /** Questions for the client, and what it must bring back with its answers; made by us, not by a server. */
    Json.Obj inputRequired(Json.Obj result) {
        return withServerInfo(result);
    }

    Json.Obj withServerInfo(Json.Obj result) {
        return result.with(
                "_meta", Json.object().put(Meta.SERVER_INFO, serverInfo).build());
    }

    Json.Obj completion(Revision revision, Json.Obj result) {
        Json.Obj given = result.object("completion").orElse(Json.Obj.EMPTY);
        Json.Builder kept = Json.object().put("values", given.array("values").orElse(Json.Arr.EMPTY));
        given.get("total").filter(it -> it instanceof Json.Num).ifPresent(it -> kept.put("total", it));
        given.get("hasMore").filter(it -> it instanceof Json.Bool).ifPresent(it -> kept.put("hasMore", it));
        return complete(revision, Json.object().put("completion", kept).build());
    }

    Json.Obj toolResult(Revision revision, Route route, String upstream, Json.Obj result) {
        Map<String, Json> kept = only(TOOL_RESULT, result);
        kept.putIfAbsent("content", Json.Arr.EMPTY);
        // Older revisions know structured content only as an object, or not at all.
        if (!revision.stateless() && !(revision.hasStructure() && kept.get("structuredContent") instanceof Json.Obj)) {
            kept.remove("structuredContent");
        }
        kept.computeIfPresent(
                "content",
                (name, content) -> each(content, block -> unlinked(revision, block(route, upstream, block))));
        return complete(revision, new Json.Obj(kept));
    }

    Json.Obj readResult(Revision revision, Route route, String upstream, Json.Obj result) {
        Map<String, Json> kept = only(READ_RESULT, result);
        kept.putIfAbsent("contents", Json.Arr.EMPTY);
        kept.computeIfPresent("contents", (name, contents) -> each(contents, one -> uri(route, upstream, one)));
        return cached(revision, new Json.Obj(kept), 0);
    }

    Json.Obj promptResult(Revision revision, Route route, String upstream, Json.Obj result) {
        Map<String, Json> kept = only(PROMPT_RESULT, result);
        kept.putIfAbsent("messages", Json.Arr.EMPTY);
        kept.computeIfPresent(
                "messages", (name, messages) -> each(messages, message -> message(route, upstream, message)));
        return complete(revision, new Json.Obj(kept));
    }

    /** Members of a definition that this revision has. Tasks are not offered, so no tool may ask for one. */
    static Json.Obj tool(Revision revision, Json.Obj definition) {
        Json.Obj plain = definition.without("execution");
        boolean objectSchema = plain.object("outputSchema")
                .flatMap(schema -> schema.string("type"))
                .filter("object"::equals)
                .isPresent();
        return revision.stateless() || (objectSchema && revision.hasStructure())
                ? plain
                : plain.without("outputSchema");
    }

    private static Json.Obj message(Route route, String upstream, Json.Obj message) {
        return message.get("content")
                .map(content -> message.with(
                        "content",
                        switch (content) {
                            case Json.Obj one -> block(route, upstream, one);
                            case Json.Arr several -> each(several, one -> block(route, upstream, one));
                            default -> content;
                        }))
                .orElse(message);
    }

    /** 2025-03-26 has no links to resources; as text the URI can still be read. */
    private static Json.Obj unlinked(Revision revision, Json.Obj block) {
        if (revision.hasStructure() || !block.string("type").equals(Optional.of("resource_link"))) {
            return block;
        }
        return Json.object()
                .put("type", "text")
                .put("text", block.string("uri").orElse(""))
                .build();
    }

    private static Json.Obj block(Route route, String upstream, Json.Obj block) {
        Optional<String> type = block.string("type");
        if (type.equals(Optional.of("resource_link"))) {
            return uri(route, upstream, block);
        }
        if (type.equals(Optional.of("resource"))) {
            return block.object("resource")
                    .map(resource -> block.with("resource", uri(route, upstream, resource)))
                    .orElse(block);
        }
        return block;
    }

    private static Json.Obj uri(Route route, String upstream, Json.Obj holder) {
        return holder.string("uri")
                .map(uri -> holder.with("uri", Json.of(route.shownUri(upstream, uri))))
                .orElse(holder);
    }

    private static Json each(Json array, java.util.function.UnaryOperator<Json.Obj> change) {
        if (!(array instanceof Json.Arr items)) {
            return Json.Arr.EMPTY;
        }
        List<Json> changed = new ArrayList<>(items.items().size());
        for (Json item : items.items()) {
            changed.add(item instanceof Json.Obj object ? change.apply(object) : item);
        }
        return new Json.Arr(changed);
    }

    private static Map<String, Json> only(Set<String> names, Json.Obj result) {
        Map<String, Json> kept = new LinkedHashMap<>();
        result.members().forEach((name, value) -> {
            if (names.contains(name)) {
                kept.put(name, value);
            }
        });
        kept.computeIfPresent("_meta", (name, meta) -> foreignMeta(meta));
        return kept;
    }

    /** An upstream may not speak for the protocol; what stands there under Reeve's names is Reeve's ({@link ForeignMeta}). {@code null} leaves the member out. */
    private static @org.jspecify.annotations.Nullable Json foreignMeta(Json meta) {
        if (!(meta instanceof Json.Obj object)) {
            return null;
        }
        Map<String, Json> kept = new LinkedHashMap<>(object.members());
        kept.keySet().removeIf(key -> key.startsWith("io.modelcontextprotocol/"));
        return kept.isEmpty() ? null : new Json.Obj(kept);
    }
}
