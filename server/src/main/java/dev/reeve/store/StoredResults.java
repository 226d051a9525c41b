package dev.reeve.store;

import dev.reeve.approval.KeptResults;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.CanonicalLength;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** Results that wait for people, in the store, under the seal (R29). {@link SealedTexts} hides what they say; a removed row is overwritten in the file. */
public final class StoredResults implements KeptResults {
    private final JsonRows rows;
    private final SealedTexts texts;

    public StoredResults(Store store, SecureRandom random) {
        this.rows = new JsonRows(store, "held_results", "ticket");
        this.texts = new SealedTexts(store.key("held-results"), random);
    }

    @Override
    public List<Size> sizes() throws UnrecordableException {
        return rows.all((ticket, body, version) ->
                new Size(ticket, ApprovalJson.text(body, "agent"), Long.parseLong(ApprovalJson.text(body, "bytes"))));
    }

    @Override
    public Optional<Json.Obj> read(String ticket) throws UnrecordableException {
        Optional<String> text =
                rows.one(ticket, (id, body, version) -> texts.opened(id, ApprovalJson.text(body, "sealed")));
        return text.isEmpty() ? Optional.empty() : Optional.of(parsed(text.get()));
    }

    /** What could not be read again is not kept: it would be asked about in vain. */
    @Override
    public Size put(String ticket, String agent, Json.Obj body) throws UnrecordableException {
        String text = JsonWriter.text(body);
        if (!parsed(text).equals(body)) {
            throw new UnrecordableException("the result cannot be kept as it is");
        }
        Size size = new Size(ticket, agent, CanonicalLength.of(body));
        boolean isNew = rows.put(
                ticket,
                Json.object()
                        .put("agent", agent)
                        .put("bytes", Long.toString(size.bytes()))
                        .put("sealed", texts.sealed(ticket, text))
                        .build(),
                0);
        if (!isNew) {
            throw new UnrecordableException("something is kept under this ticket already");
        }
        return size;
    }

    private static Json.Obj parsed(String text) throws UnrecordableException {
        try {
            return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
        } catch (JsonRefusedException e) {
            throw new UnrecordableException("the result cannot be kept: " + e.getMessage(), e);
        }
    }

    @Override
    public void remove(String ticket) throws UnrecordableException {
        rows.remove(ticket);
    }
}
