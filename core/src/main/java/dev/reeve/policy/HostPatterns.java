package dev.reeve.policy;

import dev.reeve.policy.ResourceNames.RefusedException;
import java.util.regex.Pattern;

/** Patterns of hosts. One that no host fits would be silent, and a prohibition by it open: it is refused. */
final class HostPatterns {
    private static final String HOST = "host:";

    /** What the one spelling of a host is made of. */
    private static final Pattern LETTERS = Pattern.compile("[a-z0-9.*-]*|[\\[*][a-z0-9.*:\\[-]*[\\]*]");

    private HostPatterns() {}

    /** @throws IllegalArgumentException if no host is ever named so, with what to write */
    static void check(Glob pattern) {
        if (!pattern.prefix().startsWith(HOST)) {
            return;
        }
        String written = pattern.toString().substring(HOST.length());
        if (pattern.isLiteral()) {
            checkHost(pattern, written);
        } else if (written.endsWith(".")) {
            throw dead(pattern, "the last dot is left out; write `" + HOST + written.replaceFirst("\\.+$", "") + "`");
        } else if (!LETTERS.matcher(written).matches()) {
            throw dead(
                    pattern,
                    "a host is letters of ASCII, digits, `-` and dots, or an IPv6 address in `[]`; no scheme, port or path");
        }
    }

    private static void checkHost(Glob pattern, String written) {
        try {
            String named = HostNames.canonical(written);
            if (!named.equals(written)) {
                throw dead(pattern, "such a host is named otherwise; write `" + HOST + named + "`");
            }
        } catch (RefusedException e) {
            throw new IllegalArgumentException("nothing is named `" + pattern + "`: " + e.getMessage(), e);
        }
    }

    private static IllegalArgumentException dead(Glob pattern, String why) {
        return new IllegalArgumentException("nothing is named `" + pattern + "`: " + why);
    }
}
