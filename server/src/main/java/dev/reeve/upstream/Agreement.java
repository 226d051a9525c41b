package dev.reeve.upstream;

import dev.reeve.action.Operation.Offer;
import dev.reeve.json.Json;
import java.util.Optional;

/**
 * What was agreed with a server.
 *
 * @param modern 2026-07-28: no session, every request says what it needs; otherwise a handshake was made
 */
record Agreement(
        boolean modern, String revision, Json.Obj capabilities, Json.Obj serverInfo, Optional<String> instructions) {
    static final String MODERN = "2026-07-28";
    /** The extension for skills of 2026-07-28. */
    private static final String SKILLS = "io.modelcontextprotocol/skills";

    static final String LEGACY = "2025-11-25";

    /** Revisions that differ from {@link #LEGACY} in nothing that Reeve sends. */
    static boolean isKnownLegacy(String revision) {
        return switch (revision) {
            case LEGACY, "2025-06-18", "2025-03-26", "2024-11-05" -> true;
            default -> false;
        };
    }

    /** The header came with 2025-06-18; older servers may not know it. */
    boolean saysItsRevision() {
        return modern || revision.compareTo("2025-06-18") >= 0;
    }

    boolean offers(String capability) {
        return capabilities.get(capability).isPresent();
    }

    /** Whether it has what is listed so. */
    boolean offers(Offer offer) {
        return offer == Offer.SKILLS ? skills().isPresent() : offers(Listings.capability(offer));
    }

    boolean readsDirectories() {
        return skills().flatMap(it -> it.get("directoryRead"))
                .filter(Json.Bool.TRUE::equals)
                .isPresent();
    }

    private Optional<Json.Obj> skills() {
        return capabilities.object("extensions").flatMap(all -> all.object(SKILLS));
    }

    boolean tellsChangesOf(String capability) {
        return capabilities
                .object(capability)
                .flatMap(it -> it.get("listChanged"))
                .filter(Json.Bool.TRUE::equals)
                .isPresent();
    }
}
