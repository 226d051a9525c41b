package dev.reeve.outbound;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in our own words why a connection failed: what a library or a peer says may hold foreign text (R9). */
final class Reasons {
    private static final int DEEPEST = 10;

    private Reasons() {}

    static String of(@Nullable Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return "no connection in time";
        }
        if (cause instanceof NoRouteToHostException) {
            return "no route to the host";
        }
        if (cause instanceof ConnectException) {
            return "connection refused";
        }
        if (cause instanceof SSLException) {
            return isAboutTrust(cause)
                    ? "its TLS certificate is not trusted, has expired or is for another host"
                    : "the TLS handshake failed";
        }
        return "the connection broke";
    }

    private static boolean isAboutTrust(Throwable top) {
        @Nullable Throwable cause = top;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof CertificateException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
