package dev.reeve.sql;

/** The dialects that are understood. Declared by the catalogue, never guessed (R22). */
public enum SqlDialect {
    POSTGRESQL,
    MYSQL,
    SQLITE
}
