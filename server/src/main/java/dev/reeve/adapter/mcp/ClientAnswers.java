package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation.Asks;
import dev.reeve.json.Json;
import dev.reeve.upstream.Questions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What clients may answer to each kind of question, and nothing else (R4). */
final class ClientAnswers {
    private static final Set<String> ACTIONS = Set.of("accept", "decline", "cancel");
    private static final int MOST_ROOTS = 256;

    private ClientAnswers() {}

    /** Empty if this is no answer to such a question. */
    static Optional<Json.Obj> checked(Asks kind, Json.Obj answer) {
        return switch (kind) {
            case FORM -> form(answer);
            case URL -> action(answer).map(ClientAnswers::acted);
            case SAMPLING -> sampled(answer);
            case ROOTS -> roots(answer);
        };
    }

    /** Nobody will answer: in the words that the kind has for it. */
    static Json.Obj declined(Asks kind, String action) {
        return switch (kind) {
            case FORM, URL -> acted(action);
            case SAMPLING, ROOTS -> Questions.refused();
        };
    }

    private static Json.Obj acted(String action) {
        return Json.object().put("action", action).build();
    }

    private static Optional<String> action(Json.Obj answer) {
        return answer.string("action").filter(ACTIONS::contains);
    }

    private static Optional<Json.Obj> form(Json.Obj answer) {
        Optional<String> action = action(answer);
        if (action.isEmpty() || !action.get().equals("accept")) {
            return action.map(ClientAnswers::acted);
        }
        Json.Obj content = answer.object("content").orElse(Json.Obj.EMPTY);
        boolean flat = content.members().values().stream().allMatch(ClientAnswers::isFlat);
        return flat
                ? Optional.of(Json.object()
                        .put("action", "accept")
                        .put("content", content)
                        .build())
                : Optional.empty();
    }

    /** Forms have text, numbers, truth values and choices of several texts. */
    private static boolean isFlat(Json value) {
        return switch (value) {
            case Json.Arr several -> several.items().stream().allMatch(Json.Str.class::isInstance);
            case Json.Obj ignored -> false;
            case Json.Str ignored -> true;
            case Json.Num ignored -> true;
            case Json.Bool ignored -> true;
            case Json.Null ignored -> true;
        };
    }

    private static Optional<Json.Obj> sampled(Json.Obj answer) {
        Optional<Json> content = answer.get("content").filter(it -> it instanceof Json.Obj || it instanceof Json.Arr);
        if (answer.string("role").isEmpty() || answer.string("model").isEmpty() || content.isEmpty()) {
            return Optional.empty();
        }
        Json.Builder kept = Json.object()
                .put("role", answer.string("role"))
                .put("content", content.get())
                .put("model", answer.string("model"))
                .put("stopReason", answer.string("stopReason"));
        return Optional.of(kept.build());
    }

    private static Optional<Json.Obj> roots(Json.Obj answer) {
        Optional<Json.Arr> given = answer.array("roots").filter(it -> it.items().size() <= MOST_ROOTS);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        List<Json> kept = new ArrayList<>();
        for (Json one : given.get().items()) {
            Optional<String> uri = one instanceof Json.Obj root ? root.string("uri") : Optional.empty();
            if (uri.filter(it -> it.startsWith("file://")).isEmpty()) {
                return Optional.empty();
            }
            kept.add(Json.object()
                    .put("uri", uri)
                    .put("name", ((Json.Obj) one).string("name"))
                    .build());
        }
        return Optional.of(Json.object().put("roots", new Json.Arr(kept)).build());
    }

    /** The members of a question that its revision has; what else a server puts there stays behind. */
    static Json.Obj shown(Asks kind, Json.Obj params, Revision revision, String freshId) {
        Set<String> members = switch (kind) {
            case FORM ->
                revision == Revision.V2025_06_18
                        ? Set.of("message", "requestedSchema")
                        : Set.of("mode", "message", "requestedSchema");
            case URL -> Set.of("mode", "message", "url");
            case SAMPLING ->
                Set.of(
                        "messages",
                        "modelPreferences",
                        "systemPrompt",
                        "includeContext",
                        "temperature",
                        "maxTokens",
                        "stopSequences",
                        "metadata",
                        "tools",
                        "toolChoice");
            case ROOTS -> Set.of();
        };
        Json.Builder kept = Json.object();
        for (Map.Entry<String, Json> member : params.members().entrySet()) {
            if (members.contains(member.getKey())) {
                kept.put(member.getKey(), member.getValue());
            }
        }
        if (kind == Asks.URL && !revision.stateless()) {
            kept.put("elicitationId", freshId);
        }
        return kept.build();
    }
}
