package dev.reeve.upstream;

import dev.reeve.action.Operation;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Journal;
import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A record that keeps only what is open, and finds what may not be: an effect without an intent of its own before it, an outcome without an intent or twice.
 */
final class Bookkeeping implements Journal {
    /** Intents are remembered for their effects that long. */
    private static final int MOST = 50_000;

    final List<String> wrong = new CopyOnWriteArrayList<>();
    private final Map<String, String> open = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    /** What was allowed and what of it a server saw; what is in use is not forgotten. */
    private final Map<String, int[]> effects = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, int[]> eldest) {
            return size() > MOST;
        }
    };

    @Override
    public synchronized String decided(Decision decision) {
        count(decision.ruling() + " " + decision.action().operation().kind());
        String id = decision.action().id();
        if (decision.ruling() == Ruling.ALLOW) {
            if (open.put(id, decision.action().operation().kind()) != null) {
                wrong.add("two intents are one: " + id);
            }
            decision.action().operation().input().ifPresent(given -> count("ALLOW another round"));
            key(decision.action().operation()).ifPresent(key -> effects.computeIfAbsent(key, any -> new int[2])[0]++);
        }
        decision.denial().ifPresent(why -> count("denied " + why.code()));
        return id;
    }

    @Override
    public synchronized void completed(Completion completion) {
        count("ended " + completion.effect().getClass().getSimpleName());
        switch (completion.effect()) {
            case Effect.NotSent notSent -> count("not sent: " + notSent.why().code());
            case Effect.Unknown unknown -> count("unknown: " + unknown.why().code());
            case Effect.Answered ignored -> {}
            case Effect.Refused ignored -> {}
            case Effect.Elsewhere ignored -> {}
            case Effect.Kept ignored -> {}
        }
        if (open.remove(completion.action().id()) == null) {
            wrong.add("an outcome without an intent, or twice: " + completion.action());
        }
    }

    /** A server was asked for this: somebody must have been allowed to, before, for this one time. */
    synchronized void seen(String method, Json.Obj params) {
        Optional<String> key = key(method, params);
        key.ifPresent(it -> {
            count("seen " + method);
            int[] known = effects.getOrDefault(it, new int[2]);
            if (++known[1] > known[0]) {
                wrong.add("an effect without an intent: " + method + " " + params);
            }
        });
    }

    private static Optional<String> key(Operation operation) {
        return switch (operation) {
            case Operation.ToolCall call -> Optional.of(key("tools/call", call.tool(), call.arguments()));
            case Operation.PromptGet get -> Optional.of(key("prompts/get", get.prompt(), get.arguments()));
            case Operation.ResourceRead read -> Optional.of(key("resources/read", read.uri(), Json.Obj.EMPTY));
            case Operation.Task task ->
                Optional.of(key(
                        switch (task.does()) {
                            case GET -> "tasks/get";
                            case UPDATE -> "tasks/update";
                            case CANCEL -> "tasks/cancel";
                        },
                        task.task(),
                        Json.Obj.EMPTY));
            default -> Optional.empty();
        };
    }

    private static Optional<String> key(String method, Json.Obj params) {
        return switch (method) {
            case "tools/call", "prompts/get" ->
                Optional.of(key(
                        method,
                        params.string("name").orElse(""),
                        params.object("arguments").orElse(Json.Obj.EMPTY)));
            case "resources/read" ->
                Optional.of(key(method, params.string("uri").orElse(""), Json.Obj.EMPTY));
            case "tasks/get", "tasks/update", "tasks/cancel" ->
                Optional.of(key(method, params.string("taskId").orElse(""), Json.Obj.EMPTY));
            default -> Optional.empty();
        };
    }

    private static String key(String method, String name, Json.Obj arguments) {
        return method + " " + CanonicalDigest.of(arguments.with("\u0000name", Json.of(name)));
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    synchronized int open() {
        return open.size();
    }

    synchronized Map<String, Integer> counts() {
        return new java.util.TreeMap<>(counts);
    }
}
