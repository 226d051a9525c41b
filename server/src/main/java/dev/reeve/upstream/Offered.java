package dev.reeve.upstream;

import dev.reeve.action.Operation.Asks;
import dev.reeve.json.Json;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a client can be asked, as a server is told it: the client's capabilities, in our words and without anything that we do not know, less what
 * the operator's file withholds.
 *
 * @param kinds what may be asked
 * @param samplingTools the client's model can be given tools
 * @param samplingContext the client may add context by itself
 * @param tasks the client knows the extension for tasks (2026-07-28)
 */
public record Offered(Set<Asks> kinds, boolean samplingTools, boolean samplingContext, boolean tasks) {
    public static final Offered NOTHING = new Offered(Set.of(), false, false, false);
    /** The extension for tasks of 2026-07-28. */
    public static final String TASKS = "io.modelcontextprotocol/tasks";

    public Offered {
        kinds = Set.copyOf(kinds);
    }

    /** All that a client can offer which may be asked this: what Reeve offers when it reads for itself what a server has. */
    public static Offered all(Set<Asks> kinds) {
        boolean sampling = kinds.contains(Asks.SAMPLING);
        return new Offered(kinds, sampling, sampling, true);
    }

    /** Reads a client's capabilities, in the words of any revision. */
    public static Offered read(Json.Obj capabilities) {
        if (capabilities.members().isEmpty()) {
            return NOTHING;
        }
        Set<Asks> kinds = EnumSet.noneOf(Asks.class);
        capabilities.object("elicitation").ifPresent(elicitation -> {
            boolean url = elicitation.has("url");
            // Before there were two modes, the bare capability meant forms.
            if (elicitation.has("form") || !url) {
                kinds.add(Asks.FORM);
            }
            if (url) {
                kinds.add(Asks.URL);
            }
        });
        Json.Obj sampling = capabilities.object("sampling").orElse(Json.Obj.EMPTY);
        if (capabilities.object("sampling").isPresent()) {
            kinds.add(Asks.SAMPLING);
        }
        if (capabilities.object("roots").isPresent()) {
            kinds.add(Asks.ROOTS);
        }
        boolean tasks = capabilities
                .object("extensions")
                .filter(extensions -> extensions.object(TASKS).isPresent())
                .isPresent();
        return new Offered(kinds, sampling.has("tools"), sampling.has("context"), tasks);
    }

    /** Only what is in both. */
    public Offered within(Set<Asks> allowed) {
        if (kinds.isEmpty() && !tasks) {
            return NOTHING;
        }
        Set<Asks> both = EnumSet.noneOf(Asks.class);
        both.addAll(kinds);
        both.retainAll(allowed);
        return new Offered(both, samplingTools, samplingContext, tasks);
    }

    /** For servers of 2025-11-25 and before. */
    Json.Obj legacy() {
        return capabilities().build();
    }

    /** For servers of 2026-07-28. */
    Json.Obj modern() {
        Json.Builder all = capabilities();
        if (tasks) {
            all.put("extensions", Json.object().put(TASKS, Json.Obj.EMPTY));
        }
        return all.build();
    }

    private Json.Builder capabilities() {
        Json.Builder all = Json.object();
        if (kinds.contains(Asks.FORM) || kinds.contains(Asks.URL)) {
            Json.Builder modes = Json.object();
            if (kinds.contains(Asks.FORM)) {
                modes.put("form", Json.Obj.EMPTY);
            }
            if (kinds.contains(Asks.URL)) {
                modes.put("url", Json.Obj.EMPTY);
            }
            all.put("elicitation", modes);
        }
        if (kinds.contains(Asks.SAMPLING)) {
            Json.Builder sampling = Json.object();
            if (samplingContext) {
                sampling.put("context", Json.Obj.EMPTY);
            }
            if (samplingTools) {
                sampling.put("tools", Json.Obj.EMPTY);
            }
            all.put("sampling", sampling);
        }
        if (kinds.contains(Asks.ROOTS)) {
            all.put("roots", Json.Obj.EMPTY);
        }
        return all;
    }

    /** Sessions of servers that fix the capabilities at their start are kept apart by this. */
    String key() {
        StringBuilder key = new StringBuilder();
        for (Asks kind : Asks.values()) {
            key.append(kinds.contains(kind) ? '1' : '0');
        }
        return kinds.isEmpty()
                ? ""
                : key.append(samplingTools ? '1' : '0')
                        .append(samplingContext ? '1' : '0')
                        .toString();
    }
}
