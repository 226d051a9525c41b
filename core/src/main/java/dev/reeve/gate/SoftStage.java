package dev.reeve.gate;

import dev.reeve.action.Action;
import java.util.Set;

/** A stage that needs opinions. It runs after all others, and only if none of them stopped the action. */
public interface SoftStage extends Stage {
    /** The judges to ask about this action; empty if the stage has nothing to say of it. Pure, as {@link #check}. */
    Set<String> wanted(Action action, Facts facts);
}
