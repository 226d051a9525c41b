package dev.reeve.gate;

import dev.reeve.action.Action;
import dev.reeve.json.Json;

/** What must be done to the result before anybody sees it: filter rows, mask columns, ... Pure. Throwing withholds the result. */
public interface Obligation {
    String name();

    ResultFinding apply(Action action, Json.Obj result);
}
