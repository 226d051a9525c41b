package dev.reeve.adapter.mcp;

import dev.reeve.upstream.LogLevel;
import dev.reeve.upstream.Offered;
import java.util.Optional;

/**
 * What a client takes beside results.
 *
 * @param offered what it can be asked
 * @param logsFrom from which level on it takes log messages
 * @param logLevel the level that it asked for
 */
record ClientSide(Offered offered, Optional<LogLevel> logsFrom, Optional<LogLevel> logLevel) {
    static final ClientSide NOTHING = new ClientSide(Offered.NOTHING, Optional.empty(), Optional.empty());

    /** A client of 2026-07-28 says all of it with each request. */
    static ClientSide of(Meta meta) {
        Offered offered = meta.capabilities().map(Offered::read).orElse(Offered.NOTHING);
        return new ClientSide(offered, meta.logLevel(), meta.logLevel());
    }
}
