package dev.reeve.adapter.mcp;

import dev.reeve.strict.JsonLimits;
import java.time.Duration;

/**
 * What clients may keep open.
 *
 * @param message of one JSON text of a client
 * @param sessions at a time
 * @param sessionsEach of one principal; the longest unused one ends when a new one comes
 * @param sessionIdle after which a session ends
 * @param streams open for list changes at a time
 * @param streamsEach of one principal
 * @param requestsEach running at a time in one session or connector
 * @param followedEach resources that one session or one stream follows
 * @param rounds that one request may take because its server asks something first
 * @param tasks that are known at a time; the oldest is forgotten
 * @param tasksEach of one principal
 * @param answers bytes of all large answers of servers that are held at a time
 * @param page entries of one page of a list
 */
public record McpLimits(
        JsonLimits message,
        int sessions,
        int sessionsEach,
        Duration sessionIdle,
        int streams,
        int streamsEach,
        int requestsEach,
        int followedEach,
        int rounds,
        int tasks,
        int tasksEach,
        long answers,
        int page) {
    public static final McpLimits DEFAULT = new McpLimits(
            JsonLimits.REQUEST,
            20_000,
            1_000,
            Duration.ofHours(1),
            12_000,
            12_000,
            64,
            128,
            16,
            10_000,
            256,
            32L << 20,
            250);

    public McpLimits withSessions(int all, int each) {
        return new McpLimits(
                message,
                all,
                each,
                sessionIdle,
                streams,
                streamsEach,
                requestsEach,
                followedEach,
                rounds,
                tasks,
                tasksEach,
                answers,
                page);
    }

    public McpLimits withStreams(int all, int each) {
        return new McpLimits(
                message,
                sessions,
                sessionsEach,
                sessionIdle,
                all,
                each,
                requestsEach,
                followedEach,
                rounds,
                tasks,
                tasksEach,
                answers,
                page);
    }

    public McpLimits withMessage(JsonLimits text) {
        return new McpLimits(
                text,
                sessions,
                sessionsEach,
                sessionIdle,
                streams,
                streamsEach,
                requestsEach,
                followedEach,
                rounds,
                tasks,
                tasksEach,
                answers,
                page);
    }

    public McpLimits withEach(int requests, int followed, int newRounds) {
        return new McpLimits(
                message,
                sessions,
                sessionsEach,
                sessionIdle,
                streams,
                streamsEach,
                requests,
                followed,
                newRounds,
                tasks,
                tasksEach,
                answers,
                page);
    }

    public McpLimits withTasks(int all, int each) {
        return new McpLimits(
                message,
                sessions,
                sessionsEach,
                sessionIdle,
                streams,
                streamsEach,
                requestsEach,
                followedEach,
                rounds,
                all,
                each,
                answers,
                page);
    }

    public McpLimits withAnswers(long bytes) {
        return new McpLimits(
                message,
                sessions,
                sessionsEach,
                sessionIdle,
                streams,
                streamsEach,
                requestsEach,
                followedEach,
                rounds,
                tasks,
                tasksEach,
                bytes,
                page);
    }

    public McpLimits withPage(int entries) {
        return new McpLimits(
                message,
                sessions,
                sessionsEach,
                sessionIdle,
                streams,
                streamsEach,
                requestsEach,
                followedEach,
                rounds,
                tasks,
                tasksEach,
                answers,
                entries);
    }
}
