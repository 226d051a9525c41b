package dev.reeve.connect;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says where a command line or a URL seems to hold a secret, which would then stand in the operator's file and in every list of processes.
 * A guess on the side of caution: what it misses is shown in the difference, which a person reads.
 */
final class SecretLooks {
    private static final Pattern NAMES = Pattern.compile(
            "(?i).*(api[-_]?key|access[-_]?key|token|secret|passw(or)?d|passphrase|credential|authorization|bearer).*");

    /** Beginnings that their issuers chose so that scanners find them. */
    private static final Pattern ISSUED = Pattern.compile(
            "(?s).*\\b(sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\\w{20,}|glpat-[\\w-]{16,}|xox[abeoprs]-[\\w-]{10,}"
                    + "|AKIA[0-9A-Z]{16}|AIza[\\w-]{30,}|eyJ[\\w-]{10,}\\.[\\w-]{10,}.*|npm_\\w{20,}|hf_\\w{20,}|reeve[a-z]?_\\w{16,}"
                    + "|(?i:bearer|basic)\\s+[\\w.+/=-]{8,}).*");

    /** Without hyphens, slashes and dots: those are in names of packages and files. */
    private static final Pattern RANDOM = Pattern.compile("(?=.*[0-9])(?=.*[A-Za-z])[A-Za-z0-9_+=]{32,}");

    /** In a query a short name is enough, and so is a value that nobody would type. */
    private static final Pattern QUERY = Pattern.compile(
            "(?i)(?:^|&)(?:key|sig|signature|auth|pass|pwd)=[^&]|=(?=[^&]*[0-9])(?=[^&]*[a-z])[a-z0-9_]{20,}(?:&|$)");

    private SecretLooks() {}

    /** What looks like a secret, named by its place; its value is not in it. */
    static Optional<String> inCommand(List<String> command) {
        for (int i = 0; i < command.size(); i++) {
            String argument = command.get(i);
            boolean afterName = i > 0
                    && command.get(i - 1).startsWith("-")
                    && !command.get(i - 1).contains("=")
                    && NAMES.matcher(command.get(i - 1)).matches()
                    && !argument.startsWith("-");
            if (afterName || isOne(argument)) {
                return Optional.of(i == 0 ? "the command" : "argument " + i);
            }
        }
        return Optional.empty();
    }

    static boolean isOne(String text) {
        int equals = text.indexOf('=');
        boolean named = equals > 0
                && equals < text.length() - 1
                && NAMES.matcher(text.substring(0, equals)).matches();
        return named || ISSUED.matcher(text).matches() || RANDOM.matcher(text).matches() || inUrl(text);
    }

    /** True for a password before the host, or a query member that is named like a secret. */
    static boolean inUrl(String text) {
        int scheme = text.indexOf("://");
        if (scheme < 0) {
            return false;
        }
        try {
            URI uri = new URI(text);
            String user = uri.getRawUserInfo();
            String query = uri.getRawQuery();
            return (user != null && user.contains(":"))
                    || (query != null
                            && (NAMES.matcher(query).matches()
                                    || QUERY.matcher(query).find()));
        } catch (URISyntaxException e) {
            return text.indexOf('@', scheme) > 0;
        }
    }
}
