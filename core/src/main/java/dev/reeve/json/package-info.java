/**
 * JSON as a small value type, with the one canonical form that digests are made over.
 * Not a parser: bytes from outside are read by the server's strict reader.
 * Start at {@link dev.reeve.json.Json}.
 */
@NullMarked
package dev.reeve.json;

import org.jspecify.annotations.NullMarked;
