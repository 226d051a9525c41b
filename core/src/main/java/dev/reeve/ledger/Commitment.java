package dev.reeve.ledger;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The digest that stands in a leaf for a hidden value: RFC 9901 sections 4.2.1 and 4.2.3, with SHA-256. */
public final class Commitment {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private Commitment() {}

    /** 43 characters: {@code base64url(SHA-256(base64url(["salt","name",value])))}. */
    public static String of(Disclosure disclosure) {
        return of(disclosure, new Sha256());
    }

    /** Of each of them, in their order. */
    public static List<String> of(List<Disclosure> disclosures) {
        Sha256 sha = new Sha256();
        List<String> commitments = new ArrayList<>(disclosures.size());
        for (Disclosure disclosure : disclosures) {
            commitments.add(of(disclosure, sha));
        }
        return commitments;
    }

    static String of(Disclosure disclosure, Sha256 sha) {
        return BASE64URL.encodeToString(sha.plain(BASE64URL.encode(array(disclosure))));
    }

    /** What a commitment is the hash of, for somebody who may see the value: {@code base64url(["salt","name",value])}. */
    public static String opened(Disclosure disclosure) {
        return BASE64URL.encodeToString(array(disclosure));
    }

    /** Three members, two quotation marks around the salt, two commas, two brackets. */
    private static byte[] array(Disclosure disclosure) {
        byte[] salt = BASE64URL.encode(disclosure.salt());
        byte[] name = JsonWriter.bytes(new Json.Str(disclosure.name()));
        ByteBuffer array = ByteBuffer.allocate(salt.length + name.length + disclosure.value().length + 6);
        return array.put((byte) '[')
                .put((byte) '"')
                .put(salt)
                .put((byte) '"')
                .put((byte) ',')
                .put(name)
                .put((byte) ',')
                .put(disclosure.value())
                .put((byte) ']')
                .array();
    }
}
