package dev.reeve.store;

import dev.reeve.approval.Approval;
import dev.reeve.approval.ApprovalRows;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Approvals, in the store. A row that grants an action is under the seal (R29). */
public final class StoredApprovals implements ApprovalRows {
    private static final SealedTable TABLE = new SealedTable("approvals", List.of("ticket"), List.of("body"));

    private final Store store;

    public StoredApprovals(Store store) {
        this.store = store;
    }

    @Override
    public List<Approval> approvals() throws UnrecordableException {
        try {
            return store.read(reading -> TABLE.rows(reading).stream()
                    .map(row -> ApprovalJson.read(row.text("ticket"), object(row.text("body")), row.version()))
                    .toList());
        } catch (StoreException e) {
            throw unrecordable(e);
        }
    }

    @Override
    public Optional<Approval> put(Approval approval) throws UnrecordableException {
        String body = JsonWriter.text(ApprovalJson.write(approval));
        try {
            boolean written = store.write(writing ->
                    TABLE.replace(writing, Map.of("ticket", approval.ticket(), "body", body), approval.version()));
            return written ? Optional.of(approval.at(approval.version() + 1)) : Optional.empty();
        } catch (StoreException e) {
            throw unrecordable(e);
        }
    }

    @Override
    public void remove(Approval approval) throws UnrecordableException {
        try {
            store.write(writing -> {
                TABLE.remove(writing, List.of(approval.ticket()));
                return true;
            });
        } catch (StoreException e) {
            throw unrecordable(e);
        }
    }

    private static UnrecordableException unrecordable(StoreException e) {
        return new UnrecordableException("the store has not taken it: " + e.getMessage(), e);
    }

    static Json.Obj object(String text) {
        try {
            return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
        } catch (JsonRefusedException e) {
            throw new IllegalStateException("a row with the right MAC is not what was written", e);
        }
    }
}
