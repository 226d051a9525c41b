package dev.reeve.gate;

import dev.reeve.action.Action;
import dev.reeve.action.Operation;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What people gave somebody for a time, as a decision sees it: a fact that is recorded with it. For whom and until when was looked at before it
 * became one. It adds to what allows, or to what people said yes to, and takes nothing away: what denies, limits and guards goes on to.
 */
public sealed interface TimedGrant {
    /** Names it in every verdict that rests on it. */
    String id();

    /** Who gave it. */
    List<String> by();

    /** As it is kept and recorded. */
    Json.Obj asJson();

    /**
     * What the policy lets people give, perhaps only a part of it.
     *
     * @param grantable its name in the policy
     * @param terms digest of what the policy said of it when it was given; it counts only as long as the policy says the same
     * @param tool a pattern; as {@code resource}, {@code actions} and {@code arguments} it narrows, and what is not there narrows nothing
     * @param arguments must be exactly these; others may be there
     */
    record Permission(
            String id,
            List<String> by,
            String grantable,
            String terms,
            Optional<String> tool,
            Optional<String> resource,
            Set<String> actions,
            Json.Obj arguments)
            implements TimedGrant {
        public Permission {
            by = List.copyOf(by);
            actions = Set.copyOf(actions);
        }

        /** Whether these arguments are as this wants them. */
        public boolean argumentsHold(Json.Obj given) {
            return arguments.members().entrySet().stream()
                    .allMatch(one -> given.get(one.getKey()).equals(Optional.of(one.getValue())));
        }

        @Override
        public Json.Obj asJson() {
            return Json.object()
                    .put("kind", "permission")
                    .put("id", id)
                    .put("by", Json.Arr.ofStrings(by))
                    .put("grantable", grantable)
                    .put("terms", terms)
                    .put("tool", tool)
                    .put("resource", resource)
                    .put("actions", Json.Arr.ofStrings(new TreeSet<>(actions)))
                    .put("arguments", arguments)
                    .build();
        }
    }

    /**
     * A yes to what rules ask, for a pattern of calls instead of one. It satisfies these rules and grants nothing (R17).
     *
     * @param asks what each rule asked, as {@link Finding.Ask#key}
     * @param kind of the operation, as records call it
     * @param upstream the system that it was said of; empty of those from before that was kept, which count for what has its system's name in
     *     the subject
     * @param arguments must be exactly these, but for those that are free
     * @param free names of arguments that may be anything, or not be there
     * @param labels what was read by then; whoever read more is asked anew
     */
    record Answer(
            String id,
            List<String> by,
            Set<String> asks,
            String kind,
            Optional<String> upstream,
            String subject,
            Optional<String> definition,
            Json.Obj arguments,
            Set<String> free,
            Set<String> labels)
            implements TimedGrant {
        public Answer {
            by = List.copyOf(by);
            asks = Set.copyOf(asks);
            free = Set.copyOf(free);
            labels = Set.copyOf(labels);
        }

        /** Whether it is a yes to this. What was answered to questions of a server was seen by nobody, so it never is. */
        boolean answers(Action action, Facts facts, Finding.Ask ask) {
            return ask.key().filter(asks::contains).isPresent()
                    && action.operation().kind().equals(kind)
                    && isOf(action.operation())
                    && action.operation().subject().equals(subject)
                    && action.operation().input().isEmpty()
                    && action.definition().equals(definition)
                    && labels.containsAll(facts.sessionRead())
                    && bound(action.operation().arguments(), free).equals(arguments);
        }

        /** Two systems may have one URI. */
        private boolean isOf(Operation operation) {
            return upstream.map(operation.upstream()::equals).orElse(operation.isNamedByUpstream());
        }

        /** What of a call's arguments is bound. */
        public static Json.Obj bound(Json.Obj arguments, Set<String> free) {
            Json.Obj bound = arguments;
            for (String name : free) {
                bound = bound.without(name);
            }
            return bound;
        }

        @Override
        public Json.Obj asJson() {
            return Json.object()
                    .put("kind", "answer")
                    .put("id", id)
                    .put("by", Json.Arr.ofStrings(by))
                    .put("asks", Json.Arr.ofStrings(new TreeSet<>(asks)))
                    .put("operation", kind)
                    .put("upstream", upstream)
                    .put("subject", subject)
                    .put("definition", definition)
                    .put("arguments", arguments)
                    .put("free", Json.Arr.ofStrings(new TreeSet<>(free)))
                    .put("labels", Json.Arr.ofStrings(new TreeSet<>(labels)))
                    .build();
        }
    }

    /** @throws IllegalArgumentException if it is none, as {@link #asJson} writes it */
    static TimedGrant read(Json.Obj body) {
        String id = text(body, "id");
        List<String> by = List.copyOf(texts(body, "by"));
        Json.Obj arguments = body.object("arguments").orElse(Json.Obj.EMPTY);
        return switch (text(body, "kind")) {
            case "permission" ->
                new Permission(
                        id,
                        by,
                        text(body, "grantable"),
                        text(body, "terms"),
                        body.string("tool"),
                        body.string("resource"),
                        Set.copyOf(texts(body, "actions")),
                        arguments);
            case "answer" ->
                new Answer(
                        id,
                        by,
                        Set.copyOf(texts(body, "asks")),
                        text(body, "operation"),
                        body.string("upstream"),
                        text(body, "subject"),
                        body.string("definition"),
                        arguments,
                        Set.copyOf(texts(body, "free")),
                        Set.copyOf(texts(body, "labels")));
            default -> throw new IllegalArgumentException("a grant is none of the kinds that are known");
        };
    }

    private static String text(Json.Obj body, String name) {
        return body.string(name).orElseThrow(() -> new IllegalArgumentException("a grant has a " + name));
    }

    private static List<String> texts(Json.Obj body, String name) {
        return body.array(name).orElse(Json.Arr.EMPTY).items().stream()
                .map(item -> item instanceof Json.Str one ? one.value() : "")
                .toList();
    }
}
