package dev.reeve.cli;

import dev.reeve.json.Json;
import dev.reeve.ledger.Waypoint;
import dev.reeve.ledger.Waypoint.Compared;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A place in a verification as JSON. Read only behind a MAC; what is wrong in it is a mistake of ours. */
final class WaypointJson {
    private static final JsonLimits LIMITS = new JsonLimits(64 << 20, 8, 10_000_000, false);

    private WaypointJson() {}

    static Json.Obj of(Waypoint place) {
        Base64.Encoder base64 = Base64.getEncoder();
        List<Json> compared = new ArrayList<>();
        for (Compared one : place.compared()) {
            compared.add(Json.object()
                    .put("size", one.size())
                    .put("root", one.root())
                    .build());
        }
        return Json.object()
                .put("files", place.files())
                .put("marks", place.marks())
                .put("entries", place.entries())
                .put(
                        "edge",
                        Json.Arr.ofStrings(place.edge().stream()
                                .map(base64::encodeToString)
                                .toList()))
                .put("counter", place.counter())
                .put("erased", place.erased())
                .put("compared", new Json.Arr(compared))
                .put("signed", place.signed())
                .build();
    }

    static Json.Obj object(String text) {
        try {
            return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), LIMITS);
        } catch (JsonRefusedException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** @throws IllegalArgumentException if it is none */
    static Waypoint read(Json.Obj object) {
        List<byte[]> edge = new ArrayList<>();
        for (Json node : items(object, "edge")) {
            edge.add(Base64.getDecoder().decode(node instanceof Json.Str hash ? hash.value() : ""));
        }
        List<Compared> compared = new ArrayList<>();
        for (Json one : items(object, "compared")) {
            Json.Obj state = one instanceof Json.Obj found ? found : Json.Obj.EMPTY;
            compared.add(new Compared(number(state, "size"), text(state, "root")));
        }
        return new Waypoint(
                Math.toIntExact(number(object, "files")),
                text(object, "marks"),
                number(object, "entries"),
                edge,
                number(object, "counter"),
                number(object, "erased"),
                compared,
                text(object, "signed"));
    }

    private static List<Json> items(Json.Obj object, String name) {
        return object.array(name).map(Json.Arr::items).orElseThrow(() -> missing(name));
    }

    private static String text(Json.Obj object, String name) {
        return object.string(name).orElseThrow(() -> missing(name));
    }

    private static long number(Json.Obj object, String name) {
        return object.get(name)
                .filter(Json.Num.class::isInstance)
                .flatMap(value -> ((Json.Num) value).whole())
                .orElseThrow(() -> missing(name));
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException("`" + name + "` is missing");
    }
}
