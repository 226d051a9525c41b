package dev.reeve.config;

import java.time.Duration;

/**
 * What clients may cost ({@code gateway:}). Everything has a limit; what crosses one is refused with a named error.
 *
 * @param maxBody bytes of one request
 * @param maxBodies bytes of all request bodies that are held at a time
 * @param maxAnswers bytes of all large answers of servers that are held at a time
 * @param maxDepth nesting of a request's JSON
 * @param maxTokens names and values of a request's JSON
 * @param maxHeaderBytes of all headers of a request
 * @param maxHeaders of a request
 * @param maxConnections open at a time
 * @param maxHandshakes TLS handshakes under way at a time
 * @param maxPipelined requests of one connection that wait behind the one that runs
 * @param maxInFlight requests that run at a time
 * @param maxInFlightPerAgent actions of one agent that run at a time (R12)
 * @param maxInFlightPerInstance actions of one instance that run at a time
 * @param maxSessions MCP sessions at a time
 * @param maxSessionsPerAgent MCP sessions of one principal
 * @param maxStreams event streams at a time
 * @param maxInFlightPerSession requests of one session or connector that run at a time
 * @param maxFollowed resources that one session or stream follows
 * @param maxRounds rounds of one request
 * @param maxTasks tasks that are known
 * @param maxTasksPerAgent tasks of one principal
 * @param maxEvaluations questions of one request of the decision API
 * @param maxChildren processes of servers
 * @param maxConnectors processes of {@code reeve mcp}
 * @param pageSize entries of one page of a list
 * @param readTimeout from the first byte of a request to its last
 * @param writeTimeout that a client may leave an answer unread
 * @param handshakeTimeout for a TLS handshake
 * @param idleTimeout between two requests of a connection
 * @param sessionIdle after which an MCP session ends
 * @param heartbeat of silent event streams
 * @param callTimeout for one action from decision to answer: the permit's deadline (R6)
 */
public record GatewayConfig(
        int maxBody,
        long maxBodies,
        long maxAnswers,
        int maxDepth,
        int maxTokens,
        int maxHeaderBytes,
        int maxHeaders,
        int maxConnections,
        int maxHandshakes,
        int maxPipelined,
        int maxInFlight,
        int maxInFlightPerAgent,
        int maxInFlightPerInstance,
        int maxSessions,
        int maxSessionsPerAgent,
        int maxStreams,
        int maxInFlightPerSession,
        int maxFollowed,
        int maxRounds,
        int maxTasks,
        int maxTasksPerAgent,
        int maxEvaluations,
        int maxChildren,
        int maxConnectors,
        int pageSize,
        Duration readTimeout,
        Duration writeTimeout,
        Duration handshakeTimeout,
        Duration idleTimeout,
        Duration sessionIdle,
        Duration heartbeat,
        Duration callTimeout) {

    static GatewayConfig of(Values values) {
        return new GatewayConfig(
                values.size("max_body"),
                values.bytes("max_bodies"),
                values.bytes("max_answers"),
                values.whole("max_depth"),
                values.whole("max_tokens"),
                values.size("max_header_bytes"),
                values.whole("max_headers"),
                values.whole("max_connections"),
                values.whole("max_handshakes"),
                values.whole("max_pipelined"),
                values.whole("max_in_flight"),
                values.whole("max_in_flight_per_agent"),
                values.whole("max_in_flight_per_instance"),
                values.whole("max_sessions"),
                values.whole("max_sessions_per_agent"),
                values.whole("max_streams"),
                values.whole("max_in_flight_per_session"),
                values.whole("max_followed"),
                values.whole("max_rounds"),
                values.whole("max_tasks"),
                values.whole("max_tasks_per_agent"),
                values.whole("max_evaluations"),
                values.whole("max_children"),
                values.whole("max_connectors"),
                values.whole("page_size"),
                values.time("read_timeout"),
                values.time("write_timeout"),
                values.time("handshake_timeout"),
                values.time("idle_timeout"),
                values.time("session_idle"),
                values.time("heartbeat"),
                values.time("call_timeout"));
    }
}
