package dev.reeve.gate;

import dev.reeve.action.Action;

/**
 * One check. A pure function of the action and the facts: it decides on these only, keeps nothing, fetches nothing, and calls no
 * other stage; otherwise replay would lie. What it throws, {@link StackOverflowError} included, is a denial (R8).
 */
public interface Stage {
    String name();

    /** One or more findings; an empty list is a bug and denies. */
    java.util.List<Finding> check(Action action, Facts facts);
}
