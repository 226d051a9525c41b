package dev.reeve.control;

import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A request, whichever door it came through. The path is without the query; the body has at most {@link #MOST_BYTES}. */
public final class ControlRequest {
    public static final int MOST_BYTES = 64 << 10;
    private static final JsonLimits LIMITS = new JsonLimits(MOST_BYTES, 8, 4_000, true);

    private final String method;
    private final String path;
    private final Map<String, String> query;
    private final byte[] body;
    private final Caller caller;
    private final Supplier<Caller> again;
    private final Map<String, String> variables;

    private ControlRequest(
            String method,
            String path,
            Map<String, String> query,
            byte[] body,
            Caller caller,
            Supplier<Caller> again,
            Map<String, String> variables) {
        this.method = method;
        this.path = path;
        this.query = Map.copyOf(query);
        this.body = body;
        this.caller = caller;
        this.again = again;
        this.variables = Map.copyOf(variables);
    }

    public static ControlRequest of(String method, String path, Map<String, String> query, byte[] body, Caller caller) {
        return new ControlRequest(method, path, query, body.clone(), caller, () -> caller, Map.of());
    }

    /** @param again who brings it, looked at anew */
    static ControlRequest of(
            String method, String path, Map<String, String> query, byte[] body, Supplier<Caller> again) {
        return new ControlRequest(method, path, query, body.clone(), again.get(), again, Map.of());
    }

    ControlRequest with(Map<String, String> found) {
        return new ControlRequest(method, path, query, body, caller, again, found);
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    public Caller caller() {
        return caller;
    }

    public String person() {
        return caller.person();
    }

    /** For what takes long: whoever lost the right meanwhile is told nothing more (R14). */
    void mustStillBe() throws RefusedException {
        if (!again.get().equals(caller)) {
            throw RefusedException.forbidden(
                    "caller_ended",
                    "`" + person() + "` may not come here any more as it did",
                    "come with another token");
        }
    }

    /** A part of the path: {@code name} of {@code /v1/agents/{name}}. */
    public String variable(String name) {
        return Optional.ofNullable(variables.get(name)).orElseThrow();
    }

    /** The value of a query parameter, of those that are known here. */
    public Optional<String> query(String name, Set<String> known) throws RefusedException {
        for (String given : query.keySet()) {
            if (!known.contains(given)) {
                throw RefusedException.invalid(
                        "the parameter `" + given + "` is not known here", "known are " + String.join(", ", known));
            }
        }
        return Optional.ofNullable(query.get(name));
    }

    /** The body's object; its members are among these. An empty body is an empty object. */
    public Body body(String... known) throws RefusedException {
        if (body.length == 0) {
            return new Body(Json.Obj.EMPTY);
        }
        try {
            Json.Obj object = StrictJson.readObject(body, LIMITS);
            for (String name : object.members().keySet()) {
                if (!Set.of(known).contains(name)) {
                    throw RefusedException.invalid(
                            "the member `" + name + "` is not known here", "known are " + String.join(", ", known));
                }
            }
            return new Body(object);
        } catch (JsonRefusedException e) {
            throw RefusedException.invalid("the body is refused: " + e.getMessage(), "send one JSON object");
        }
    }

    /** Typed reading of a body. A member of the wrong type is refused by name. */
    public record Body(Json.Obj object) {
        public String text(String name) throws RefusedException {
            return optionalText(name)
                    .orElseThrow(() -> RefusedException.invalid("the member `" + name + "` is missing", ""));
        }

        public Optional<String> optionalText(String name) throws RefusedException {
            Json value = object.get(name).orElse(Json.Null.NULL);
            return switch (value) {
                case Json.Str text -> Optional.of(text.value());
                case Json.Null ignored -> Optional.empty();
                case Json.Obj ignored -> throw wrong(name, "a text");
                case Json.Arr ignored -> throw wrong(name, "a text");
                case Json.Num ignored -> throw wrong(name, "a text");
                case Json.Bool ignored -> throw wrong(name, "a text");
            };
        }

        public Set<String> texts(String name) throws RefusedException {
            Set<String> texts = new HashSet<>();
            for (Json item : list(name)) {
                if (!(item instanceof Json.Str text)) {
                    throw wrong(name, "a list of texts");
                }
                texts.add(text.value());
            }
            return texts;
        }

        private List<Json> list(String name) throws RefusedException {
            if (!object.has(name)) {
                return List.of();
            }
            return object.array(name)
                    .orElseThrow(() -> wrong(name, "a list of texts"))
                    .items();
        }

        public Map<String, String> textMembers(String name) throws RefusedException {
            Map<String, String> members = new HashMap<>();
            if (!object.has(name)) {
                return members;
            }
            Json.Obj nested = object.object(name).orElseThrow(() -> wrong(name, "an object of texts"));
            for (Map.Entry<String, Json> member : nested.members().entrySet()) {
                if (!(member.getValue() instanceof Json.Str text)) {
                    throw wrong(name, "an object of texts");
                }
                members.put(member.getKey(), text.value());
            }
            return members;
        }

        private static RefusedException wrong(String name, String what) {
            return RefusedException.invalid("the member `" + name + "` is not " + what, "");
        }
    }
}
