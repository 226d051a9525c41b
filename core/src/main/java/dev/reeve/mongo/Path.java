package dev.reeve.mongo;

import java.util.regex.Pattern;

/** Dotted paths of fields. */
final class Path {
    private static final int LONGEST = 512;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,6}");

    private Path() {}

    /** The path without the numbers that stand for places in arrays. */
    static String of(String written) {
        if (written.length() > LONGEST) {
            throw RefusedMongoException.malformed("a path has at most " + LONGEST + " characters");
        }
        StringBuilder path = new StringBuilder();
        for (String segment : written.split("\\.", -1)) {
            boolean index = !path.isEmpty() && INDEX.matcher(segment).matches();
            if (!index && !NAME.matcher(segment).matches()) {
                throw new RefusedMongoException(
                        "mongo_name", "`" + written + "` is no path of letters, digits and `_`, as `address.city`");
            }
            if (!index) {
                path.append(path.isEmpty() ? "" : ".").append(segment);
            }
        }
        return path.toString();
    }

    /** One name, without a dot. */
    static String name(String written) {
        if (!NAME.matcher(written).matches()) {
            throw new RefusedMongoException("mongo_name", "`" + written + "` is no name of letters, digits and `_`");
        }
        return written;
    }

    /** Whether one is the other, or stands above it. */
    static boolean covers(String upper, String lower) {
        return lower.equals(upper) || lower.startsWith(upper + ".");
    }
}
