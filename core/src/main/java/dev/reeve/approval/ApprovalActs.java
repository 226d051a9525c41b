package dev.reeve.approval;

import dev.reeve.gate.UnrecordableException;
import dev.reeve.json.Json;

/** The record, as deciding needs it: an act is durable in it before it takes effect (R27). */
@FunctionalInterface
public interface ApprovalActs {
    void record(String person, String act, String subject, Json.Obj difference) throws UnrecordableException;
}
