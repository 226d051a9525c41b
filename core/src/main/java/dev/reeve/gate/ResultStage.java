package dev.reeve.gate;

import dev.reeve.action.Action;
import dev.reeve.json.Json;

/** Looks at everything that comes back (R5). Pure. Throwing withholds the result. */
public interface ResultStage {
    String name();

    ResultFinding examine(Action action, Facts facts, Json.Obj result);
}
