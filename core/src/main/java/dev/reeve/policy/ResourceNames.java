package dev.reeve.policy;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns a value of an argument into a resource name in the one form that patterns are written for, or refuses it. Whatever could mean
 * something else to a server than to a pattern is refused (R23).
 */
final class ResourceNames {
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}");
    private static final Pattern COLUMN = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*(\\.[A-Za-z_][A-Za-z0-9_$]*){0,8}");

    /** What RFC 3986 calls unreserved: `%61` and `a` are the same to a server, and two things to a pattern. */
    static final Pattern NEEDLESS =
            Pattern.compile("%(2[DdEe]|3[0-9]|4[1-9A-Fa-f]|5[0-9AaFf]|6[1-9A-Fa-f]|7[0-9AaEe])|%2[Ff]|%5[Cc]|%00|%25");

    /** What a server could take for a parameter, the end of the path, or more than one segment. */
    private static final Pattern MISLEADING = Pattern.compile("[/\\\\%?#;*]");

    /** What a server could take for another letter, the end of the query, or another parameter. */
    private static final Pattern IN_QUERY = Pattern.compile("[%#&]");

    /** What stands for itself in a segment: RFC 3986, section 3.3, without `;` and `*`. */
    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()+,=:@";

    static final int LONGEST = 4_096;

    /** Forms that rules are written for; whatever else stands before a colon is a form of the operator's own. */
    static final Set<String> FORMS = Set.of(
            "tool:", "url:", "host:", "file:", "db:", "mail:", "secret:", "model:", "agent:", "mcp:", "prompt:", "ask:",
            "shell:", "glob:", "opaque:", "api:");

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
        if (holdsInvisible(value)) {
            throw new RefusedException("it holds a control or invisible character");
        }
        return switch (form) {
            case "file:" -> path(value);
            case "url:" -> url(value);
            case "mail:" -> mail(value);
            case "host:" -> HostNames.canonical(value);
            default -> form.startsWith("db:") && form.endsWith("/") ? column(value) : plain(value);
        };
    }

    /** The name of something that an agent's program touches: a form and a value. */
    static String touched(String name) throws RefusedException {
        int colon = name.indexOf(':');
        String form = name.substring(0, colon + 1);
        String value = name.substring(colon + 1);
        return switch (form) {
            case "file:", "url:", "mail:", "host:" -> form + value(form, value);
            // A pattern of file names is a path with wildcards of the shell's.
            case "glob:" -> form + value("file:", value);
            case "mcp:" -> ofServer(value);
            default -> form + whole(value);
        };
    }

    /**
     * The name of something that an enforcement point asks about: a name of the catalogue, or a form and a value.
     */
    static String asked(String name) throws RefusedException {
        int colon = name.indexOf(':');
        String form = name.substring(0, colon + 1);
        String value = name.substring(colon + 1);
        return switch (form) {
            case "file:", "url:", "mail:", "host:" -> form + value(form, value);
            case "mcp:" -> ofServer(value);
            case "api:" -> {
                // What the URL of an operation could not hold, its name does not hold either.
                if (value.contains("..") || value.contains("//") || value.contains("%") || value.contains("\\")) {
                    throw new RefusedException("it holds `..`, `//`, `%` or a backslash");
                }
                yield form + whole(value);
            }
            case "db:" -> {
                int slash = value.indexOf('/');
                yield slash < 0
                        ? whole(value)
                        : form + whole(value.substring(0, slash)) + "/" + value("db:/", value.substring(slash + 1));
            }
            default -> {
                if (FORMS.contains(form.toLowerCase(Locale.ROOT)) && !FORMS.contains(form)) {
                    throw new RefusedException("a form is written in small letters");
                }
                yield form + whole(value);
            }
        };
    }

    /** As it is, if it is a name at all. */
    private static String whole(String value) throws RefusedException {
        if (value.isEmpty() || value.length() > LONGEST || holdsInvisible(value)) {
            throw new RefusedException("a name is empty, too long or holds an invisible character");
        }
        return value;
    }

    static boolean holdsInvisible(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (isInvisible(c)) {
                return true;
            }
            i += Character.charCount(c);
        }
        return false;
    }

    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    /** Also as it looks: a full-width stop or slash is a plain one to some systems. */
    static String path(String path) throws RefusedException {
        checkPath(path);
        String looks = Normalizer.normalize(path, Normalizer.Form.NFKC);
        checkPath(looks);
        if (looks.chars().filter(c -> c == '/').count()
                != path.chars().filter(c -> c == '/').count()) {
            throw new RefusedException("a path holds what looks like `/`");
        }
        if (!Normalizer.isNormalized(path, Normalizer.Form.NFC)) {
            throw new RefusedException("a path has letters in parts (it is not Unicode NFC)");
        }
        return path;
    }

    private static void checkPath(String path) throws RefusedException {
        if (path.contains("%") || path.contains("\\") || path.contains(":") || path.contains("//")) {
            throw new RefusedException("a path holds `%`, `\\`, `:` or `//`");
        }
        for (String segment : path.split("/", -1)) {
            // Some systems drop a dot or a space at the end of a name, so that it names another file.
            if (segment.endsWith(".") || segment.endsWith(" ")) {
                throw new RefusedException("a path holds `.` or `..`, or a name that ends in a dot or a space");
            }
        }
        if (path.startsWith("~")) {
            throw new RefusedException("a path begins with `~`");
        }
        if (path.length() > 1 && path.endsWith("/")) {
            throw new RefusedException("a path ends in `/`; leave it out");
        }
    }

    /** A server's resource. */
    static String atServer(String upstream, String uri) {
        return "mcp:" + upstream + "/" + uri;
    }

    /** What reading this URI from this server is named, whoever asks: it stands behind the server's name as it is, or is refused. */
    static String resource(String upstream, String uri) throws RefusedException {
        Uris.check(uri);
        return atServer(upstream, uri);
    }

    /** The same of {@code SERVER/URI}. */
    private static String ofServer(String value) throws RefusedException {
        int slash = value.indexOf('/');
        if (slash <= 0 || slash == value.length() - 1) {
            throw new RefusedException("what a server has is named `mcp:SERVER/URI`");
        }
        return resource(whole(value.substring(0, slash)), whole(value.substring(slash + 1)));
    }

    /** Scheme and host in lower case, no default port, a path that is never empty and encoded in one way, no empty query. */
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
            int usual = scheme.equals("http") ? 80 : 443;
            String port = uri.getPort() < 0 || uri.getPort() == usual ? "" : ":" + uri.getPort();
            String query = uri.getRawQuery() == null || uri.getRawQuery().isEmpty() ? "" : "?" + uri.getRawQuery();
            return scheme + "://" + HostNames.canonical(uri.getHost()) + port + urlPath(path) + query;
        } catch (URISyntaxException e) {
            throw new RefusedException("it is not a URL (RFC 3986)");
        }
    }

    /**
     * What a place in a URL is filled with: it stays within its segment of the path or its parameter of the query. Whether a server decodes it is not
     * known, so what would be two things then is refused.
     *
     * @param before the URL up to the place
     */
    static String urlPart(String before, String value) throws RefusedException {
        int authority = before.indexOf("://");
        boolean query = before.indexOf('?') >= 0;
        if (authority < 0 || (!query && before.indexOf('/', authority + 3) < 0)) {
            if (MISLEADING.matcher(value).find() || value.contains("@")) {
                throw new RefusedException("a URL's host holds one of `/\\%?#;*@`");
            }
            return value;
        }
        if (query && IN_QUERY.matcher(value).find()) {
            throw new RefusedException("what stands in a URL's query holds one of `%#&`");
        }
        if (!query) {
            checkSegment(value);
        }
        StringBuilder part = new StringBuilder();
        encode(value, part);
        return part.toString();
    }

    private static String urlPath(String path) throws RefusedException {
        if (NEEDLESS.matcher(path).find()) {
            throw new RefusedException("a URL hides a slash, a dot, a letter or NUL behind `%`");
        }
        if (path.contains("//")) {
            throw new RefusedException("a URL's path holds `//`");
        }
        StringBuilder one = new StringBuilder();
        for (String written : path.substring(1).split("/", -1)) {
            one.append('/');
            encode(written.isEmpty() ? "" : segment(written), one);
        }
        return one.toString();
    }

    /** A segment of a URL's path, decoded once. */
    static String segment(String encoded) throws RefusedException {
        try {
            String decoded = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
            if (decoded.indexOf('\uFFFD') >= 0) {
                throw new RefusedException("a URL's path is not UTF-8");
            }
            checkSegment(decoded);
            return decoded;
        } catch (IllegalArgumentException e) {
            throw new RefusedException("a URL's path is wrongly encoded");
        }
    }

    /** Also as it looks: some servers make a full-width slash or stop a plain one. */
    static void checkSegment(String segment) throws RefusedException {
        String looks = Normalizer.normalize(segment, Normalizer.Form.NFKC);
        for (String one : List.of(segment, looks)) {
            if (MISLEADING.matcher(one).find() || one.equals(".") || one.equals("..")) {
                throw new RefusedException(
                        "a segment of a URL's path is `.` or `..`, or holds one of `/\\%?#;*` or what looks like it");
            }
        }
        if (segment.codePoints().anyMatch(c -> isInvisible(c) || isOddSpace(c)) || !segment.equals(segment.strip())) {
            throw new RefusedException(
                    "a segment of a URL's path begins or ends with a space, or holds an invisible character");
        }
        if (!Normalizer.isNormalized(segment, Normalizer.Form.NFC)) {
            throw new RefusedException("a URL's path has letters in parts (it is not Unicode NFC)");
        }
    }

    /** Drawn as a space or as nothing at all; the plain space is ordinary in names of files. */
    private static boolean isOddSpace(int c) {
        return (Character.getType(c) == Character.SPACE_SEPARATOR && c != ' ')
                || c == 0x034F
                || c == 0x115F
                || c == 0x1160
                || c == 0x2800
                || c == 0x3164
                || c == 0xFFA0
                || (c >= 0x180B && c <= 0x180F)
                || (c >= 0xFE00 && c <= 0xFE0F)
                || (c >= 0xE0000 && c <= 0xE0FFF);
    }

    private static void encode(String segment, StringBuilder to) {
        for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
            if (PLAIN.indexOf((char) (b & 0xFF)) >= 0) {
                to.append((char) b);
            } else {
                to.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
    }

    /** One plain address, in small letters: hardly a server tells boxes apart by their capitals. A list in one string would be decided by its first and sent to all. */
    private static String mail(String address) throws RefusedException {
        if (!ADDRESS.matcher(address).matches() || address.contains("*") || address.contains("/")) {
            throw new RefusedException("it is not one plain mail address");
        }
        int at = address.lastIndexOf('@');
        String host = address.substring(at + 1);
        if (host.endsWith(".")) {
            throw new RefusedException("its host ends in a dot");
        }
        return address.substring(0, at).toLowerCase(Locale.ROOT) + "@" + HostNames.canonical(host);
    }

    /** A table, or a table and a column, in lower case as SQL is read. */
    private static String column(String value) throws RefusedException {
        if (!COLUMN.matcher(value).matches()) {
            throw new RefusedException("it is not a table or `table.column`");
        }
        return value.toLowerCase(Locale.ROOT);
    }

    private static String plain(String value) throws RefusedException {
        if (value.contains("/") || value.contains("*") || value.equals("..")) {
            throw new RefusedException("it holds `/` or `*`");
        }
        return value;
    }
}
