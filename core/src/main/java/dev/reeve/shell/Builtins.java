package dev.reeve.shell;

import dev.reeve.shell.ShellReader.ShellScript;
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

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** Run what they are given, now or later, or change what the words of the rest stand for; some are other shells' own. */
    private static final Set<String> OPAQUE = Set.of(
            ".",
            "source",
            "let",
            "bind",
            "complete",
            "compgen",
            "compopt",
            "fc",
            "history",
            "autoload",
            "emulate",
            "nocorrect",
            "noglob",
            "sched",
            "setopt",
            "unsetopt",
            "zcompile",
            "zle",
            "zmodload");

    /** Without an argument they only show what there is. */
    private static final Set<String> OPAQUE_WITH_ARGUMENTS = Set.of("alias", "unalias", "enable");

    private static final Set<String> SHELL_OPTIONS =
            Set.of("-s", "-u", "-q", "-p", "nullglob", "globstar", "failglob", "inherit_errexit", "lastpipe");

    private static final String NEVER = "(?!)";

    private final Uses uses;
    private final ShellScript script;

    Builtins(Uses uses, ShellScript script) {
        this.uses = uses;
        this.script = script;
    }

    /**
     * What is not named here runs nothing whatever it is given ({@code echo}, {@code exit}, {@code shift}, {@code umask}, ...), or is no command of the
     * shell's own.
     */
    void read(String program, List<Word> arguments) throws ShellRefusedException {
        switch (program) {
            case "set" -> set(arguments);
            case "trap" -> trap(arguments);
            case "read" -> names(program, arguments, "-[rse]*a?", "-[rse]*[dinNptu]", "-[rse]*[nNtu][0-9.]+");
            case "mapfile", "readarray" -> names(program, arguments, "-t+", "-t*[dnsOu]", "-t*[nsOu][0-9]+");
            case "unset" -> names(program, arguments, "-[vfn]+", NEVER, NEVER);
            case "getopts" ->
                names(
                        program,
                        arguments.subList(Math.min(1, arguments.size()), Math.min(2, arguments.size())),
                        NEVER,
                        NEVER,
                        NEVER);
            case "jobs" -> only(program, arguments, "-[lnprs]+|[^-].*");
            case "wait" -> only(program, arguments, "-[nf]+|[^-].*");
            case "hash" -> only(program, arguments, "-r");
            case "shopt" -> {
                if (!arguments.stream().allMatch(word -> word.isLiteral() && SHELL_OPTIONS.contains(word.text()))) {
                    opaque(program);
                }
            }
            default -> {
                if (OPAQUE.contains(program) || (OPAQUE_WITH_ARGUMENTS.contains(program) && !arguments.isEmpty())) {
                    opaque(program);
                }
            }
        }
    }

    private void opaque(String program) {
        uses.opaque(What.PROGRAM, "`" + program + "` may run what it is given, or change what the rest means");
    }

    private void only(String program, List<Word> arguments, String known) {
        if (!arguments.stream().allMatch(word -> word.isLiteral() && word.text().matches(known))) {
            opaque(program);
        }
    }

    private void set(List<Word> arguments) {
        Optional<Integer> after = options(arguments, OPTIONS);
        boolean literal = after.isPresent()
                && (after.get() == arguments.size()
                        || arguments.get(after.get()).isLiteral());
        if (!literal) {
            opaque("set");
        }
    }

    /** The text is run later, in whatever folder that is then. */
    private void trap(List<Word> arguments) throws ShellRefusedException {
        List<Word> words = !arguments.isEmpty() && arguments.getFirst().is("--")
                ? arguments.subList(1, arguments.size())
                : arguments;
        if (words.isEmpty()) {
            return;
        }
        Word first = words.getFirst();
        if (!first.isLiteral()) {
            opaque("trap");
        } else if (!first.text().matches("-|-[lp]+|")) {
            uses.repeat();
            script.within(first.text());
        }
    }

    /** Names of variables: one with a subscript is calculated, and calculating can run commands. */
    private void names(String program, List<Word> arguments, String flags, String valued, String attached) {
        int at = 0;
        while (at < arguments.size() && arguments.get(at).isLiteral()) {
            String text = arguments.get(at).text();
            if (text.matches(valued) && at + 1 < arguments.size() && !Evaluations.splits(arguments.get(at + 1))) {
                at++;
            } else if (!text.equals("--")
                    && (!text.startsWith("-") || !(text.matches(flags) || text.matches(attached)))) {
                break;
            }
            at++;
        }
        for (Word word : arguments.subList(at, arguments.size())) {
            if (word.isLiteral() && NAME.matcher(word.text()).matches()) {
                uses.sets(word.text());
            } else {
                opaque(program);
            }
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
                if (at == arguments.size() || !isHarmlessOption(arguments.get(at))) {
                    return Optional.empty();
                }
            }
            at++;
        }
        return Optional.of(at);
    }

    /** A name behind {@code -o}. */
    static boolean isHarmlessOption(Word word) {
        return word.isLiteral() && NAMES.contains(word.text());
    }
}
