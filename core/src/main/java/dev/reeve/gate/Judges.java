package dev.reeve.gate;

import dev.reeve.action.Action;

/** Who is asked for opinions. Blocking and slow: the gate asks only when nothing else stopped the action (R1). */
@FunctionalInterface
public interface Judges {
    /** For a gate whose policy asks nobody. */
    Judges NONE = (judge, action, facts) -> new Opinion.Down(judge, "there is no judge of this name");

    /**
     * Returns within a time that the judge's own settings bound.
     *
     * @param action in the form that would be sent; whoever passes it on out of the house masks what is secret in it
     */
    Opinion ask(String judge, Action action, Facts facts);
}
