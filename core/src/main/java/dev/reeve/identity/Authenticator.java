package dev.reeve.identity;

/** Turns a claim into a principal. Fast: a cached answer is the rule. Never throws for a bad claim. */
@FunctionalInterface
public interface Authenticator {
    Identification identify(Claim claim);
}
