package dev.reeve.grant;

import dev.reeve.gate.UnrecordableException;
import java.util.List;
import java.util.Optional;

/** Where grants are kept. Each write is durable when it returns. */
public interface GrantRows {
    List<Grant> grants() throws UnrecordableException;

    /**
     * Writes it if the row is still of the version that it was read as.
     *
     * @return with its new version; empty if somebody else changed it
     */
    Optional<Grant> put(Grant grant) throws UnrecordableException;

    void remove(Grant grant) throws UnrecordableException;
}
