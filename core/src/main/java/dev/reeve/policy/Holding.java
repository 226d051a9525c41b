package dev.reeve.policy;

import dev.reeve.mongo.MongoSchema;
import dev.reeve.openapi.OpenApi;
import java.util.List;
import java.util.Optional;

/** What a resource of the catalogue holds, beside a database that speaks SQL. */
public sealed interface Holding {
    /**
     * {@code database: { dialect: mongodb, collections: {...} }}.
     *
     * @param database what the argument {@code database} of its tools must say; empty if they take none
     */
    record Documents(Optional<String> database, MongoSchema schema) implements Holding {}

    /**
     * {@code api: { document: shop.openapi.yaml, at: [https://shop.example.com/v1] }}.
     *
     * @param at the URLs that its paths stand behind, for requests that are decided by their URL
     */
    record Api(OpenApi document, List<String> at) implements Holding {
        public Api {
            at = List.copyOf(at);
        }
    }
}
