package dev.reeve.control;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;

/** Writes an administrative act into the ledger, before it takes effect (R27). Durable when it returns. */
@FunctionalInterface
public interface AdminRecords {
    /**
     * @param person {@code local:ana} for the operating system's user on the socket, otherwise the administrator's name
     * @param act {@code agent_create}, {@code key_revoke}, ...
     * @param subject what it is done to
     * @param difference what changes; never a secret
     */
    void record(String person, String act, String subject, Json.Obj difference) throws UnrecordableException;
}
