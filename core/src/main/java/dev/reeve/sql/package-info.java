/**
 * What an SQL text touches: the port. The parser behind it is in the server.
 * Not a policy and not a database.
 * Start at {@link dev.reeve.sql.SqlInspector}.
 */
@NullMarked
package dev.reeve.sql;

import org.jspecify.annotations.NullMarked;
