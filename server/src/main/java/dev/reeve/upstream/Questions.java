package dev.reeve.upstream;

import dev.reeve.action.Operation.Asks;
import dev.reeve.json.Json;
import java.util.Optional;

/** The requests that servers may have for clients, and nothing else (R18). */
public final class Questions {
    /** Keys of one result, or one is not asked. */
    public static final int MOST = 16;

    private Questions() {}

    /** Empty if this is nothing that a client can be asked. */
    public static Optional<Asks> kind(String method, Json.Obj params) {
        return switch (method) {
            case "elicitation/create" ->
                switch (params.string("mode").orElse("form")) {
                    case "form" -> Optional.of(Asks.FORM);
                    case "url" -> Optional.of(Asks.URL);
                    default -> Optional.empty();
                };
            case "sampling/createMessage" -> Optional.of(Asks.SAMPLING);
            case "roots/list" -> Optional.of(Asks.ROOTS);
            default -> Optional.empty();
        };
    }

    /** How a refusal of ours is carried to where a server waits for the answer to a request: never a client's word. */
    static final String REFUSED = "dev.reeve/refused";

    /** Whether one of these answers is that. */
    static boolean areRefused(Json.Obj responses) {
        return responses.members().values().stream()
                .anyMatch(response -> response instanceof Json.Obj answer && answer.has(REFUSED));
    }

    /** An answer that says that nobody will be asked. */
    public static Json.Obj refused() {
        return Json.object().put(REFUSED, true).build();
    }
}
