package dev.reeve.gate;

import dev.reeve.action.Action;
import dev.reeve.json.Json;

/** Looks at everything that comes back (R5). Pure. Throwing withholds the result. */
public interface ResultStage {
    String name();

    ResultFinding examine(Action action, Facts facts, Json.Obj result);

    /** As {@link #examine(Action, Facts, Json.Obj)}, for a stage that may put tokens in the place of values. */
    default ResultFinding examine(Action action, Facts facts, Json.Obj result, Tokens.Exchange exchange) {
        return examine(action, facts, result);
    }
}
