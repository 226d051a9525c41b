package dev.reeve.store;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.token.Token;
import dev.reeve.token.TokenRows;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands behind tokens, in the store, under the seal (R29).
 *
 * <p>Security guarantees: values are encrypted (AES-256-GCM, NIST SP 800-38D, a random nonce each, bound to the token) under a key outside of the data
 * folder; a removed row is overwritten in the file.
 */
public final class StoredTokens implements TokenRows {
    private final JsonRows rows;
    private final SealedTexts texts;

    public StoredTokens(Store store, SecureRandom random) {
        this.rows = new JsonRows(store, "tokens", "id");
        this.texts = new SealedTexts(store.key("token-values"), random);
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
                .put("value", texts.sealed(token.id(), token.value().exposed()))
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
                new Token.Value(texts.opened(id, ApprovalJson.text(body, "value"))),
                ApprovalJson.texts(body, "by"),
                body.string("owner"),
                ApprovalJson.time(body, "created"),
                ApprovalJson.time(body, "expires"),
                body.get("used").equals(Optional.of(Json.Bool.TRUE)));
    }
}
