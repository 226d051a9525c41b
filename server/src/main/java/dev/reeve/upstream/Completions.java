package dev.reeve.upstream;

import dev.reeve.action.Operation;
import dev.reeve.json.Json;

/** What a server is asked so that somebody can go on typing. */
final class Completions {
    private Completions() {}

    static Ask ask(Operation.Completion completion) {
        Json.Builder ref = Json.object();
        switch (completion.of()) {
            case PROMPT -> ref.put("type", "ref/prompt").put("name", completion.name());
            case RESOURCE_TEMPLATE -> ref.put("type", "ref/resource").put("uri", completion.name());
        }
        Json.Builder params = Json.object().put("ref", ref);
        completion.arguments().members().forEach(params::put);
        return Ask.of("completion/complete", params.build());
    }
}
