package dev.reeve.policy;

import dev.reeve.action.Action;
import dev.reeve.gate.Obligation;
import dev.reeve.gate.ResultFinding;
import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * A warning, of a judge or of who wrote the policy, on its way to the agent: one more text block where the result has blocks, and {@code _meta} for programs. What the
 * server said stays as it is.
 */
record Advice(String warning, String suggestion) implements Obligation {
    static final String NAME = Obligation.ADVICE;
    /** The key in {@code _meta}, as the specification of MCP wants it: a prefix of ours. */
    static final String META = "dev.reeve/advice";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean isAdvice() {
        return true;
    }

    /** For one line; empty if nothing was said. */
    static String text(String warning, String suggestion) {
        if (warning.isEmpty()) {
            return suggestion.isEmpty() ? "" : "suggestion: " + suggestion;
        }
        return suggestion.isEmpty() ? warning : warning + "; suggestion: " + suggestion;
    }

    @Override
    public ResultFinding apply(Action action, Json.Obj result) {
        String text = text(warning, suggestion);
        if (text.isEmpty()) {
            return new ResultFinding.Unchanged(NAME);
        }
        Json.Builder advised = Json.object();
        result.members().forEach(advised::put);
        result.array("content").ifPresent(blocks -> advised.put("content", with(blocks, text)));
        Json.Builder meta = Json.object();
        result.object("_meta").ifPresent(before -> before.members().forEach(meta::put));
        meta.put(
                META,
                Json.object()
                        .put("suggestion", suggestion)
                        .put("warning", before(result) + warning)
                        .build());
        return new ResultFinding.Changed(
                NAME, "a warning was added", advised.put("_meta", meta.build()).build());
    }

    /** What was warned of before. */
    private static String before(Json.Obj result) {
        return result.object("_meta")
                .flatMap(meta -> meta.object(META))
                .flatMap(advice -> advice.string("warning"))
                .map(earlier -> earlier + "; ")
                .orElse("");
    }

    private static Json.Arr with(Json.Arr blocks, String text) {
        List<Json> all = new ArrayList<>(blocks.items());
        all.add(Json.object()
                .put("type", "text")
                .put("text", "Warning of the gateway, not of the tool: " + text)
                .build());
        return new Json.Arr(all);
    }
}
