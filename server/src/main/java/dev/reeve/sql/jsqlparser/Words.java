package dev.reeve.sql.jsqlparser;

import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlSchema;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParserConstants;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.parser.Token;

/**
 * The words of one statement, before and beside its tree: how many, how deep, and how names are spelled.
 *
 * <p>Names are compared in lower case here. For PostgreSQL {@code "C"} and {@code c} are two names, for MySQL two tables; a statement that
 * spells one name in two ways could make the two sides see different tables, so it is refused.
 */
final class Words {
    private static final int END = 0;
    private static final int MOST = 12_000;
    private static final int DEEPEST = 60;
    /** Each makes the parser look at those before it again. */
    private static final int MOST_DOTS = 8;

    /** From lower case to how it is written. */
    private final Map<String, String> written = new HashMap<>();

    private final Set<String> twice = new HashSet<>();
    private int count;
    private int dots;
    private boolean afterDot;

    private Words() {}

    /** In one pass over the text; no tree is built yet. */
    static Words of(String sql, SqlDialect dialect) {
        Words words = new Words();
        CCJSqlParser lexer = CCJSqlParserUtil.newParser(sql);
        int open = 0;
        for (Token token = lexer.getNextToken(); token.kind != END; token = lexer.getNextToken()) {
            words.count(token.image);
            open += token.image.equals("(") ? 1 : token.image.equals(")") ? -1 : 0;
            if (open > DEEPEST) {
                throw new RefusedSqlException("sql_too_deep", "parentheses are nested deeper than " + DEEPEST);
            }
            if (token.kind != CCJSqlParserConstants.S_CHAR_LITERAL) {
                if (dialect == SqlDialect.POSTGRESQL && token.image.equalsIgnoreCase("user")) {
                    throw new RefusedSqlException("sql_name", "`user` alone means the login; a column is `\"user\"`");
                }
                words.add(token.image, dialect);
            }
        }
        return words;
    }

    private void count(String image) {
        if (++count > MOST) {
            throw new RefusedSqlException("sql_too_long", "a statement has at most " + MOST + " words");
        }
        boolean dot = image.startsWith(".");
        dots = dot ? dots + 1 : afterDot ? dots : 0;
        afterDot = dot;
        if (dots > MOST_DOTS) {
            throw new RefusedSqlException("sql_name", "a name has at most " + MOST_DOTS + " dots");
        }
    }

    private void add(String image, SqlDialect dialect) {
        boolean quoted = image.length() > 2 && (image.charAt(0) == '"' || image.charAt(0) == '`');
        String bare = quoted ? image.substring(1, image.length() - 1) : image;
        String lower = bare.toLowerCase(Locale.ROOT);
        String exact = quoted || dialect == SqlDialect.MYSQL ? bare : lower;
        String before = written.putIfAbsent(lower, exact);
        if (before != null && !before.equals(exact)) {
            twice.add(lower);
        }
    }

    /** @param tables what the statement calls tables, aliases and WITH queries, in lower case */
    void check(SqlDialect dialect, SqlSchema schema, Set<String> tables) {
        switch (dialect) {
            case SQLITE -> {}
            case MYSQL -> twice.stream().filter(tables::contains).findFirst().ifPresent(Words::refuse);
            case POSTGRESQL -> {
                twice.stream().findFirst().ifPresent(Words::refuse);
                Set<String> known = new HashSet<>();
                written.forEach((lower, exact) -> {
                    if (!exact.equals(schema.spellings().getOrDefault(lower, lower))) {
                        fill(known, schema);
                        if (known.contains(lower)) {
                            refuse(lower);
                        }
                    }
                });
            }
        }
    }

    /** Once, and only where a name needs it: looking through the schema for each name would be an agent's to repeat. */
    private static void fill(Set<String> known, SqlSchema schema) {
        if (known.isEmpty()) {
            schema.tables().forEach((table, columns) -> {
                known.add(table);
                known.addAll(columns);
            });
        }
    }

    private static void refuse(String name) {
        throw new RefusedSqlException(
                "sql_name", "the name `" + name + "` is spelled in two ways, or not as it was created");
    }
}
