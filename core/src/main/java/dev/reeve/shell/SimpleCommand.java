package dev.reeve.shell;

import java.util.List;

/**
 * A program with its arguments, wherever in the text it stands.
 *
 * @param words the program first; empty if only variables are set or files opened
 * @param sets names of variables that are set, for it or for what follows
 * @param repeated it stands in a loop or a function, and may run many times
 */
record SimpleCommand(List<Word> words, List<String> sets, List<Redirection> redirections, boolean repeated) {
    SimpleCommand {
        words = List.copyOf(words);
        sets = List.copyOf(sets);
        redirections = List.copyOf(redirections);
    }

    /** A file that the shell opens. */
    record Redirection(boolean reads, boolean writes, Word target) {}
}
