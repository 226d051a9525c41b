package dev.reeve.packages;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;

/** Where it is recorded, before it takes effect, that a package is pinned or approved (R27). */
public interface PackageActs {
    /**
     * Durable when it returns.
     *
     * @param person {@code reeve} for the first pin
     */
    void record(String person, String act, String upstream, Json.Obj difference) throws UnrecordableException;
}
