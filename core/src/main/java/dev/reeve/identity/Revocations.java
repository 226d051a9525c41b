package dev.reeve.identity;

import java.util.function.Predicate;

/** Tells whether a principal that was believed at an epoch is still good (R6, R14). In memory; answers in nanoseconds. */
@FunctionalInterface
public interface Revocations {
    boolean stillGood(Principal principal, long epoch);

    /** Whether what one instance signs in with was made in the place of what the other did: then it is the same principal, with a fresh key. */
    default boolean replaces(String fresh, String old) {
        return false;
    }

    /** The same, but that nobody is good who is stopped. */
    default Revocations butFor(Predicate<Principal> stopped) {
        Revocations all = this;
        return new Revocations() {
            @Override
            public boolean stillGood(Principal principal, long epoch) {
                return !stopped.test(principal) && all.stillGood(principal, epoch);
            }

            @Override
            public boolean replaces(String fresh, String old) {
                return all.replaces(fresh, old);
            }
        };
    }
}
