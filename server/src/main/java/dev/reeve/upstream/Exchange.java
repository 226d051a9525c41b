package dev.reeve.upstream;

import dev.reeve.json.Json;
import java.util.Optional;

/** What happens between call and answer. Implemented by the adapter that the call came from. */
public interface Exchange {
    /** {@code params} of a progress notification, without its token: tokens are the adapter's own (R13). May block for a slow reader. */
    void progress(Json.Obj params);

    /** {@code params} of a log message of the server: level, logger, data and nothing else. May block for a slow reader. */
    default void log(Json.Obj params) {}

    /** The server answers with a stream, which may take long. */
    default void streams() {}

    /**
     * The server has closed its stream before the answer, and is asked for the rest later (2025-11-25).
     *
     * @param retryMillis how long it wants to be left alone until then, at most a minute
     */
    default void pauses(int retryMillis) {}

    /**
     * The answer is a large one: waits until there is room for so many bytes, which the caller keeps until it has passed them on.
     *
     * @param deadline in the time of {@link System#nanoTime}
     * @return false if there was no room in time
     */
    default boolean large(long bytes, long deadline) {
        return true;
    }

    /** A resource that the caller subscribed to has changed. Never blocks. */
    default void updated() {}

    /** False if nobody would see progress: then the server is not asked for any. */
    default boolean wantsProgress() {
        return true;
    }

    /** From which level on the caller takes log messages; empty if it takes none. */
    default Optional<LogLevel> logsFrom() {
        return Optional.empty();
    }

    /** The level that the caller asked for, which servers are told; empty if it left that to them. */
    default Optional<LogLevel> logLevel() {
        return Optional.empty();
    }

    /** What the caller's client can be asked, as far as the operator lets this server ask. */
    default Offered offered() {
        return Offered.NOTHING;
    }

    /** The same, without log messages and questions. */
    default Exchange withoutAsides() {
        Exchange whole = this;
        return new Exchange() {
            @Override
            public void progress(Json.Obj params) {
                whole.progress(params);
            }

            @Override
            public boolean wantsProgress() {
                return whole.wantsProgress();
            }

            @Override
            public boolean large(long bytes, long deadline) {
                return whole.large(bytes, deadline);
            }

            @Override
            public void onCancel(Runnable stop) {
                whole.onCancel(stop);
            }
        };
    }

    /** Registers what stops the call. Runs at once if the caller has gone already. */
    void onCancel(Runnable stop);

    /** For callers that want nothing of it. */
    static Exchange silent() {
        return silent(Offered.NOTHING);
    }

    /** The same, to a server that is told what a client could be asked. */
    static Exchange silent(Offered offered) {
        return new Exchange() {
            @Override
            public Offered offered() {
                return offered;
            }

            @Override
            public boolean wantsProgress() {
                return false;
            }

            @Override
            public void progress(Json.Obj params) {}

            @Override
            public void onCancel(Runnable stop) {}
        };
    }
}
