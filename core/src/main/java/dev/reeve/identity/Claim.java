package dev.reeve.identity;

import dev.reeve.secrets.Secret;

/** What a caller claims to be, before anybody believed it. */
public sealed interface Claim {
    /** An API key of ours, {@code reeve_...}. */
    record ApiKey(Secret key) implements Claim {}

    /** A connector on the 0600 socket: the kernel says which user, the connector's registration which agent. */
    record Connector(int uid, Secret registration) implements Claim {}

    /** Nothing was presented. */
    record Nothing() implements Claim {}
}
