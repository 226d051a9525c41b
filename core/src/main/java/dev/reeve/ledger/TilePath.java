package dev.reeve.ledger;

/** Where C2SP tlog-tiles puts what, below the folder of a log. */
final class TilePath {
    static final String CHECKPOINT = "checkpoint";
    static final int WIDTH = 256;

    private TilePath() {}

    /** @param width 1 to 256; below 256 it is a partial tile */
    static String tile(int level, long number, int width) {
        return "tile/" + level + "/" + number(number) + suffix(width);
    }

    static String bundle(long number, int width) {
        return "tile/entries/" + number(number) + suffix(width);
    }

    /** How many hashes a level of a tree of this size has. */
    static long hashes(long size, int level) {
        return size >>> (level * Frontier.TILE_HEIGHT);
    }

    /** How wide this tile is in a tree that has so many hashes at its level; 0 if there is none. */
    static int width(long hashes, long number) {
        return Math.clamp(hashes - number * WIDTH, 0, WIDTH);
    }

    /** Three digits an element, all but the last with an `x`: no file is ever in the way of a folder. */
    private static String number(long number) {
        String last = String.format("%03d", number % 1000);
        StringBuilder path = new StringBuilder(last);
        for (long rest = number / 1000; rest > 0; rest /= 1000) {
            path.insert(0, String.format("x%03d/", rest % 1000));
        }
        return path.toString();
    }

    private static String suffix(int width) {
        return width == WIDTH ? "" : ".p/" + width;
    }
}
