package dev.reeve.adapter.mcp;

import java.util.Optional;

/** The protocol revisions that are spoken toward clients. */
public enum Revision {
    /** With a handshake and sessions. */
    V2025_11_25("2025-11-25"),
    /** Stateless: every request says what it needs. */
    V2026_07_28("2026-07-28");

    private final String wire;

    Revision(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    boolean stateless() {
        return this == V2026_07_28;
    }

    static Optional<Revision> of(String wire) {
        for (Revision revision : values()) {
            if (revision.wire.equals(wire)) {
                return Optional.of(revision);
            }
        }
        return Optional.empty();
    }
}
