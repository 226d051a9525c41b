package dev.reeve.definitions;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over the canonical form of the whole definition: name, title, description, schemas, annotations, icons, {@code _meta} (R19). */
final class Fingerprint {
    private Fingerprint() {}

    static String of(Json.Obj definition) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(JsonWriter.canonical(definition)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
