package dev.reeve.policy;

import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Turns a value of an argument into a resource name in the one form that patterns are written for, or refuses it. Whatever could mean
 * something else to a server than to a pattern is refused (R23).
 */
final class ResourceNames {
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}");
    private static final int LONGEST = 4_096;

    private ResourceNames() {}

    /** The value cannot be made a name. The message quotes nothing. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message, null, false, false);
        }
    }

    /** @param form what stands before the value: {@code mail:}, {@code file:}, {@code db:sales/}, ... */
    static String value(String form, String value) throws RefusedException {
        if (value.isEmpty() || value.length() > LONGEST) {
            throw new RefusedException("it is empty or longer than " + LONGEST + " characters");
        }
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i)) || isInvisible(value.charAt(i))) {
                throw new RefusedException("it holds a control or invisible character");
            }
        }
        return switch (form) {
            case "file:" -> path(value);
            case "url:" -> url(value);
            case "mail:" -> mail(value);
            case "host:" -> host(value);
            default -> plain(value);
        };
    }

    private static boolean isInvisible(char c) {
        return Character.getType(c) == Character.FORMAT || Character.getType(c) == Character.LINE_SEPARATOR;
    }

    static String path(String path) throws RefusedException {
        if (path.contains("%") || path.contains("\\") || path.contains(":") || path.contains("//")) {
            throw new RefusedException("a path holds `%`, `\\`, `:` or `//`");
        }
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..") || segment.equals(".") || segment.endsWith(" ")) {
                throw new RefusedException("a path holds `.` or `..`, or a name that ends in a space");
            }
        }
        if (path.startsWith("~")) {
            throw new RefusedException("a path begins with `~`");
        }
        return path;
    }

    /** Scheme and host in lower case, no default port, a path that is never empty. */
    static String url(String text) throws RefusedException {
        try {
            URI uri = new URI(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            if (!(scheme.equals("http") || scheme.equals("https"))
                    || uri.getHost() == null
                    || uri.getRawUserInfo() != null) {
                throw new RefusedException("a URL is http or https, with a host and without a user");
            }
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            checkUrlPath(path);
            int usual = scheme.equals("http") ? 80 : 443;
            String port = uri.getPort() < 0 || uri.getPort() == usual ? "" : ":" + uri.getPort();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            return scheme + "://" + host(uri.getHost()) + port + path + query;
        } catch (URISyntaxException e) {
            throw new RefusedException("it is not a URL (RFC 3986)");
        }
    }

    private static void checkUrlPath(String path) throws RefusedException {
        String lower = path.toLowerCase(Locale.ROOT);
        if (lower.contains("%2f") || lower.contains("%5c") || lower.contains("%2e") || lower.contains("%00")) {
            throw new RefusedException("a URL hides a slash, a dot or NUL behind `%`");
        }
        for (String segment : path.split("/", -1)) {
            if (segment.equals("..") || segment.equals(".")) {
                throw new RefusedException("a URL's path holds `.` or `..`");
            }
        }
    }

    private static String host(String host) throws RefusedException {
        String plain = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        try {
            String ascii = plain.startsWith("[") ? plain : IDN.toASCII(plain, IDN.USE_STD3_ASCII_RULES);
            if (ascii.isEmpty() || ascii.contains("/")) {
                throw new RefusedException("it is not a host");
            }
            return ascii.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new RefusedException("it is not a host name");
        }
    }

    /** One plain address. A list in one string would be decided by its first and sent to all. */
    private static String mail(String address) throws RefusedException {
        if (!ADDRESS.matcher(address).matches() || address.contains("*") || address.contains("/")) {
            throw new RefusedException("it is not one plain mail address");
        }
        int at = address.lastIndexOf('@');
        return address.substring(0, at) + "@" + address.substring(at + 1).toLowerCase(Locale.ROOT);
    }

    private static String plain(String value) throws RefusedException {
        if (value.contains("/") || value.contains("*") || value.equals("..")) {
            throw new RefusedException("it holds `/` or `*`");
        }
        return value;
    }
}
