package dev.reeve.mongo;

/** What a tool does with a collection. */
public enum MongoOperation {
    FIND,
    COUNT,
    AGGREGATE,
    INSERT,
    UPDATE,
    DELETE
}
