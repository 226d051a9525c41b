package dev.reeve.upstream;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From which level on a server with sessions was told to log. It is told once, and again only for more: each call passes on only what it wants. Safe for
 * use by many threads.
 */
final class LogsFrom {
    private volatile @Nullable LogLevel told;

    /** The level that the server is to be told before this call, if it is; from now on it counts as told. */
    Optional<LogLevel> toTell(Call call, Agreement agreement) {
        Optional<LogLevel> wanted = call.logLevel();
        LogLevel before = told;
        if (wanted.isEmpty()
                || agreement.modern()
                || !agreement.offers("logging")
                || (before != null && before.compareTo(wanted.get()) <= 0)) {
            return Optional.empty();
        }
        told = wanted.get();
        return wanted;
    }
}
