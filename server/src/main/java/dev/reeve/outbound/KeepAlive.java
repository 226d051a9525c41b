package dev.reeve.outbound;

import io.netty.handler.codec.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a server keeps an idle connection, where it says so ({@code Keep-Alive: timeout=5}). A request that crosses the server's close on
 * the wire has an unknown outcome, so we let go first.
 */
final class KeepAlive {
    private static final Pattern TIMEOUT = Pattern.compile("\\btimeout=([0-9]{1,6})\\b");
    private static final long MARGIN = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);

    private KeepAlive() {}

    /** 0 if the server says nothing. */
    static long nanos(HttpResponse response) {
        String value = response.headers().get("Keep-Alive");
        Matcher found = value == null || value.length() > 100 ? null : TIMEOUT.matcher(value);
        if (found == null || !found.find()) {
            return 0;
        }
        long said = TimeUnit.SECONDS.toNanos(Long.parseLong(found.group(1)));
        return Math.clamp(said - MARGIN, 1, LONGEST);
    }
}
