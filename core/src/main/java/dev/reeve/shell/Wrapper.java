package dev.reeve.shell;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The own arguments of a program that runs another.
 *
 * @param flags options without a value, {@code valued} those whose value is the next word
 * @param attached beginnings of options whose value is part of them
 * @param own words that come before the program
 */
record Wrapper(Set<String> flags, Set<String> valued, List<String> attached, int own) {
    private static final Wrapper PLAIN = new Wrapper(Set.of("--"), Set.of(), List.of(), 0);
    private static final Map<String, Wrapper> KNOWN = Map.of(
            "sudo", new Wrapper(Set.of("-n", "-E", "-H", "-S", "-k", "--"), Set.of("-u", "-g"), List.of(), 0),
            "doas", new Wrapper(Set.of("-n", "--"), Set.of("-u"), List.of(), 0),
            "nice", new Wrapper(Set.of("--"), Set.of("-n"), List.of("-n", "--adjustment="), 0),
            "ionice", new Wrapper(Set.of("--", "-t"), Set.of("-c", "-n"), List.of("-c", "-n"), 0),
            "setsid", new Wrapper(Set.of("--", "-f", "-w", "-c"), Set.of(), List.of(), 0),
            "stdbuf", new Wrapper(Set.of("--"), Set.of("-o", "-e", "-i"), List.of("-o", "-e", "-i"), 0),
            "timeout",
                    new Wrapper(
                            Set.of("--", "-v", "--foreground", "--preserve-status"),
                            Set.of("-k", "-s"),
                            List.of("--signal=", "--kill-after="),
                            1),
            "xargs",
                    new Wrapper(
                            Set.of("--", "-0", "-r", "-t", "--null", "--no-run-if-empty"),
                            Set.of("-n", "-P", "-L", "-d", "-I", "-s"),
                            List.of("-n", "-P", "-L", "-d", "-I", "-s", "--max-args=", "--max-procs="),
                            0),
            "time", new Wrapper(Set.of("-p", "--"), Set.of(), List.of(), 0));

    static Wrapper of(String program) {
        return KNOWN.getOrDefault(program, PLAIN);
    }

    /** Where the program stands, or the first option that is not known. */
    int skip(List<Word> arguments) {
        int at = 0;
        while (at < arguments.size() && arguments.get(at).isLiteral()) {
            String text = arguments.get(at).text();
            if (valued.contains(text)) {
                // A value that is not written out may become several words, and the second would be the program.
                if (at + 1 >= arguments.size() || !arguments.get(at + 1).isLiteral()) {
                    break;
                }
                at++;
            } else if (!flags.contains(text)
                    && attached.stream().noneMatch(one -> text.startsWith(one) && text.length() > one.length())) {
                break;
            }
            at++;
        }
        boolean stays = at < arguments.size()
                && (arguments.get(at).text().startsWith("-")
                        || !arguments.get(at).isLiteral());
        return Math.min(arguments.size(), stays ? at : at + own);
    }

    /** What {@code xargs -I} replaces. */
    Optional<String> mark(List<Word> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String text = arguments.get(i).text();
            if (text.equals("-I") && i + 1 < arguments.size()) {
                return Optional.of(arguments.get(i + 1).text());
            }
            if (text.startsWith("-I") && text.length() > 2) {
                return Optional.of(text.substring(2));
            }
        }
        return Optional.empty();
    }
}
