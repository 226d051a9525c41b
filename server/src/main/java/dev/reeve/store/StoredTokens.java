package dev.reeve.store;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.token.Token;
import dev.reeve.token.TokenRows;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What stands behind tokens, in the store, under the seal (R29).
 *
 * <p>Security guarantees: values are encrypted (AES-256-GCM, NIST SP 800-38D, a random nonce each, bound to the token) under a key outside of the data
 * folder; a removed row is overwritten in the file.
 */
public final class StoredTokens implements TokenRows {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final JsonRows rows;
    private final SecureRandom random;
    private final SecretKeySpec key;

    public StoredTokens(Store store, SecureRandom random) {
        this.rows = new JsonRows(store, "tokens", "id");
        this.random = random;
        this.key =
                new SecretKeySpec(store.key("token-values").of("AES-256-GCM".getBytes(StandardCharsets.UTF_8)), "AES");
    }

    @Override
    public List<Token> tokens() throws UnrecordableException {
        return rows.all((id, body, version) -> read(id, body));
    }

    @Override
    public void put(Collection<Token> tokens) throws UnrecordableException {
        Map<String, Json.Obj> bodies = new LinkedHashMap<>();
        tokens.forEach(token -> bodies.put(token.id(), body(token)));
        rows.put(bodies);
    }

    @Override
    public void remove(Collection<Token> tokens) throws UnrecordableException {
        rows.remove(tokens.stream().map(Token::id).toList());
    }

    private Json.Obj body(Token token) {
        return Json.object()
                .put("agent", token.scope().agent())
                .put("by", Json.Arr.ofStrings(token.by()))
                .put("created", token.created().toString())
                .put("expires", token.expires().toString())
                .put("instance", token.scope().instance())
                .put("kind", token.kind())
                .put("owner", token.owner())
                .put("tenant", token.scope().tenant())
                .put("used", Json.of(token.used()))
                .put("user", token.scope().user())
                .put("value", sealed(token.id(), token.value().exposed()))
                .build();
    }

    /** What is read had the right MAC; if it is not what was written, that is a bug and throws. */
    private Token read(String id, Json.Obj body) {
        return new Token(
                id,
                new Token.Scope(
                        ApprovalJson.text(body, "tenant"),
                        ApprovalJson.text(body, "agent"),
                        ApprovalJson.text(body, "instance"),
                        body.string("user")),
                ApprovalJson.text(body, "kind"),
                new Token.Value(opened(id, ApprovalJson.text(body, "value"))),
                ApprovalJson.texts(body, "by"),
                body.string("owner"),
                ApprovalJson.time(body, "created"),
                ApprovalJson.time(body, "expires"),
                body.get("used").equals(Optional.of(Json.Bool.TRUE)));
    }

    private String sealed(String id, String value) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] text = run(Cipher.ENCRYPT_MODE, id, nonce, value.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(nonce.length + text.length)
                        .put(nonce)
                        .put(text)
                        .array());
    }

    private String opened(String id, String written) {
        ByteBuffer all = ByteBuffer.wrap(Base64.getDecoder().decode(written));
        byte[] nonce = new byte[NONCE_BYTES];
        all.get(nonce);
        byte[] text = new byte[all.remaining()];
        all.get(text);
        return new String(run(Cipher.DECRYPT_MODE, id, nonce, text), StandardCharsets.UTF_8);
    }

    private byte[] run(int mode, String id, byte[] nonce, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance(CIPHER);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(id.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a value of a token cannot be sealed or opened", e);
        }
    }
}
