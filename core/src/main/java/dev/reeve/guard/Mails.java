package dev.reeve.guard;

import java.util.Locale;
import java.util.Set;

/** Mail addresses (the plain form of RFC 5321: no quotes, no literals), with Latin letters of any sort (RFC 6531). */
final class Mails {
    /** Without what stands before a value in an address or a query: {@code /}, {@code ?}, {@code #} and {@code &}. */
    private static final CharSet LOCAL = CharSet.of("0-9A-Za-z.!$%*+=^_`{|}~'-");

    private static final CharSet BEGINS = CharSet.of("0-9A-Za-z_");
    private static final CharSet DOMAIN = CharSet.of("0-9A-Za-z.-");
    private static final CharSet ADDRESS = CharSet.of("0-9A-Za-z:/._%~!$&+=-");
    private static final int LONGEST_LOCAL = 64;
    private static final int LONGEST_DOMAIN = 254;
    private static final Set<String> MACHINES = Set.of(
            "git",
            "hg",
            "noreply",
            "no-reply",
            "donotreply",
            "do-not-reply",
            "mailer-daemon",
            "postmaster",
            "root",
            "nobody");
    /** What looks like a domain's end, and is a file's, a unit's or a house's own. */
    private static final Set<String> NO_DOMAINS = Set.of(
            "png",
            "jpg",
            "jpeg",
            "gif",
            "svg",
            "webp",
            "css",
            "js",
            "ts",
            "jsx",
            "tsx",
            "json",
            "yaml",
            "yml",
            "md",
            "html",
            "java",
            "py",
            "rs",
            "go",
            "rb",
            "php",
            "sh",
            "txt",
            "xml",
            "csv",
            "pdf",
            "toml",
            "lock",
            "mjs",
            "cjs",
            "jar",
            "whl",
            "gz",
            "tgz",
            "tar",
            "wasm",
            "log",
            "service",
            "timer",
            "socket",
            "target",
            "mount",
            "local",
            "internal",
            "localdomain",
            "lan",
            "svc",
            "cluster",
            "invalid");

    private Mails() {}

    static void at(Window window, int sign, Sink sink) {
        int start = begin(window, sign);
        int end = end(window, sign);
        if (start == sign
                || sign - start > LONGEST_LOCAL
                || end == sign
                || window.at(end) == '_'
                || window.at(end) == '@'
                || isLogin(window, start)) {
            return;
        }
        String local = window.text(start, sign).toLowerCase(Locale.ROOT);
        String domain = window.text(sign + 1, Math.max(end, sign + 1)).toLowerCase(Locale.ROOT);
        int dot = domain.lastIndexOf('.');
        if (dot > 0 && isDomain(domain, dot) && isSomebody(local, domain)) {
            sink.found(Kinds.EMAIL, start, end);
        }
    }

    /** Where the part before the sign begins: behind what a URL, a query or a setting has before a value. */
    private static int begin(Window window, int sign) {
        int start = sign;
        int equals = -1;
        boolean isForwarded = false;
        while (sign - start <= LONGEST_LOCAL && isOfLocal(window.at(start - 1))) {
            char c = window.at(--start);
            equals = c == '=' && equals < 0 ? start : equals;
            // A mailing list writes for whom it sends behind a plus, and `=` for `@`.
            isForwarded |= c == '+' && equals >= 0;
        }
        if (equals >= 0 && !isForwarded) {
            start = equals + 1;
        }
        while (start < sign && !BEGINS.has(window.at(start)) && !isLatin(window.at(start))) {
            start++;
        }
        return start;
    }

    /** Behind the domain; the sign itself if there is none. */
    private static int end(Window window, int sign) {
        int end = sign + 1;
        while (end - sign < LONGEST_DOMAIN && isOfDomain(window.at(end))) {
            end++;
        }
        if (isOfDomain(window.at(end))) {
            return sign;
        }
        while (end > sign && (window.at(end - 1) == '.' || window.at(end - 1) == '-')) {
            end--;
        }
        return end;
    }

    private static boolean isOfLocal(char c) {
        return LOCAL.has(c) || isLatin(c);
    }

    private static boolean isOfDomain(char c) {
        return DOMAIN.has(c) || isLatin(c);
    }

    private static boolean isLatin(char c) {
        return c >= '\u00c0' && c <= '\u024f' && Character.isLetter(c);
    }

    /** {@code scheme://user:password@host} holds no mail address; what stands in the path or the query of a URL may be one. */
    private static boolean isLogin(Window window, int start) {
        int before = window.runBack(ADDRESS, start, 128);
        String address = window.text(before, start);
        int authority = address.lastIndexOf("//");
        return authority >= 0 && address.indexOf('/', authority + 2) < 0;
    }

    private static boolean isDomain(String domain, int dot) {
        String last = domain.substring(dot + 1);
        return last.length() >= 2
                && last.length() <= 24
                && last.chars().allMatch(c -> c >= 'a' && c <= 'z')
                && (CharSet.ALNUM.has(domain.charAt(0)) || isLatin(domain.charAt(0)))
                && !domain.contains("..")
                && !NO_DOMAINS.contains(last);
    }

    private static boolean isSomebody(String local, String domain) {
        return !MACHINES.contains(local) && !local.contains("..") && !domain.startsWith("users.noreply.");
    }
}
