package dev.reeve.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The database did not do what a statement says. The message holds no bound value. */
public final class SqlFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    SqlFailure(@Nullable String message, @Nullable SQLException cause) {
        super(message, cause);
    }
}
