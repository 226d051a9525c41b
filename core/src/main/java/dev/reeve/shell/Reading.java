package dev.reeve.shell;

import java.util.ArrayList;
import java.util.List;

/** What is shared by all levels of one text: what was found, and what may still be spent. */
final class Reading {
    private final ShellLimits limits;
    private final String home;
    private final List<SimpleCommand> commands = new ArrayList<>();
    private int depth;
    private int words;
    private int repeating;

    Reading(ShellLimits limits, String home) {
        this.limits = limits;
        this.home = home;
    }

    /** What {@code ~} stands for. */
    String home() {
        return home;
    }

    List<SimpleCommand> commands() {
        return commands;
    }

    void enter() throws ShellRefusedException {
        if (++depth > limits.depth()) {
            throw new ShellRefusedException("it is nested more than " + limits.depth() + " deep");
        }
    }

    void leave() {
        depth--;
    }

    void repeat(int change) {
        repeating += change;
    }

    boolean repeating() {
        return repeating > 0;
    }

    void word() throws ShellRefusedException {
        if (++words > limits.words()) {
            throw new ShellRefusedException("it has more than " + limits.words() + " words");
        }
    }

    void add(SimpleCommand command) throws ShellRefusedException {
        if (commands.size() >= limits.commands()) {
            throw new ShellRefusedException("it has more than " + limits.commands() + " commands");
        }
        commands.add(command);
    }

    void check(String text) throws ShellRefusedException {
        if (text.length() > limits.characters()) {
            throw new ShellRefusedException("it has more than " + limits.characters() + " characters");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' && c != '\n' && c != '\t') {
                throw new ShellRefusedException("it holds a control character");
            }
        }
    }
}
