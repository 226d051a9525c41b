package dev.reeve.gate;

import dev.reeve.action.Action;
import dev.reeve.json.Json;

/** What must be done to the result before anybody sees it: filter rows, mask columns, ... Pure. Throwing withholds the result. */
public interface Obligation {
    /** The caller's own program must ask the person in front of it before it acts. Only a caller that acts itself can. */
    String CLIENT_ASKS = "client_asks";

    /** What only adds words to a result. */
    String ADVICE = "advice";

    String name();

    /** It only adds what people said: the action is the same without it, and whoever cannot treat the result may go on. */
    default boolean isAdvice() {
        return false;
    }

    ResultFinding apply(Action action, Json.Obj result);
}
