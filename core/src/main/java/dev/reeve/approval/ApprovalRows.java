package dev.reeve.approval;

import dev.reeve.gate.UnrecordableException;
import java.util.List;
import java.util.Optional;

/** Where approvals and grants are kept. Each write is durable when it returns. */
public interface ApprovalRows {
    List<Approval> approvals() throws UnrecordableException;

    /**
     * Writes it if the row is still of the version that it was read as.
     *
     * @return with its new version; empty if somebody else changed it
     */
    Optional<Approval> put(Approval approval) throws UnrecordableException;

    void remove(Approval approval) throws UnrecordableException;
}
