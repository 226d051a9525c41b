package dev.reeve.adapter.mcp;

/** Counts those who got in nowhere; they become summary records, since one record each would be a weapon (R15). */
@FunctionalInterface
public interface RefusedCallers {
    /** @param code why: {@code key_missing}, {@code key_unknown}, ... */
    void refused(String channel, String code);
}
