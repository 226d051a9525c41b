package dev.reeve.guard;

import java.util.Locale;
import java.util.Set;

/** Mail addresses (the plain form of RFC 5321: no quotes, no literals). */
final class Mails {
    private static final CharSet LOCAL = CharSet.of("0-9A-Za-z.!#$%&*+/=?^_`{|}~'-");
    private static final CharSet BEGINS = CharSet.of("0-9A-Za-z_");
    private static final CharSet DOMAIN = CharSet.of("0-9A-Za-z.-");
    private static final CharSet ADDRESS = CharSet.of("0-9A-Za-z:/._%~!$&+=-");
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
        int start = window.runBack(LOCAL, sign, 65);
        while (start < sign && !BEGINS.has(window.at(start))) {
            start++;
        }
        int end = window.run(DOMAIN, sign + 1, 254);
        while (end > sign && (window.at(end - 1) == '.' || window.at(end - 1) == '-')) {
            end--;
        }
        if (start == sign
                || sign - start > 64
                || window.isWord(end)
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

    /** {@code scheme://user:password@host} holds no mail address. */
    private static boolean isLogin(Window window, int start) {
        int before = window.runBack(ADDRESS, start, 128);
        return before < start && window.text(before, start).contains("//");
    }

    private static boolean isDomain(String domain, int dot) {
        String last = domain.substring(dot + 1);
        return last.length() >= 2
                && last.length() <= 24
                && last.chars().allMatch(c -> c >= 'a' && c <= 'z')
                && CharSet.ALNUM.has(domain.charAt(0))
                && !domain.contains("..")
                && !NO_DOMAINS.contains(last);
    }

    private static boolean isSomebody(String local, String domain) {
        return !MACHINES.contains(local) && !local.contains("..") && !domain.startsWith("users.noreply.");
    }
}
