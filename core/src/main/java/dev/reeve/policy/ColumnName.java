package dev.reeve.policy;

import java.util.Locale;
import java.util.Optional;

/**
 * A column or a field of a document, by its resource: {@code db:crm/customers.email}.
 *
 * @param table in lower case, as {@code path}
 * @param path {@code email}, or {@code address.city}
 */
record ColumnName(String table, String path) {
    /** Empty for what is no column: a whole table, a file. */
    static Optional<ColumnName> of(String resource) {
        int slash = resource.startsWith("db:") ? resource.indexOf('/') : -1;
        int dot = slash < 0 ? -1 : resource.indexOf('.', slash);
        return dot < 0
                ? Optional.empty()
                : Optional.of(new ColumnName(
                        resource.substring(slash + 1, dot).toLowerCase(Locale.ROOT),
                        resource.substring(dot + 1).toLowerCase(Locale.ROOT)));
    }

    /** @param written {@code email} or {@code customers.email}, in lower case; what is below it is meant too */
    boolean isWithin(String written) {
        return isBelow(path, written) || isBelow(table + "." + path, withTable(written));
    }

    /** Whether it is what is written, within it, or holds it. */
    boolean meets(String written) {
        return isWithin(written) || isBelow(written, path) || isBelow(withTable(written), table + "." + path);
    }

    /** A name without a table names none. */
    private static String withTable(String written) {
        return written.indexOf('.') < 0 ? written + ".?" : written;
    }

    private static boolean isBelow(String path, String above) {
        return path.equals(above) || path.startsWith(above + ".");
    }
}
