package dev.reeve.action;

import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * One thing that a {@link Operation.HostCall} touches, as its adapter read it; the catalogue makes the names plain, or refuses them.
 *
 * @param names from wide to narrow, each a resource form and a value
 * @param arguments what conditions see as {@code arguments} for this one; empty: those of the call
 */
public record Touch(List<String> names, String verb, Optional<Json.Obj> arguments) {
    public Touch {
        names = List.copyOf(names);
    }
}
