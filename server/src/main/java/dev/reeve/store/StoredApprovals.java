package dev.reeve.store;

import dev.reeve.approval.Approval;
import dev.reeve.approval.ApprovalRows;
import dev.reeve.gate.UnrecordableException;
import java.util.List;
import java.util.Optional;

/** Approvals, in the store. A row that grants an action is under the seal (R29). */
public final class StoredApprovals implements ApprovalRows {
    private final JsonRows rows;

    public StoredApprovals(Store store) {
        this.rows = new JsonRows(store, "approvals", "ticket");
    }

    @Override
    public List<Approval> approvals() throws UnrecordableException {
        return rows.all(ApprovalJson::read);
    }

    @Override
    public Optional<Approval> put(Approval approval) throws UnrecordableException {
        return rows.put(approval.ticket(), ApprovalJson.write(approval), approval.version())
                ? Optional.of(approval.at(approval.version() + 1))
                : Optional.empty();
    }

    @Override
    public void remove(Approval approval) throws UnrecordableException {
        rows.remove(approval.ticket());
    }
}
