package dev.reeve.adapter.mcp;

/** Counts those who got in nowhere; they become summary records, since one record each would be a weapon (R15). */
@FunctionalInterface
public interface RefusedCallers {
    /** @param code why: {@code key_missing}, {@code key_unknown}, ... */
    void refused(String channel, String code);

    /**
     * Somebody known sent what is no request of the protocol. It is no action, so the gate never hears of it.
     *
     * @param code why: {@code malformed}, {@code header_mismatch}, {@code method_not_found}, ...
     */
    default void refused(String channel, String agent, String code) {
        refused(channel, code);
    }
}
