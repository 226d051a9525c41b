package dev.reeve.ledger;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The digest that stands in a leaf for a hidden value: RFC 9901 sections 4.2.1 and 4.2.3, with SHA-256. */
public final class Commitment {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private Commitment() {}

    /** 43 characters: {@code base64url(SHA-256(base64url(["salt","name",value])))}. */
    public static String of(Disclosure disclosure) {
        return BASE64URL.encodeToString(Sha256.of(BASE64URL.encode(array(disclosure))));
    }

    private static byte[] array(Disclosure disclosure) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64 + disclosure.value().length);
        out.writeBytes(ascii("[\"" + BASE64URL.encodeToString(disclosure.salt()) + "\","));
        out.writeBytes(JsonWriter.bytes(new Json.Str(disclosure.name())));
        out.write(',');
        out.writeBytes(disclosure.value());
        out.write(']');
        return out.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
