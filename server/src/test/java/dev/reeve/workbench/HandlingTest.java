package dev.reeve.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.workbench.Handling.Change;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HandlingTest {
    private static Handling said(String parts) {
        return parts.isEmpty() ? Handling.NONE : new Handling(Set.copyOf(Handling.read(parts)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                          | ''                                            | SAME",
                "only the columns a, b; at most 2 rows       | at most 2 rows; only the columns a, b         | SAME",
                "only the columns a, b                       | only the columns a                            | TIGHTER",
                "only the columns a                          | only the columns a, b                         | WIDER",
                "only the columns a; at most 2 rows          | at most 2 rows                                | WIDER",
                "only the columns a                          | only the columns a; at most 2 rows            | TIGHTER",
                "at most 2 rows                              | at most 1 row                                 | TIGHTER",
                "at most 2 rows                              | at most 3 rows                                | WIDER",
                "only the columns a; at most 2 rows          | only the columns a, b; at most 1 row          | WIDER",
                "a, found email masked                       | a masked                                      | WIDER",
                "a masked                                    | a, found email masked                         | TIGHTER",
                "t.a masked; t.b masked                      | t.b masked                                    | WIDER",
                "rows are filtered by `m` (x is 1)           | rows are filtered by `m` (x is 2)             | WIDER",
                "rows are filtered by `m` (x is 1)           | ''                                            | WIDER",
                "''                                          | rows are filtered by `m` (x is 1)             | TIGHTER",
                "rows are filtered by `m`                    | rows are filtered by `m` (x is 1)             | UNKNOWN",
                "rows are filtered by `m`                    | rows are filtered by `n` (x is 1)             | WIDER",
                "rows are filtered by `m`; at most 2 rows    | rows are filtered by `m` (x); at most 3 rows  | WIDER",
            })
    void moreIsShownOrLess(String then, String now, Change change) {
        assertEquals(change, said(then).to(said(now)));
    }
}
