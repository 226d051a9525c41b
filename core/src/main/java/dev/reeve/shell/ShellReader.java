package dev.reeve.shell;

import dev.reeve.shell.ShellUse.Way;
import dev.reeve.shell.ShellUse.What;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * From the text of a command to what it would do.
 *
 * <p>Security guarantees: every program that bash or a POSIX shell would start itself is among the answers, or the answer holds an
 * {@link ShellUse.Opaque} or is a refusal; so is every file that the shell itself opens. Not guaranteed: what the programs do, other
 * than the few whose arguments are read; aliases and functions that the shell knew before; shells with another grammar.
 */
public final class ShellReader {
    private ShellReader() {}

    /**
     * @param folders in one of which it runs, absolute
     * @param home what {@code ~} stands for, absolute
     * @throws ShellRefusedException if the text is not certain to be understood; then nothing is known of it
     */
    public static List<ShellUse> read(String text, Set<String> folders, String home, ShellLimits limits)
            throws ShellRefusedException {
        Folders places = new Folders(folders);
        Uses uses = new Uses(places);
        ShellScript script = new ShellScript(uses, home, limits, 0);
        script.read(text);
        if (places.changed() && uses.repeats()) {
            // A function or the next round of a loop runs where a later `cd` leads.
            places.settle();
            script.read(text);
        }
        return uses.found();
    }

    /** A text, or one within another: {@code sh -c '...'}. */
    static final class ShellScript {
        private static final int DEEPEST = 6;

        /** No files: bash connects to what stands behind. */
        private static final Pattern CONNECTION = Pattern.compile("/dev/(tcp|udp)/");

        private final Uses uses;
        private final String home;
        private final ShellLimits limits;
        private final int depth;

        ShellScript(Uses uses, String home, ShellLimits limits, int depth) {
            this.uses = uses;
            this.home = home;
            this.limits = limits;
            this.depth = depth;
        }

        void read(String text) throws ShellRefusedException {
            Reading reading = new Reading(limits, home);
            reading.check(text);
            new ShellParser(new Cursor(text), reading).script();
            for (SimpleCommand command : reading.commands()) {
                if (command.repeated()) {
                    uses.repeat();
                }
                command.redirections().forEach(this::opens);
                command.sets().forEach(uses::sets);
                if (!command.words().isEmpty()) {
                    new Programs(uses, this, command.repeated()).run(command.words());
                }
            }
        }

        void within(String text) throws ShellRefusedException {
            if (depth == DEEPEST) {
                throw new ShellRefusedException("it hands scripts to shells more than " + DEEPEST + " deep");
            }
            new ShellScript(uses, home, limits, depth + 1).read(text);
        }

        private void opens(SimpleCommand.Redirection redirection) {
            Word target = redirection.target();
            if (target.isLiteral()
                    && CONNECTION.matcher(Folders.tidy(target.text())).lookingAt()) {
                uses.opaque(What.PROGRAM, "the shell itself opens a connection");
            }
            if (redirection.reads()) {
                uses.file(target, Way.READ);
            }
            if (redirection.writes()) {
                uses.file(target, Way.WRITE);
            }
        }
    }
}
