package dev.reeve.adapter.mcp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Cursors that nobody can make up and only the one who got it can use; nothing is kept for them. */
final class Cursors {
    private static final String MAC = "HmacSHA256";
    private static final int LENGTH = 4 + 32;

    private final SecretKeySpec key;

    Cursors(String secret) {
        key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), MAC);
    }

    String at(int offset, Caller caller, Method list) {
        ByteBuffer sealed = ByteBuffer.allocate(LENGTH).putInt(offset).put(seal(offset, caller, list));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed.array());
    }

    /** The offset, or empty if this cursor was not given to this caller for this list. */
    Optional<Integer> open(String cursor, Caller caller, Method list) {
        byte[] sealed;
        try {
            sealed = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (sealed.length != LENGTH) {
            return Optional.empty();
        }
        ByteBuffer parts = ByteBuffer.wrap(sealed);
        int offset = parts.getInt();
        byte[] given = new byte[LENGTH - 4];
        parts.get(given);
        return MessageDigest.isEqual(given, seal(offset, caller, list)) ? Optional.of(offset) : Optional.empty();
    }

    private byte[] seal(int offset, Caller caller, Method list) {
        String bound = String.join(
                "\n",
                caller.principal().tenant(),
                caller.principal().instance(),
                caller.route().name(),
                list.wire(),
                Integer.toString(offset));
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return mac.doFinal(bound.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every JDK has HMAC with SHA-256", e);
        }
    }
}
