package dev.reeve.adapter.mcp;

import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One JSON-RPC 2.0 message of a client, read strictly: exactly the members that its kind has. */
sealed interface Message {
    /** Expects an answer. {@code id} is a string or a whole number, and goes back as it came. */
    record Request(Json id, String method, Json.Obj params) implements Message {}

    record Notification(String method, Json.Obj params) implements Message {}

    /**
     * An answer to a request of ours.
     *
     * @param result empty if it is an error
     */
    record Answer(Json id, Optional<Json.Obj> result) implements Message {}

    /** Several at once (2025-03-26). Each is read by itself, and none is a batch. */
    record Batch(List<Message> messages) implements Message {
        public Batch {
            messages = List.copyOf(messages);
        }
    }

    /** Not to be read. {@code id} is null where it could not be told. */
    record Unreadable(Json id, RpcError error) implements Message {
        /** For the count of such messages: the reader's own word for it, where it was the reader who refused. */
        String code() {
            return error.data()
                    .filter(Json.Obj.class::isInstance)
                    .flatMap(data -> ((Json.Obj) data).string("code"))
                    .orElse("invalid_request");
        }
    }

    int LONGEST_ID = 128;
    int LONGEST_METHOD = 128;
    int MOST_IN_BATCH = 64;
    Set<String> ASKING = Set.of("jsonrpc", "id", "method", "params");
    Set<String> ANSWERING = Set.of("jsonrpc", "id", "result", "error");

    static Message read(byte[] text, JsonLimits limits) {
        Json value;
        try {
            value = StrictJson.read(text, limits);
        } catch (JsonRefusedException e) {
            Json code = Json.object().put("code", e.code()).build();
            return new Unreadable(Json.Null.NULL, RpcError.of(RpcError.PARSE, "Parse error: " + e.getMessage(), code));
        }
        return switch (value) {
            case Json.Obj object -> envelope(object);
            case Json.Arr batch -> batch(batch.items());
            case Json.Str ignored -> unreadable(Json.Null.NULL, "an object is expected");
            case Json.Num ignored -> unreadable(Json.Null.NULL, "an object is expected");
            case Json.Bool ignored -> unreadable(Json.Null.NULL, "an object is expected");
            case Json.Null ignored -> unreadable(Json.Null.NULL, "an object is expected");
        };
    }

    private static Message batch(List<Json> items) {
        if (items.isEmpty() || items.size() > MOST_IN_BATCH) {
            return unreadable(Json.Null.NULL, "a batch has between 1 and " + MOST_IN_BATCH + " messages");
        }
        return new Batch(items.stream()
                .map(item -> item instanceof Json.Obj object
                        ? envelope(object)
                        : unreadable(Json.Null.NULL, "an object is expected"))
                .toList());
    }

    private static Message envelope(Json.Obj object) {
        Json id = object.get("id").filter(Message::isId).orElse(Json.Null.NULL);
        if (!object.string("jsonrpc").equals(Optional.of("2.0"))) {
            return unreadable(id, "`jsonrpc` must be \"2.0\"");
        }
        if (object.has("id") && id == Json.Null.NULL) {
            return unreadable(id, "`id` must be a whole number or a string of at most " + LONGEST_ID + " characters");
        }
        if (!object.has("method")) {
            return answer(object, id);
        }
        Optional<String> method = object.string("method").filter(name -> name.length() <= LONGEST_METHOD);
        if (method.isEmpty()) {
            return unreadable(id, "`method` must be a string of at most " + LONGEST_METHOD + " characters");
        }
        if (!ASKING.containsAll(object.members().keySet())) {
            return unreadable(id, "a member beside `jsonrpc`, `id`, `method` and `params`");
        }
        if (object.has("params") && object.object("params").isEmpty()) {
            return unreadable(id, "`params` must be an object");
        }
        Json.Obj params = object.object("params").orElse(Json.Obj.EMPTY);
        return object.has("id") ? new Request(id, method.get(), params) : new Notification(method.get(), params);
    }

    private static Message answer(Json.Obj object, Json id) {
        boolean whole = object.has("id") && object.has("result") != object.has("error");
        return whole && ANSWERING.containsAll(object.members().keySet())
                ? new Answer(id, object.object("result"))
                : unreadable(id, "neither a request nor a notification nor a response");
    }

    private static boolean isId(Json id) {
        return switch (id) {
            case Json.Str text -> text.value().length() <= LONGEST_ID;
            case Json.Num number -> isWhole(number.text());
            case Json.Obj ignored -> false;
            case Json.Arr ignored -> false;
            case Json.Bool ignored -> false;
            case Json.Null ignored -> false;
        };
    }

    private static boolean isWhole(String number) {
        String digits = number.startsWith("-") ? number.substring(1) : number;
        return digits.length() <= 16 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Unreadable unreadable(Json id, String why) {
        return new Unreadable(id, RpcError.invalidRequest("Invalid Request: " + why));
    }
}
