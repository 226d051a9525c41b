package dev.reeve.adapter.mcp;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The protocol revisions that are spoken toward clients. */
public enum Revision {
    /** With a handshake, sessions and batches. */
    V2025_03_26("2025-03-26"),
    /** With structured content, links to resources and forms. */
    V2025_06_18("2025-06-18"),
    /** With URLs to visit, icons, and streams that can be resumed. */
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

    boolean hasBatches() {
        return this == V2025_03_26;
    }

    /** Structured content, output schemas and links to resources. */
    boolean hasStructure() {
        return this != V2025_03_26;
    }

    /** Streams of such a revision can be taken up again where they broke. */
    boolean resumes() {
        return this == V2025_11_25;
    }

    /** What a client that asks for {@code wanted} in its handshake gets; one that does not know it leaves. */
    static Revision agreed(String wanted) {
        return of(wanted).filter(revision -> !revision.stateless()).orElse(V2025_11_25);
    }

    /** All of them, the newest first. */
    static List<String> all() {
        return Arrays.stream(values()).map(Revision::wire).toList().reversed();
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
