package dev.reeve.identity;

/** Tells whether a principal that was believed at an epoch is still good (R6, R14). In memory; answers in nanoseconds. */
@FunctionalInterface
public interface Revocations {
    boolean stillGood(Principal principal, long epoch);
}
