package dev.reeve.shell;

import dev.reeve.openapi.SentRequest;
import java.util.List;
import java.util.Optional;

/** One thing that a command would do. */
public sealed interface ShellUse {
    /**
     * Runs a program, or what the shell itself does under such a name.
     *
     * @param names from wide to narrow: {@code git}, {@code git push}, {@code git push origin}; a program that is not in one of the
     *     system's folders is named by its whole path
     * @param arguments as the program gets them where they are written out; as they are written otherwise
     * @param literal whether all of them are written out
     * @param folders in one of which it runs; empty if that cannot be said
     */
    record Runs(List<String> names, List<String> arguments, boolean literal, List<String> folders) implements ShellUse {
        public Runs {
            names = List.copyOf(names);
            arguments = List.copyOf(arguments);
            folders = List.copyOf(folders);
        }
    }

    /** Opens or changes a file; the path is absolute, not yet checked. */
    record Touches(String path, Way way) implements ShellUse {}

    /** Opens or changes what a pattern of file names matches; the path is absolute and holds {@code * ? [}. */
    record Matches(String path, Way way) implements ShellUse {}

    /**
     * Fetches from, or sends to, what is written as a URL.
     *
     * @param request how, with a method that {@link SentRequest#verb} knows; empty: it is fetched, and no more is known
     */
    record Fetches(String url, Optional<SentRequest> request) implements ShellUse {}

    /** Sets a variable that other programs or the shell may look at: {@code PATH}, {@code LD_PRELOAD}, ... */
    record Sets(String variable) implements ShellUse {}

    /** Cannot be known from the text. */
    record Opaque(What what, String why) implements ShellUse {}

    /** What is not known. */
    enum What {
        /** What is run. */
        PROGRAM,
        /** Which file. */
        FILE
    }

    /** How a file is used. */
    enum Way {
        READ,
        /** Made, or changed. */
        WRITE,
        DELETE
    }
}
