package dev.reeve.store;

import java.sql.Connection;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.ParsedSql;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * Reads our own statements: each {@code ?} is a parameter, and values never stand in the text. JDBI's parser is a grammar that also
 * knows names and literals, which we do not use; its first statement costs a start a third of its CPU, as the compiler takes it for hot.
 */
public final class PositionalSql implements SqlParser {
    /** What would need a grammar: literals and quoted names, parameters by name, comments. */
    private static final String NOT_OURS = "'\"`:\\";

    PositionalSql() {}

    /** A handle on a connection, whose statements are read this way. */
    public static Handle open(Connection connection) {
        Jdbi jdbi = Jdbi.create(connection);
        jdbi.getConfig(SqlStatements.class)
                .setTemplateEngine(TemplateEngine.NOP)
                .setSqlParser(new PositionalSql());
        return jdbi.open();
    }

    /** @throws IllegalArgumentException if the statement has anything but words, operators and {@code ?} */
    @Override
    public ParsedSql parse(String sql, StatementContext context) {
        ParsedSql.Builder parsed = ParsedSql.builder();
        int from = 0;
        for (int i = 0; i < sql.length(); i++) {
            char c = sql.charAt(i);
            if (c == '?') {
                parsed.append(sql.substring(from, i)).appendPositionalParameter();
                from = i + 1;
            } else if (NOT_OURS.indexOf(c) >= 0 || sql.startsWith("--", i) || sql.startsWith("/*", i)) {
                throw new IllegalArgumentException("a statement of the store may have no " + c + ": " + sql);
            }
        }
        return parsed.append(sql.substring(from)).build();
    }

    @Override
    public String nameParameter(String name, StatementContext context) {
        throw new IllegalArgumentException("statements of the store have no parameters by name: " + name);
    }
}
