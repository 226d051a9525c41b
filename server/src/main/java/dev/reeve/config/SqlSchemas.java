package dev.reeve.config;

import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlSchema;

/** Reads CREATE statements. The parser is brought by whoever starts the process. */
@FunctionalInterface
public interface SqlSchemas {
    SqlSchema read(String statements, SqlDialect dialect) throws BadSchemaException;

    /** A file of CREATE statements that is not understood whole. */
    final class BadSchemaException extends Exception {
        private static final long serialVersionUID = 1;
        private final int line;

        /** @param line from 1; 0 if it is not known */
        public BadSchemaException(int line, String message) {
            super(message, null, false, false);
            this.line = line;
        }

        public int line() {
            return line;
        }
    }
}
