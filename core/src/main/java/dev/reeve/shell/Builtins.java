package dev.reeve.shell;

import dev.reeve.shell.ShellUse.What;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The shell's own commands that may change what the rest of the text means, or run what they are given. */
final class Builtins {
    /**
     * Options of the shell that leave alone what the text means. Not among them: {@code -k}, which makes variables of arguments, {@code -a}, which shows
     * variables to programs, {@code -H}, which repeats earlier commands.
     */
    private static final Pattern OPTIONS = Pattern.compile("[-+][efuvxnbCEPT]*o?");

    private static final Set<String> NAMES = Set.of(
            "errexit", "errtrace", "noclobber", "noglob", "nounset", "pipefail", "verbose", "xtrace", "functrace");

    private Builtins() {}

    static void set(List<Word> arguments, Uses uses) {
        Optional<Integer> after = options(arguments, OPTIONS);
        boolean literal = after.isPresent()
                && (after.get() == arguments.size()
                        || arguments.get(after.get()).isLiteral());
        if (!literal) {
            uses.opaque(What.PROGRAM, "an option of `set` may change what the rest means");
        }
    }

    /**
     * @param known options without a value, joined or not, and {@code o} as the last of them
     * @return where they end; empty if one of them is not known
     */
    static Optional<Integer> options(List<Word> arguments, Pattern known) {
        int at = 0;
        while (at < arguments.size() && arguments.get(at).isLiteral()) {
            String text = arguments.get(at).text();
            if (text.equals("--") || text.equals("-")) {
                return Optional.of(arguments.size());
            }
            if (!text.startsWith("-") && !text.startsWith("+")) {
                break;
            }
            if (!known.matcher(text).matches()) {
                return Optional.empty();
            }
            if (text.endsWith("o")) {
                at++;
                if (at == arguments.size() || !NAMES.contains(arguments.get(at).text())) {
                    return Optional.empty();
                }
            }
            at++;
        }
        return Optional.of(at);
    }
}
