/**
 * SQL inspection on JSqlParser: every node is known by its class and its properties, or the statement is refused (R22).
 * Not a validator of SQL and not a database.
 * Start at {@link dev.reeve.sql.jsqlparser.JSqlParserInspector}.
 */
@NullMarked
package dev.reeve.sql.jsqlparser;

import org.jspecify.annotations.NullMarked;
