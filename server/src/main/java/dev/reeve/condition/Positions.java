package dev.reeve.condition;

/** Where in an expression, as people count. */
final class Positions {
    private Positions() {}

    /**
     * @param line from 1
     * @param column from 0, as CEL counts
     */
    static String at(int line, int column) {
        return line <= 1 ? "column " + (column + 1) + ": " : "line " + line + ", column " + (column + 1) + ": ";
    }
}
