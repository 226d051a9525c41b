package dev.reeve.ledger;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tile or a bundle as C2SP tlog-tiles names it in a path.
 *
 * @param level 0 to 63, or {@link #ENTRIES}
 * @param number of the tile within its level
 * @param width 1 to 256; below 256 it is partial
 */
public record TileName(int level, long number, int width) {
    /** Stands for a level: the entries themselves. */
    public static final int ENTRIES = -1;

    private static final int MOST_LEVEL = 63;
    private static final int MOST_LENGTH = 64;
    private static final Pattern PATH =
            Pattern.compile("tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    /** @param path without the log's prefix; each name has one spelling, anything else is none */
    public static Optional<TileName> parse(String path) {
        Matcher parts = PATH.matcher(path);
        if (path.length() > MOST_LENGTH || !parts.matches()) {
            return Optional.empty();
        }
        int level = parts.group(1).equals("entries") ? ENTRIES : Integer.parseInt(parts.group(1));
        long number = Long.parseLong(parts.group(2).replace("x", "").replace("/", ""));
        int width = parts.group(3) == null ? TilePath.WIDTH : Integer.parseInt(parts.group(3));
        TileName name = new TileName(level, number, width);
        return level <= MOST_LEVEL && name.path().equals(path) ? Optional.of(name) : Optional.empty();
    }

    /** What {@link #parse} reads. */
    public String path() {
        return level == ENTRIES ? TilePath.bundle(number, width) : TilePath.tile(level, number, width);
    }

    /** Whether it never changes and is never outgrown. */
    public boolean isFull() {
        return width == TilePath.WIDTH;
    }

    /** Whether a tree of this size has it; the beginning of a tile that is wider by now is there, too. */
    boolean isIn(long size) {
        if (level >= Long.SIZE / Frontier.TILE_HEIGHT) {
            return false;
        }
        long hashes = level == ENTRIES ? size : TilePath.hashes(size, level);
        // First: the product below would overflow.
        return number <= hashes / TilePath.WIDTH && width <= TilePath.width(hashes, number);
    }

    /** The number of the first hash in it, or of the first entry. */
    public long first() {
        return number * TilePath.WIDTH;
    }
}
