package dev.reeve.audit;

import dev.reeve.json.Json;
import dev.reeve.ledger.Commitment;
import dev.reeve.ledger.Disclosure;
import dev.reeve.ledger.Entry;
import dev.reeve.record.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records that are longer than an entry can be: the entry has what others look for and a salted commitment, the whole record lies beside it
 * like a hidden value. Nothing is cut off; what is too long even for that is refused by the ledger.
 */
final class OutOfLine {
    /** The member of the entry. */
    private static final String MEMBER = "out_of_line";
    /** The name of the hidden value. */
    private static final String RECORD = "record";
    /** What is looked for in entries without their hidden values, or must stay in the tree when those are erased. */
    private static final List<String> KEPT =
            List.of("act", "agent", "hidden", "id", "kind", "limits", "person", "subject", "tenant", "time", "v");

    private OutOfLine() {}

    static Entry entry(String node, Json.Obj body, List<Disclosure> disclosures, byte[] salt) {
        Disclosure whole = new Disclosure(salt, RECORD, Records.hiddenBytes(body));
        Json.Builder kept = Json.object();
        KEPT.forEach(name -> body.get(name).ifPresent(value -> kept.put(name, value)));
        List<Disclosure> all = new ArrayList<>(disclosures);
        all.add(whole);
        return Entry.stamped(node, kept.put(MEMBER, Commitment.of(whole)).build(), all);
    }

    /** Whether the record lies beside this entry. */
    static boolean isBeside(Json.Obj leaf) {
        return leaf.has(MEMBER);
    }

    /** The record as it was; of one whose hidden value was erased, what stands in the entry. Takes the value out of {@code disclosed}. */
    static Json.Obj together(Json.Obj leaf, Map<String, Json> disclosed) {
        if (!leaf.has(MEMBER)) {
            return leaf;
        }
        Optional<Json> whole = Optional.ofNullable(disclosed.remove(RECORD));
        if (whole.isEmpty() || !(whole.get() instanceof Json.Obj record)) {
            return leaf;
        }
        Json.Obj together = record;
        for (Map.Entry<String, Json> member : leaf.members().entrySet()) {
            if (!member.getKey().equals(MEMBER)) {
                together = together.with(member.getKey(), member.getValue());
            }
        }
        return together;
    }
}
