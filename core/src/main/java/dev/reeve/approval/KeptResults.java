package dev.reeve.approval;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;
import java.util.List;
import java.util.Optional;

/** Where results are kept that wait for people: nobody who reads it knows what they say. Each write is durable when it returns. */
public interface KeptResults {
    /** @param bytes how much is kept under the ticket */
    record Size(String ticket, String agent, long bytes) {}

    List<Size> sizes() throws UnrecordableException;

    /** Empty if there is none, or if it is not what was put. */
    Optional<Json.Obj> read(String ticket) throws UnrecordableException;

    /** @return its size */
    Size put(String ticket, String agent, Json.Obj body) throws UnrecordableException;

    /** Wiped, not only unlinked. */
    void remove(String ticket) throws UnrecordableException;
}
