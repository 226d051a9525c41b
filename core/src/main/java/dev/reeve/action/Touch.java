package dev.reeve.action;

import dev.reeve.json.Json;
import dev.reeve.openapi.SentRequest;
import java.util.List;
import java.util.Optional;

/**
 * One thing that a {@link Operation.HostCall} touches, as its adapter read it; the catalogue makes the names plain, or refuses them.
 *
 * @param names from wide to narrow, each a resource form and a value
 * @param arguments what conditions see as {@code arguments} for this one; empty: those of the call
 * @param request how it is sent, of a URL; empty if that is not known
 */
public record Touch(List<String> names, String verb, Optional<Json.Obj> arguments, Optional<SentRequest> request) {
    public Touch {
        names = List.copyOf(names);
    }

    /** One that is no request, or of which no more is known. */
    public Touch(List<String> names, String verb, Optional<Json.Obj> arguments) {
        this(names, verb, arguments, Optional.empty());
    }
}
