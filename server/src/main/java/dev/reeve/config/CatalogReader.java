package dev.reeve.config;

import dev.reeve.mongo.MongoOperation;
import dev.reeve.mongo.MongoSchema;
import dev.reeve.policy.DocumentCalls;
import dev.reeve.policy.Holding;
import dev.reeve.policy.PolicySource;
import dev.reeve.policy.Takes;
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
import java.util.stream.Stream;

/** The folder {@code catalog} as values. */
final class CatalogReader {
    private static final String MONGODB = "mongodb";

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

    /** Whether every file is YAML. */
    boolean isWhole() {
        return sections.isWhole();
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
        Optional<Holding.Documents> documents = entry.mapping("database").flatMap(this::documents);
        Optional<Holding.Api> api = entry.mapping("api").flatMap(this::api);
        if (entry.mentions("database") && entry.mentions("api")) {
            problems.error(entry, "is a database and an API", "make two resources of it");
        }
        if (!columns.isEmpty() && !entry.mentions("database")) {
            problems.error(
                    entry.get("tags").orElse(entry),
                    "only a database has columns",
                    "write `tags: [pii]` for all of it");
        }
        database.ifPresent(it -> entry.membersOf("tags")
                .forEach((column, tags) -> known(column, tags, it.schema().tables())));
        documents.ifPresent(it -> entry.membersOf("tags")
                .forEach((field, tags) -> known(field, tags, it.schema().collections())));
        return Optional.of(new PolicySource.Resource(
                name,
                database,
                api.<Holding>map(it -> it).or(() -> documents),
                Set.copyOf(entry.texts("tags")),
                columns,
                row,
                entry.texts("actions"),
                member.key()));
    }

    /** A tag on a column that does not exist protects nothing, and looks as if it did. */
    private void known(String column, Node.Member member, Map<String, List<String>> tables) {
        String low = column.toLowerCase(Locale.ROOT);
        Set<String> columns = new HashSet<>();
        tables.forEach((table, names) -> names.forEach(it -> columns.add((table + "." + it).toLowerCase(Locale.ROOT))));
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
        Optional<SqlDialect> dialect = entry.text("dialect")
                .filter(it -> !it.equals(MONGODB))
                .map(it -> SqlDialect.valueOf(it.toUpperCase(Locale.ROOT)));
        Optional<Node.Scalar> file = entry.scalar("schema");
        if (dialect.isPresent() && (!entry.mentions("schema") || entry.mentions("collections"))) {
            problems.error(
                    entry,
                    "a database that speaks SQL has a `schema` and no `collections`",
                    "write `schema: NAME.sql`");
        }
        if (dialect.isEmpty() || file.isEmpty()) {
            return Optional.empty();
        }
        return schema(file.get(), dialect.get()).map(it -> new PolicySource.Database(dialect.get(), it));
    }

    private Optional<Holding.Documents> documents(Node.Mapping entry) {
        if (!entry.text("dialect").equals(Optional.of(MONGODB))) {
            return Optional.empty();
        }
        Optional<Node.Mapping> collections = entry.mapping("collections");
        if (collections.isEmpty() || entry.mentions("schema")) {
            problems.error(
                    entry,
                    "a database of documents has `collections` and no `schema`",
                    "write `collections: { customers: [_id, name] }`");
            return Optional.empty();
        }
        Map<String, List<String>> fields = new LinkedHashMap<>();
        entry.membersOf("collections").forEach((name, member) -> fields.put(name, texts(member.value())));
        try {
            return Optional.of(new Holding.Documents(entry.text("name"), new MongoSchema(fields)));
        } catch (IllegalArgumentException e) {
            problems.error(collections.get(), String.valueOf(e.getMessage()), "");
            return Optional.empty();
        }
    }

    private Optional<Holding.Api> api(Node.Mapping entry) {
        Optional<Node.Scalar> file = entry.scalar("document");
        if (file.isEmpty()) {
            return Optional.empty();
        }
        String name = PolicyFiles.CATALOG + "/" + file.get().text();
        byte[] bytes = snapshot.files().get(name);
        if (bytes == null) {
            problems.error(file.get(), "there is no file " + name, "put the OpenAPI document of the API there");
            return Optional.empty();
        }
        return OpenApiReader.read(name, bytes, problems).map(document -> new Holding.Api(document, entry.texts("at")));
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
        long said = Stream.of("action", "sql", "mongodb", "parameters")
                .filter(entry::mentions)
                .count();
        if (said != 1) {
            problems.error(
                    entry,
                    entry.mentions("action") && entry.mentions("sql")
                            ? "has both `action` and `sql`"
                            : said == 0
                                    ? "has neither `action` nor `sql`"
                                    : "has more than one of `action`, `sql`, `mongodb` and `parameters`",
                    "write what it does, or where the statement stands that says it");
        }
        Optional<String> body =
                entry.text("body").map(it -> it.substring(Math.min(it.length(), "arguments.".length())));
        body.ifPresent(path -> checkBody(path, entry));
        return new PolicySource.Tool(
                pattern,
                entry.text("acts_on").orElse(""),
                action,
                sql,
                takes(entry),
                body,
                entry.text("rows_at"),
                new Values(entry, CatalogShape.TOOL_ENTRY).text("idempotent").equals("true"),
                trust(entry),
                restored(entry),
                member.key());
    }

    private void checkBody(String path, Node.Mapping entry) {
        boolean url = entry.text("acts_on").orElse("").startsWith("url:");
        if (url ? path.isEmpty() : !entry.mentions("parameters")) {
            problems.error(
                    entry.get("body").orElse(entry),
                    url ? "names no single argument" : "`body` is for tools that act on a `url:` or have `parameters`",
                    url ? "write `body: arguments.NAME`: the URL is an argument too" : "take it away");
        }
    }

    private static Map<String, Set<String>> restored(Node.Mapping entry) {
        Map<String, Set<String>> restored = new LinkedHashMap<>();
        entry.membersOf("restore")
                .forEach((argument, kinds) -> restored.put(argument, Set.copyOf(texts(kinds.value()))));
        return restored;
    }

    private Optional<Takes> takes(Node.Mapping entry) {
        Optional<Takes> parameters = entry.text("parameters")
                .map(it -> new Takes.Parameters(it.substring(Math.min(it.length(), "arguments.".length()))));
        Optional<Node.Mapping> mapping = entry.mapping("mongodb");
        return mapping.flatMap(it -> it.text("operation"))
                .or(() -> entry.text("mongodb"))
                .map(it -> MongoOperation.valueOf(it.toUpperCase(Locale.ROOT)))
                .<Takes>map(it -> mongo(it, mapping))
                .or(() -> parameters);
    }

    private Takes.Mongo mongo(MongoOperation operation, Optional<Node.Mapping> mapping) {
        Map<String, String> written = new LinkedHashMap<>();
        mapping.ifPresent(it -> it.membersOf("arguments").forEach((part, argument) -> {
            if (!DocumentCalls.parts(operation).contains(part)) {
                problems.error(
                        argument.key(),
                        argument.value().field(),
                        "`" + operation.name().toLowerCase(Locale.ROOT) + "` has no \"" + part + "\"",
                        Nearest.hint(part, DocumentCalls.parts(operation)));
            }
            texts(argument.value()).forEach(path -> written.put(part, path.substring("arguments.".length())));
        }));
        return new Takes.Mongo(operation, DocumentCalls.arguments(operation, written));
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
