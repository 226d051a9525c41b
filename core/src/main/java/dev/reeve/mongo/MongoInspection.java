package dev.reeve.mongo;

import dev.reeve.json.Json;
import dev.reeve.sql.TableAccess;
import java.util.List;
import java.util.Optional;

/** What was found in a request. */
public sealed interface MongoInspection {
    /**
     * @param touched by collection and action: the fields, as they are declared
     * @param filter what is sent instead; empty if none is sent
     */
    record Request(List<TableAccess> touched, Optional<Json> filter, Optional<Json> projection, Optional<Json> pipeline)
            implements MongoInspection {
        public Request {
            touched = List.copyOf(touched);
        }
    }

    /** @param code stable; {@code reason} is for people, with user input in backticks */
    record Refused(String code, String reason) implements MongoInspection {}
}
