package dev.reeve.config;

import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads CREATE TABLE of one line: enough for tests of files. */
final class TinySchemas {
    private static final Pattern TABLE = Pattern.compile("CREATE TABLE (\\w+) \\((.*)\\);");

    private TinySchemas() {}

    static SqlSchema read(String statements, SqlDialect dialect) throws SqlSchemas.BadSchemaException {
        Map<String, List<String>> tables = new LinkedHashMap<>();
        int number = 0;
        for (String line : statements.lines().toList()) {
            number++;
            Matcher table = TABLE.matcher(line);
            if (!table.matches()) {
                throw new SqlSchemas.BadSchemaException(number, "not understood");
            }
            tables.put(
                    table.group(1).toLowerCase(Locale.ROOT),
                    Stream.of(table.group(2).split(",", -1))
                            .map(column -> column.strip().split(" ", 2)[0])
                            .toList());
        }
        return new SqlSchema(tables);
    }
}
