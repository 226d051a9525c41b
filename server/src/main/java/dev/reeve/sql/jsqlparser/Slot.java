package dev.reeve.sql.jsqlparser;

import java.util.Optional;
import java.util.function.Consumer;
import net.sf.jsqlparser.schema.Table;
import net.sf.jsqlparser.statement.select.FromItem;
import net.sf.jsqlparser.statement.select.PlainSelect;
import org.jspecify.annotations.Nullable;

/**
 * Where something stands that is read from.
 *
 * @param put replaces what stands there
 * @param alone the query, if it reads from nothing else
 */
record Slot(Consumer<FromItem> put, @Nullable PlainSelect alone) {
    /** Beside a table that is changed, where nothing is ever put. */
    static final Slot FIXED = new Slot(
            item -> {
                throw new IllegalStateException("a change is not restricted");
            },
            null);

    /** A table that a statement reads from, at one place. */
    record Place(Table table, Consumer<FromItem> put, Optional<PlainSelect> alone) {}

    Place of(Table table) {
        return new Place(table, put, Optional.ofNullable(alone));
    }
}
