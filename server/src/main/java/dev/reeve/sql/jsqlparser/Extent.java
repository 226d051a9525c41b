package dev.reeve.sql.jsqlparser;

/**
 * What one statement may come to, however short its text is (R8): {@code *} and WITH make a hundred words a million columns. Counted before
 * anything is built, and over the whole statement, subqueries included.
 */
final class Extent {
    static final int MOST_SOURCES = 64;
    static final int MOST_NAMES = 2_000;

    private final int mostSources;
    private int sources;
    private int queries;
    private int names;

    private Extent(int mostSources) {
        this.mostSources = mostSources;
    }

    /** Of a text that somebody else wrote. */
    static Extent written() {
        return new Extent(MOST_SOURCES);
    }

    /** Of a statement in which we put a query in the place of each table: two sources for one. */
    static Extent restricted() {
        return new Extent(2 * MOST_SOURCES);
    }

    /** One more table or query in FROM. */
    void source() {
        if (++sources > mostSources) {
            throw new RefusedSqlException(
                    "sql_too_many", "a statement reads from at most " + MOST_SOURCES + " tables and queries in all");
        }
    }

    /** One more query in WITH. */
    void query() {
        if (++queries > MOST_SOURCES) {
            throw new RefusedSqlException(
                    "sql_too_many", "a statement has at most " + MOST_SOURCES + " queries in WITH");
        }
    }

    /** So many more columns, of which the text does not name each. */
    void names(int more) {
        // Never beyond what an int holds: the sum is bounded before the next is added.
        if (more > MOST_NAMES - names) {
            throw new RefusedSqlException(
                    "sql_too_many",
                    "with `*` written out the statement comes to more than " + MOST_NAMES
                            + " columns; name those that are needed");
        }
        names += more;
    }
}
