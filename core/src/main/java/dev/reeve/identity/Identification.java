package dev.reeve.identity;

/** What authentication found. An outage is never {@link Known}. */
public sealed interface Identification {
    /**
     * The principal, and the revocation epoch at which it was believed: a permit checks again just before its first byte that
     * nothing was revoked since (R6).
     */
    record Known(Principal principal, long epoch) implements Identification {}

    /** Nobody we know. {@code code} is stable ({@code key_unknown}, {@code key_expired}, ...); {@code reason} is for operators. */
    record Unknown(String code, String reason) implements Identification {}
}
