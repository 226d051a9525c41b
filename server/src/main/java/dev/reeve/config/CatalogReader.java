package dev.reeve.config;

import dev.reeve.policy.PolicySource;
import dev.reeve.policy.WrittenLimits;
import dev.reeve.sql.SqlDialect;
import dev.reeve.sql.SqlSchema;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The folder {@code catalog} as values. */
final class CatalogReader {
    private final Snapshot snapshot;
    private final SqlSchemas schemas;
    private final Problems problems;
    private final Sections sections;

    CatalogReader(Snapshot snapshot, SqlSchemas schemas, Problems problems) {
        this.snapshot = snapshot;
        this.schemas = schemas;
        this.problems = problems;
        this.sections = Sections.read(snapshot.yaml(PolicyFiles.CATALOG), CatalogShape.ROOT, problems);
    }

    List<PolicySource.Resource> resources() {
        List<PolicySource.Resource> resources = new ArrayList<>();
        sections.each("resources", (name, member) -> resource(name, member).ifPresent(resources::add));
        return resources;
    }

    private Optional<PolicySource.Resource> resource(String name, Node.Member member) {
        if (!(member.value() instanceof Node.Mapping entry)) {
            return Optional.empty();
        }
        Map<String, Set<String>> columns = new LinkedHashMap<>();
        entry.membersOf("tags")
                .forEach((column, tags) ->
                        columns.put(column.toLowerCase(Locale.ROOT), Set.copyOf(texts(tags.value()))));
        Map<String, String> row = new LinkedHashMap<>();
        entry.membersOf("row")
                .forEach((field, attribute) -> texts(attribute.value()).forEach(it -> row.put(field, it)));
        Optional<PolicySource.Database> database = entry.mapping("database").flatMap(this::database);
        if (!columns.isEmpty() && !entry.mentions("database")) {
            problems.error(
                    entry.get("tags").orElse(entry),
                    "only a database has columns",
                    "write `tags: [pii]` for all of it");
        }
        database.ifPresent(it -> entry.membersOf("tags").forEach((column, tags) -> known(column, tags, it.schema())));
        return Optional.of(new PolicySource.Resource(
                name, database, Set.copyOf(entry.texts("tags")), columns, row, entry.texts("actions"), member.key()));
    }

    /** A tag on a column that does not exist protects nothing, and looks as if it did. */
    private void known(String column, Node.Member member, SqlSchema schema) {
        String low = column.toLowerCase(Locale.ROOT);
        Set<String> columns = new HashSet<>();
        schema.tables()
                .forEach((table, names) -> names.forEach(it -> columns.add(table + "." + it.toLowerCase(Locale.ROOT))));
        if (!columns.contains(low)) {
            problems.error(
                    member.key(),
                    member.value().field(),
                    "the schema has no column \"" + column + "\"",
                    Nearest.hint(low, columns));
        }
    }

    private static List<String> texts(Node node) {
        return Node.scalarsOf(node).stream().map(Node.Scalar::text).toList();
    }

    private Optional<PolicySource.Database> database(Node.Mapping entry) {
        Optional<SqlDialect> dialect = entry.text("dialect").map(it -> SqlDialect.valueOf(it.toUpperCase(Locale.ROOT)));
        Optional<Node.Scalar> file = entry.scalar("schema");
        if (dialect.isEmpty() || file.isEmpty()) {
            return Optional.empty();
        }
        return schema(file.get(), dialect.get()).map(it -> new PolicySource.Database(dialect.get(), it));
    }

    private Optional<SqlSchema> schema(Node.Scalar node, SqlDialect dialect) {
        String name = PolicyFiles.CATALOG + "/" + node.text();
        byte[] bytes = snapshot.files().get(name);
        if (bytes == null) {
            problems.error(
                    node,
                    "there is no file " + name,
                    "write the CREATE statements of the database there (a dump of its schema)");
            return Optional.empty();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return Optional.of(schemas.read(text, dialect));
        } catch (CharacterCodingException e) {
            problems.error(Problems.file(name), "", "is not UTF-8", "save it as UTF-8");
        } catch (SqlSchemas.BadSchemaException e) {
            problems.error(new dev.reeve.policy.Place(name, e.line(), 0), "", String.valueOf(e.getMessage()), "");
        }
        return Optional.empty();
    }

    List<PolicySource.Tool> tools() {
        List<PolicySource.Tool> tools = new ArrayList<>();
        sections.each("tools", (pattern, member) -> {
            if (member.value() instanceof Node.Mapping entry) {
                tools.add(tool(pattern, entry, member));
            }
        });
        return tools;
    }

    private PolicySource.Tool tool(String pattern, Node.Mapping entry, Node.Member member) {
        Optional<String> action = entry.text("action");
        Optional<String> sql = entry.text("sql");
        if (entry.mentions("action") == entry.mentions("sql")) {
            problems.error(
                    entry,
                    entry.mentions("action") ? "has both `action` and `sql`" : "has neither `action` nor `sql`",
                    "write what it does, or where the statement stands that says it");
        }
        return new PolicySource.Tool(
                pattern,
                entry.text("acts_on").orElse(""),
                action,
                sql,
                entry.text("rows_at"),
                new Values(entry, CatalogShape.TOOL_ENTRY).text("idempotent").equals("true"),
                trust(entry),
                member.key());
    }

    List<WrittenLimits.Price> prices() {
        LimitReader reader = new LimitReader(problems);
        List<WrittenLimits.Price> prices = new ArrayList<>();
        sections.each("prices", (tool, member) -> {
            if (member.value() instanceof Node.Mapping entry) {
                prices.add(reader.price(tool, entry, member.key()));
            }
        });
        return prices;
    }

    private static PolicySource.Trust trust(Node.Mapping entry) {
        Set<String> trusted = entry.mapping("result")
                .map(it -> Set.copyOf(it.texts("trusted")))
                .orElse(Set.of());
        Set<String> untrusted = entry.mapping("result")
                .map(it -> Set.copyOf(it.texts("untrusted")))
                .orElse(Set.of());
        return new PolicySource.Trust(trusted, untrusted, entry.scalar("result").isPresent());
    }
}
