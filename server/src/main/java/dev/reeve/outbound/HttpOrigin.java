package dev.reeve.outbound;

import java.net.URI;
import java.util.Locale;

/** Scheme, host and port: what connections are pooled for. */
public record HttpOrigin(boolean tls, String host, int port) {
    /** @throws IllegalArgumentException with what is wrong with it */
    public static HttpOrigin of(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException("`" + url + "` is not an http or https URL");
        }
        String host = url.getHost();
        if (host == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("a URL has a host, and neither a user nor a fragment");
        }
        boolean tls = scheme.equals("https");
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new HttpOrigin(tls, bare, url.getPort() == -1 ? tls ? 443 : 80 : url.getPort());
    }

    /** As the Host header says it. */
    public String authority() {
        String bracketed = host.contains(":") ? "[" + host + "]" : host;
        return port == (tls ? 443 : 80) ? bracketed : bracketed + ":" + port;
    }

    @Override
    public String toString() {
        return (tls ? "https://" : "http://") + authority();
    }
}
