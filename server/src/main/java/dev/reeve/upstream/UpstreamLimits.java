package dev.reeve.upstream;

import java.time.Duration;

/**
 * What one upstream may cost.
 *
 * @param connect for a connection, TLS included
 * @param firstByte until an answer begins; also how long a server that keeps silent is asked for its revision
 * @param call for one action in all; the permit's deadline bounds it too
 * @param idle after which an unused session or child is ended
 * @param answerBytes of one answer, or of one event of a stream
 * @param sessions at once; beyond them the longest unused is ended
 * @param connections for calls at a time; what is beyond waits for {@code connect} and is then refused. Streams that only listen have their own
 */
public record UpstreamLimits(
        Duration connect,
        Duration firstByte,
        Duration call,
        Duration idle,
        int answerBytes,
        int sessions,
        int connections) {
    public static final UpstreamLimits USUAL = new UpstreamLimits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            16 << 20,
            1024,
            256);

    public UpstreamLimits {
        if (connect.isNegative() || connect.isZero() || answerBytes < 1 || sessions < 1 || connections < 1) {
            throw new IllegalArgumentException("limits of an upstream are positive");
        }
    }

    public UpstreamLimits withConnect(Duration time) {
        return new UpstreamLimits(time, firstByte, call, idle, answerBytes, sessions, connections);
    }

    public UpstreamLimits withFirstByte(Duration time) {
        return new UpstreamLimits(connect, time, call, idle, answerBytes, sessions, connections);
    }

    public UpstreamLimits withCall(Duration time) {
        return new UpstreamLimits(connect, firstByte, time, idle, answerBytes, sessions, connections);
    }

    public UpstreamLimits withIdle(Duration time) {
        return new UpstreamLimits(connect, firstByte, call, time, answerBytes, sessions, connections);
    }

    public UpstreamLimits withAnswerBytes(int bytes) {
        return new UpstreamLimits(connect, firstByte, call, idle, bytes, sessions, connections);
    }

    public UpstreamLimits withSessions(int most) {
        return new UpstreamLimits(connect, firstByte, call, idle, answerBytes, most, connections);
    }

    public UpstreamLimits withConnections(int most) {
        return new UpstreamLimits(connect, firstByte, call, idle, answerBytes, sessions, most);
    }
}
