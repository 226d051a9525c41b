package dev.reeve.shell;

/**
 * What one command may cost (R8).
 *
 * @param characters of the whole text
 * @param depth of nested commands, substitutions and scripts in arguments
 * @param commands simple commands in all
 * @param words in all
 */
public record ShellLimits(int characters, int depth, int commands, int words) {
    /** Above what agents write: their longest are here-documents of some ten thousand characters. */
    public static final ShellLimits DEFAULT = new ShellLimits(256 << 10, 24, 500, 5_000);
}
