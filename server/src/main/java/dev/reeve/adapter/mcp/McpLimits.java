package dev.reeve.adapter.mcp;

import java.time.Duration;

/**
 * What clients may keep open.
 *
 * @param sessions at a time
 * @param sessionsEach of one principal; the longest unused one ends when a new one comes
 * @param sessionIdle after which a session ends
 * @param streams open for list changes at a time
 * @param streamsEach of one principal
 * @param requestsEach running at a time in one session or connector
 * @param page entries of one page of a list
 */
public record McpLimits(
        int sessions,
        int sessionsEach,
        Duration sessionIdle,
        int streams,
        int streamsEach,
        int requestsEach,
        int page) {
    public static final McpLimits DEFAULT = new McpLimits(20_000, 1_000, Duration.ofHours(1), 12_000, 12_000, 64, 250);
}
