package dev.reeve.sql;

/** What is done to a table. */
public enum SqlAction {
    QUERY,
    CREATE,
    UPDATE,
    DELETE
}
