package dev.reeve.policy;

/** Where something is written. Lines and columns count from 1; 0 means unknown. */
public record Place(String file, int line, int column) {
    public static final Place BUILT_IN = new Place("built-in", 0, 0);

    @Override
    public String toString() {
        return line > 0 ? file + ":" + line : file;
    }
}
