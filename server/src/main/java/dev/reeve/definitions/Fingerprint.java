package dev.reeve.definitions;

import dev.reeve.json.CanonicalDigest;
import dev.reeve.json.Json;

/** SHA-256 over the canonical form of the whole definition: name, title, description, schemas, annotations, icons, {@code _meta} (R19). */
final class Fingerprint {
    private Fingerprint() {}

    static String of(Json.Obj definition) {
        return CanonicalDigest.of(definition);
    }
}
