package dev.reeve.audit;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.ledger.LedgerReader;
import dev.reeve.record.Event.Stored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds a record by what people call it: its place, its ticket, or the beginning of its ticket. Parses only what may be it. */
final class Lookup {
    /** So many that begin alike are told; who sees them writes more. */
    private static final int MOST = 5;

    private final Path ledger;

    Lookup(Path ledger) {
        this.ledger = ledger;
    }

    /** What stands there; of an action, its decision and its outcome whichever of the two is meant. */
    Optional<Happened> at(long index) throws IOException {
        Stored[] found = new Stored[1];
        LedgerReader.read(ledger, index, (at, leaf, disclosures) -> {
            if (at == index) {
                found[0] = AuditReader.stored(at, leaf, disclosures);
            }
            return false;
        });
        if (found[0] == null) {
            return Optional.empty();
        }
        return switch (found[0].kind()) {
            case "intent" -> Optional.of(new Happened(found[0], outcome(found[0])));
            case "outcome" -> Optional.of(ofOutcome(found[0]));
            default -> Optional.of(new Happened(found[0], Optional.empty()));
        };
    }

    private Optional<Stored> outcome(Stored intent) throws IOException {
        Stored[] found = new Stored[1];
        String hint = hint(intent.id());
        LedgerReader.read(ledger, intent.index() + 1, (at, leaf, disclosures) -> {
            if (text(leaf).contains(hint)) {
                Stored record = AuditReader.stored(at, leaf, disclosures);
                if (record.id().equals(intent.id())) {
                    found[0] = record;
                }
            }
            return found[0] == null;
        });
        return Optional.ofNullable(found[0]);
    }

    /** Its intent is near, as a rule; a copy that begins behind it has the outcome only. */
    private Happened ofOutcome(Stored outcome) throws IOException {
        EventFilter same = EventFilter.ofId(outcome.id(), hint(outcome.id()));
        List<Happened> found = new Backwards(ledger, 1, same).run(outcome.index() + 1);
        return found.isEmpty() ? new Happened(outcome, Optional.empty()) : found.getFirst();
    }

    /** All whose id begins so, at most {@value #MOST}; one whose id it is ends the search. */
    List<Happened> byId(String begin) throws IOException {
        Map<String, Stored> decided = new LinkedHashMap<>();
        Map<String, Stored> outcomes = new LinkedHashMap<>();
        String hint = hint(begin);
        LedgerReader.read(ledger, 0, (at, leaf, disclosures) -> {
            if (!text(leaf).contains(hint)) {
                return true;
            }
            Stored record = AuditReader.stored(at, leaf, disclosures);
            if (!record.id().startsWith(begin)) {
                return true;
            }
            (record.kind().equals("outcome") ? outcomes : decided).putIfAbsent(record.id(), record);
            return decided.size() < MOST && !isWhole(begin, record);
        });
        return decided.values().stream()
                .map(record -> new Happened(record, Optional.ofNullable(outcomes.get(record.id()))))
                .toList();
    }

    private static boolean isWhole(String begin, Stored record) {
        return record.id().equals(begin) && !record.kind().equals("intent");
    }

    /** Records are canonical JSON. */
    private static String hint(String begin) {
        String quoted = JsonWriter.text(new Json.Str(begin));
        return "\"id\":" + quoted.substring(0, quoted.length() - 1);
    }

    private static String text(byte[] leaf) {
        return new String(leaf, StandardCharsets.UTF_8);
    }
}
