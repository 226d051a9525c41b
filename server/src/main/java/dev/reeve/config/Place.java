package dev.reeve.config;

/**
 * Where something is written.
 *
 * @param file as the operator would type it in the home folder: {@code policies/roles.yaml}
 * @param line from 1; 0 means the whole file
 * @param column from 1; 0 means the whole line
 */
public record Place(String file, int line, int column) implements Comparable<Place> {
    static Place file(String file) {
        return new Place(file, 0, 0);
    }

    @Override
    public int compareTo(Place other) {
        int byFile = file.compareTo(other.file);
        if (byFile != 0) {
            return byFile;
        }
        return line == other.line ? Integer.compare(column, other.column) : Integer.compare(line, other.line);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line;
    }
}
