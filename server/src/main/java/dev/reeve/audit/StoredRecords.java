package dev.reeve.audit;

import dev.reeve.json.Json;
import dev.reeve.json.PlainJson;
import dev.reeve.ledger.Disclosure;
import dev.reeve.record.Event.Stored;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Entries of the ledger, read back as records. */
final class StoredRecords {
    private static final JsonLimits LIMITS = new JsonLimits(64 << 20, 256, 5_000_000, false);

    private StoredRecords() {}

    /** Of a record only members that nothing hides; what else stands there is read as strictly, and forgotten. */
    static Json.Obj read(byte[] leaf, Set<String> members) throws JsonRefusedException {
        return StrictJson.readMembers(leaf, LIMITS, members);
    }

    /** As strictly as {@link StrictJson}, and faster for what we write ourselves. */
    private static Json value(byte[] text) throws JsonRefusedException {
        Json plain = PlainJson.read(text);
        return plain == null ? StrictJson.read(text, LIMITS) : plain;
    }

    private static Json.Obj object(byte[] text) throws JsonRefusedException {
        return PlainJson.read(text) instanceof Json.Obj plain ? plain : StrictJson.readObject(text, LIMITS);
    }

    /** A record without its hidden values. */
    static Json.Obj whole(long index, byte[] leaf, List<Disclosure> disclosures) throws JsonRefusedException {
        Json.Obj record = object(leaf);
        return OutOfLine.isBeside(record) ? read(index, leaf, disclosures).leaf() : record;
    }

    /** One hidden value. Empty if there is none, or if it was erased. */
    static Optional<Json> disclosed(String name, List<Disclosure> disclosures) throws JsonRefusedException {
        for (Disclosure disclosure : disclosures) {
            if (disclosure.name().equals(name)) {
                return Optional.of(value(disclosure.value()));
            }
        }
        return Optional.empty();
    }

    /** What the action of a record was done to, as far as that can be seen. */
    static String subject(Json.Obj leaf, List<Disclosure> disclosures) throws JsonRefusedException {
        Optional<Json> hidden = disclosed("subject", disclosures);
        return new Stored(0, leaf, hidden.map(it -> Map.of("subject", it)).orElse(Map.of())).subject();
    }

    /** @throws JsonRefusedException if the leaf is not what we write: somebody else wrote it */
    static Stored read(long index, byte[] leaf, List<Disclosure> disclosures) throws JsonRefusedException {
        Map<String, Json> disclosed = new LinkedHashMap<>();
        for (Disclosure disclosure : disclosures) {
            disclosed.put(disclosure.name(), value(disclosure.value()));
        }
        Json.Obj record = OutOfLine.together(object(leaf), disclosed);
        return new Stored(index, record, disclosed);
    }
}
