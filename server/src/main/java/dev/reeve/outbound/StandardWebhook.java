package dev.reeve.outbound;

import dev.reeve.secrets.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as Standard Webhooks 1.0 has it: {@code webhook-signature: v1,BASE64} is the HMAC-SHA-256 of {@code ID.TIMESTAMP.BODY}, and
 * the id is the same when the same comes again.
 */
public final class StandardWebhook {
    private static final String STANDARD_SECRET = "whsec_";

    private StandardWebhook() {}

    /** The three headers, in the order of the standard. */
    public static Map<String, String> headers(Secret secret, String id, Instant now, byte[] body) {
        String time = Long.toString(now.getEpochSecond());
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", time);
        headers.put("webhook-signature", "v1," + signature(secret, id + "." + time + ".", body));
        return headers;
    }

    /** @param before the part of what is signed that comes before the body */
    public static String signature(Secret secret, String before, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(secret), "HmacSHA256"));
            mac.update(before.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA-256", e);
        }
    }

    /** {@code whsec_} and base64, as the standard writes it; anything else is the key itself. */
    private static byte[] key(Secret secret) {
        String text = secret.exposeTextInsecurely();
        if (text.startsWith(STANDARD_SECRET)) {
            try {
                return Base64.getDecoder().decode(text.substring(STANDARD_SECRET.length()));
            } catch (IllegalArgumentException e) {
                return secret.exposeInsecurely();
            }
        }
        return secret.exposeInsecurely();
    }
}
