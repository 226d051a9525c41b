package dev.reeve.sql;

import java.util.List;

/** What was found in a text. */
public sealed interface SqlInspection {
    /** @param rendering what is sent instead of the text */
    record Statement(List<TableAccess> tables, String rendering) implements SqlInspection {
        public Statement {
            tables = List.copyOf(tables);
        }
    }

    /** @param code stable; {@code reason} is for people, with user input in backticks */
    record Refused(String code, String reason) implements SqlInspection {}
}
