package dev.reeve.mongo;

import dev.reeve.json.Json;
import java.util.Optional;

/**
 * What a tool is asked to do.
 *
 * @param filter of find, count, update and delete
 * @param documents of insert
 * @param upsert of update: whether a document is made if none matches
 */
public record MongoRequest(
        MongoOperation operation,
        String collection,
        Optional<Json> filter,
        Optional<Json> projection,
        Optional<Json> sort,
        Optional<Json> pipeline,
        Optional<Json> documents,
        Optional<Json> update,
        boolean upsert) {}
