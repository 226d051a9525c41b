package dev.reeve.policy;

import dev.reeve.policy.ResourceNames.RefusedException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * URIs of what MCP servers have. A server is asked for one as it was written, so none is changed: one that a server may take for another one
 * (RFC 3986, section 6) is refused (R4, R23).
 */
final class Uris {
    private static final String FILE = "file:";
    private static final String FILE_AND_PATH = "file:///";
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");
    private static final Pattern WRITTEN_WRONGLY = Pattern.compile("%(?![0-9A-F]{2})");

    /** Of these a server may leave the user out. */
    private static final Set<String> WITHOUT_USER = Set.of("http:", "https:", "ws:", "wss:");

    private Uris() {}

    /** @throws RefusedException if it may mean something else to a server than to a pattern */
    static void check(String uri) throws RefusedException {
        if (uri.regionMatches(true, 0, FILE, 0, FILE.length())) {
            checkFile(uri);
            return;
        }
        if (uri.length() > ResourceNames.LONGEST || uri.contains("..") || uri.contains("\\")) {
            throw new RefusedException("the URI is too long, or holds `..` or `\\`");
        }
        if (ResourceNames.NEEDLESS.matcher(uri).find()
                || WRITTEN_WRONGLY.matcher(uri).find()) {
            throw new RefusedException("the URI holds a needless `%`, or one without two of `0-9A-F` behind it");
        }
        if (ResourceNames.holdsInvisible(uri)) {
            throw new RefusedException("the URI holds a control or invisible character");
        }
        if (uri.indexOf('#') >= 0) {
            throw new RefusedException("the URI holds a fragment, which is no part of what is read");
        }
        checkParts(uri);
    }

    private static void checkFile(String uri) throws RefusedException {
        if (!uri.startsWith(FILE_AND_PATH)) {
            throw new RefusedException("a file's URI is written `file:///` and its path");
        }
        if (uri.indexOf('?') >= 0 || uri.indexOf('#') >= 0) {
            throw new RefusedException("a file's URI has no query and no fragment");
        }
        ResourceNames.value(FILE, uri.substring(FILE_AND_PATH.length() - 1));
    }

    private static void checkParts(String uri) throws RefusedException {
        Matcher matcher = SCHEME.matcher(uri);
        String scheme = matcher.lookingAt() ? matcher.group() : "";
        if (!scheme.equals(scheme.toLowerCase(Locale.ROOT))) {
            throw new RefusedException("the scheme of a URI is written in small letters");
        }
        int query = uri.indexOf('?');
        String named = uri.substring(scheme.length(), query < 0 ? uri.length() : Math.max(query, scheme.length()));
        String path = named.startsWith("//") ? named.substring(2) : named;
        if (path.contains("//")) {
            throw new RefusedException("the path of the URI holds `//`");
        }
        for (String segment : path.split("/", -1)) {
            if (segment.equals(".")) {
                throw new RefusedException("the path of the URI holds `.`");
            }
        }
        String authority = path.substring(0, path.indexOf('/') < 0 ? path.length() : path.indexOf('/'));
        if (WITHOUT_USER.contains(scheme) && named.startsWith("//") && authority.indexOf('@') >= 0) {
            throw new RefusedException("the URI holds a user");
        }
    }
}
