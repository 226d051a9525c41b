package dev.reeve.record;

import dev.reeve.action.Action;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The one JSON event that readers see: an intent and its outcome joined, with the names and types of the source's log format; whatever
 * is ours alone stands under {@code reeve}.
 */
public final class Event {
    private Event() {}

    /** A record as it was read: the leaf, and those of its hidden values that were not erased. */
    public record Stored(long index, Json.Obj leaf, Map<String, Json> disclosed) {
        public Stored {
            disclosed = Map.copyOf(disclosed);
        }

        /** {@code intent}, {@code verdict}, {@code denial}, {@code hold}, {@code outcome}, {@code control}, {@code summary}. */
        public String kind() {
            return leaf.string("kind").orElse("unknown");
        }

        public String id() {
            return leaf.string("id").orElse("");
        }

        /** What an action was done to: of a URI all of it if that is not erased, else what is in clear. Empty in records of no action. */
        public String subject() {
            return Subjects.of(leaf, disclosed);
        }

        /** Whether {@link #subject} says all: what it was is not erased. */
        public boolean isSubjectWhole() {
            return Subjects.isWhole(leaf, disclosed);
        }

        Optional<Json> hidden(String name) {
            return Optional.ofNullable(disclosed.get(name));
        }
    }

    /** @param decided an intent, a verdict, a denial or a hold */
    public static Json.Obj of(Stored decided, Optional<Stored> outcome) {
        Json.Obj leaf = decided.leaf();
        Json.Obj operation = leaf.object("operation").orElse(Json.Obj.EMPTY);
        String kind = operation.string("kind").orElse("unknown");
        return Json.object()
                .put("timestamp", member(leaf, "time"))
                .put("agent_id", member(leaf, "agent"))
                .put("user_id", member(leaf, "user"))
                .put("session_id", member(leaf, "session"))
                .put("event_type", kind)
                .put("tool", new Json.Str(tool(decided, operation)))
                .put("arguments", arguments(decided))
                .put("result", result(decided, outcome))
                .put("policy_checks", policyChecks(decided, outcome))
                .put("reasoning_trace", decided.hidden("reasoning_claimed").orElse(Json.Null.NULL))
                .put("reeve", ours(decided, outcome))
                .build();
    }

    /** Whether the arguments of an action can be seen. */
    public enum Arguments {
        /** All of them, or there were none. */
        KEPT,
        ERASED,
        /** The policy wants them not to be kept, or nobody can say any more whether there were some. */
        NOT_RECORDED;

        /** {@code kept}, {@code erased}, {@code not recorded}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** What can be said of the arguments of a decision. Of records that keep none, the digest tells whether there were none to keep. */
    public static Arguments kept(Stored decided) {
        if (decided.hidden("arguments").isPresent()) {
            return Arguments.KEPT;
        }
        // A record that lay beside its entry, and is gone with everything in it.
        boolean gone = decided.leaf().has("out_of_line");
        if (gone
                || decided.leaf()
                        .object("hidden")
                        .filter(it -> it.has("arguments"))
                        .isPresent()) {
            return Arguments.ERASED;
        }
        return decided.hidden("digest").equals(Optional.of(new Json.Str(withoutArguments(decided))))
                ? Arguments.KEPT
                : Arguments.NOT_RECORDED;
    }

    private static String withoutArguments(Stored decided) {
        Map<String, String> names = new HashMap<>();
        for (String name : List.of("agent", "instance", "tenant", "user")) {
            decided.leaf().string(name).ifPresent(value -> names.put(name, value));
        }
        Json.Obj operation = decided.leaf().object("operation").orElse(Json.Obj.EMPTY);
        for (String name : List.of("kind", "upstream")) {
            names.put(name, operation.string(name).orElse(""));
        }
        names.put("subject", decided.subject());
        return Action.digest(names, Json.Obj.EMPTY, decided.hidden("input"));
    }

    /** Null where there is something that cannot be seen: an empty object would say that there was nothing. */
    private static Json arguments(Stored decided) {
        return kept(decided) == Arguments.KEPT ? decided.hidden("arguments").orElse(Json.Obj.EMPTY) : Json.Null.NULL;
    }

    private static Json member(Json.Obj leaf, String name) {
        return leaf.get(name).orElse(Json.Null.NULL);
    }

    private static String tool(Stored decided, Json.Obj operation) {
        String subject = decided.subject();
        String prefix = operation.string("upstream").orElse("") + ".";
        return subject.startsWith(prefix) ? subject.substring(prefix.length()) : subject;
    }

    private static Json.Obj result(Stored decided, Optional<Stored> outcome) {
        Json.Builder result = Json.object();
        result.put("status", status(decided, outcome));
        Json rows = outcome.flatMap(stored -> stored.leaf().object("result"))
                .flatMap(counts -> counts.get("rows_returned"))
                .orElse(Json.Null.NULL);
        return result.put("rows_returned", rows).build();
    }

    private static String status(Stored decided, Optional<Stored> outcome) {
        return switch (decided.kind()) {
            case "denial" -> "denied";
            case "hold" -> "held";
            case "verdict" -> "verdict_only";
            default -> outcome.flatMap(stored -> stored.leaf().string("status")).orElse("pending");
        };
    }

    private static Json.Arr policyChecks(Stored decided, Optional<Stored> outcome) {
        List<Json> checks = new ArrayList<>();
        List<Json> reasons = decided.hidden("reasons")
                .filter(Json.Obj.class::isInstance)
                .map(Json.Obj.class::cast)
                .flatMap(texts -> texts.array("findings"))
                .map(Json.Arr::items)
                .orElse(List.of());
        List<Json> findings =
                decided.leaf().array("findings").map(Json.Arr::items).orElse(List.of());
        for (int i = 0; i < findings.size(); i++) {
            checks.add(check((Json.Obj) findings.get(i), i < reasons.size() ? reasons.get(i) : Json.Null.NULL));
        }
        outcome.flatMap(stored -> stored.leaf().array("findings"))
                .ifPresent(list ->
                        list.items().forEach(finding -> checks.add(check((Json.Obj) finding, Json.Null.NULL))));
        return new Json.Arr(checks);
    }

    private static Json.Obj check(Json.Obj finding, Json reason) {
        String stage = finding.string("stage").orElse("unknown");
        String policy =
                finding.object("rule").flatMap(rule -> rule.string("name")).orElse(stage);
        return Json.object()
                .put("policy", policy)
                .put("result", finding.string("result").orElse("unknown"))
                .put("reason", reason)
                .build();
    }

    private static Json.Obj ours(Stored decided, Optional<Stored> outcome) {
        Json.Builder ours = Json.object()
                .put("index", decided.index())
                .put("arguments", kept(decided).word())
                .put("decided", decided.leaf())
                .put("disclosed", new Json.Obj(decided.disclosed()));
        outcome.ifPresent(stored -> ours.put("outcome_index", stored.index())
                .put("outcome", stored.leaf())
                .put("outcome_disclosed", new Json.Obj(stored.disclosed())));
        return ours.build();
    }
}
