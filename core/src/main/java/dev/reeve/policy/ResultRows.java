package dev.reeve.policy;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of a tool's result: the list in {@code structuredContent} at the catalogue's pointer, or its one list.
 *
 * @param path from the structured content to the list
 */
record ResultRows(Json.Obj result, List<String> path, List<Json> rows) {
    /** Empty if there is no such list. */
    static Optional<ResultRows> of(Json.Obj result, Optional<String> pointer) {
        return result.object("structuredContent")
                .flatMap(structured ->
                        path(structured, pointer).map(path -> new ResultRows(result, path, items(structured, path))));
    }

    private static List<Json> items(Json.Obj structured, List<String> path) {
        return ((Json.Arr) at(structured, path).orElseThrow()).items();
    }

    /** Whether a text is likely JSON, which may hold rows and fields that nobody here reads. {@code [email]} and the like are none. */
    static boolean isLikelyJson(String text) {
        String plain = text.strip();
        if (plain.startsWith("{")) {
            return plain.endsWith("}");
        }
        return plain.length() > 1
                && plain.startsWith("[")
                && plain.endsWith("]")
                && "[{\"-0123456789".indexOf(plain.substring(1).stripLeading().charAt(0)) >= 0;
    }

    /** An error text may hold rows too, and there is no telling. */
    static boolean isError(Json.Obj result) {
        return result.get("isError").equals(Optional.of(Json.Bool.TRUE));
    }

    /** The result with these and nothing else: what stands beside rows may repeat those that were left out, or count them. */
    Json.Obj with(List<Json> kept) {
        Json alone = new Json.Arr(kept);
        for (String step : path.reversed()) {
            alone = Json.object().put(step, alone).build();
        }
        return rewrite(result, (Json.Obj) alone);
    }

    /** The other members of the answer may repeat what was taken out, so only what we wrote ourselves goes out. */
    static Json.Obj rewrite(Json.Obj result, Json.Obj structured) {
        Json.Obj block = Json.object()
                .put("type", "text")
                .put("text", JsonWriter.text(structured))
                .build();
        Json.Builder answer = Json.object()
                .put("content", new Json.Arr(List.of(block)))
                .put("structuredContent", structured)
                .put("isError", false);
        result.string("resultType").ifPresent(type -> answer.put("resultType", type));
        return answer.build();
    }

    private static Optional<List<String>> path(Json.Obj structured, Optional<String> pointer) {
        if (pointer.isPresent()) {
            List<String> steps = steps(pointer.get());
            return at(structured, steps).filter(Json.Arr.class::isInstance).map(ignored -> steps);
        }
        List<String> lists = structured.members().entrySet().stream()
                .filter(member -> member.getValue() instanceof Json.Arr)
                .map(java.util.Map.Entry::getKey)
                .toList();
        return lists.size() == 1 && structured.members().size() == 1 ? Optional.of(lists) : Optional.empty();
    }

    /** A JSON pointer (RFC 6901) into the result, or into its structured content. */
    static List<String> steps(String pointer) {
        String text =
                pointer.startsWith("/structuredContent") ? pointer.substring("/structuredContent".length()) : pointer;
        List<String> steps = new ArrayList<>();
        for (String step : text.substring(Math.min(1, text.length())).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return steps;
    }

    private static Optional<Json> at(Json.Obj value, List<String> path) {
        Json here = value;
        for (String step : path) {
            Json next = here instanceof Json.Obj object ? object.members().get(step) : null;
            if (next == null) {
                return Optional.empty();
            }
            here = next;
        }
        return Optional.of(here);
    }
}
