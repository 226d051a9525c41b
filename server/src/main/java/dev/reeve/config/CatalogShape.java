package dev.reeve.config;

import static dev.reeve.config.Shape.choice;
import static dev.reeve.config.Shape.either;
import static dev.reeve.config.Shape.may;
import static dev.reeve.config.Shape.must;
import static dev.reeve.config.Shape.struct;
import static dev.reeve.config.Shape.text;

import java.util.Map;
import java.util.regex.Pattern;

/** Every key of the files of the folder {@code catalog}: what the systems are. */
final class CatalogShape {
    static final Pattern RESOURCE_NAME = Pattern.compile("[^\\s\\p{Cntrl}]{1,512}");
    private static final Pattern COLUMN = Pattern.compile("[A-Za-z0-9_$]{1,128}(\\.[A-Za-z0-9_$]{1,128}){1,9}");
    private static final Pattern FIELD = Pattern.compile("[^\\s\\p{Cntrl}]{1,128}");
    private static final Pattern TOOL = Pattern.compile("[A-Za-z0-9_*-]{1,64}\\.[A-Za-z0-9_.*-]{1,128}");
    private static final Pattern PRICED = Pattern.compile("[A-Za-z0-9_.*-]{1,193}");
    private static final String WORD = "[a-z][a-z0-9_]{0,63}";
    private static final String POINTER = "(/[^/\\s]{1,256}){1,32}|/";

    private static final Shape.ListOf TAGS = new Shape.ListOf(text("a word of small letters", WORD), 1, true);

    private static final Shape.ListOf FIELDS = new Shape.ListOf(text("the name of a field", FIELD.pattern()), 0, true);

    static final Shape.Struct RESOURCE = struct(
                    may(
                            "database",
                            struct(
                                    must(
                                            "dialect",
                                            choice("postgresql", "mysql", "sqlite", "mongodb"),
                                            "How the database reads statements. Never guessed."),
                                    may(
                                            "schema",
                                            text(
                                                    "the name of an .sql file beside this file",
                                                    "[A-Za-z0-9_.-]{1,128}\\.sql"),
                                            "File of the folder `catalog` with the CREATE statements, which give `SELECT *` its columns. Needed where SQL is spoken."),
                                    may(
                                            "name",
                                            text("the name of a database", "[A-Za-z0-9_-]{1,63}"),
                                            "MongoDB: what the argument `database` must say. Left out where the tools take none."),
                                    may(
                                            "collections",
                                            new Shape.MapOf(
                                                    "the name of a collection",
                                                    Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}"),
                                                    new Shape.ListOf(
                                                            text("a field, as address.city", "[A-Za-z0-9_.]{1,512}"),
                                                            1,
                                                            false)),
                                            "MongoDB: each collection with its fields. What is not named here is not sent.")),
                            "The resource is a database, and its tables and columns are resources below it."),
                    may(
                            "api",
                            struct(
                                    must(
                                            "document",
                                            text(
                                                    "the name of an .openapi.yaml or .openapi.json file beside this file",
                                                    "[A-Za-z0-9_-]{1,128}\\.openapi\\.(yaml|yml|json)"),
                                            "OpenAPI document (3.0 or 3.1) of the folder `catalog`: its paths and methods are all that there is."),
                                    may(
                                            "at",
                                            new Shape.ListOf(
                                                    text(
                                                            "a URL as https://shop.example.com/v1",
                                                            "https?://[^\\s]{1,512}"),
                                                    1,
                                                    true),
                                            "Where its paths stand, for requests that are decided by their URL. The document's own `servers` are not believed.")),
                            "The resource is an HTTP API, and its paths are resources below it: `api:shop/orders/42`."),
                    may(
                            "tags",
                            either(TAGS, new Shape.MapOf("a column as table.column", COLUMN, TAGS)),
                            "What is known of it: `pii`, ... A mapping says it of single columns."),
                    may(
                            "row",
                            new Shape.MapOf("the name of a field", FIELD, text("the name of an attribute", WORD)),
                            "Which field of a row belongs to which attribute of an agent, for `same_department_only` and its like."),
                    may(
                            "actions",
                            new Shape.ListOf(text("a word of small letters", WORD), 1, true),
                            "Words of its own for what can be done to it, beside `read`, `create` and the like. Enforcement points ask about them."))
            .later("table", "mode", "secret", "rates");

    private static final Shape.Choice OPERATION = choice("find", "count", "aggregate", "insert", "update", "delete");

    private static final Shape.MapOf ARGUMENTS = new Shape.MapOf(
            "what MongoDB calls it, as filter",
            Pattern.compile("[a-z]{1,32}"),
            text("arguments.NAME", "arguments(\\.[A-Za-z0-9_-]{1,128}){1,4}"));

    static final Shape.Struct TOOL_ENTRY = struct(
                    must(
                            "acts_on",
                            text(),
                            "What it acts on: a resource by name, or a form such as `mail:{arguments.to}` or `url:{arguments.url}`."),
                    may(
                            "action",
                            text("a word of small letters", WORD),
                            "What it does: `read`, `query`, `create`, `update`, `delete`, `execute`, or a word of your own."),
                    may(
                            "sql",
                            text("arguments.NAME or a JSON pointer", "arguments\\.[A-Za-z0-9_-]{1,128}|" + POINTER),
                            "Where the statement stands, which says what is done to which tables. Instead of `action`."),
                    may(
                            "mongodb",
                            either(
                                    OPERATION,
                                    struct(
                                            must("operation", OPERATION, "What the tool does."),
                                            may(
                                                    "arguments",
                                                    ARGUMENTS,
                                                    "What its arguments are called, where that is not as MongoDB calls them."))),
                            "The tool takes filters or pipelines of MongoDB as JSON, which say what is done to which collections. Instead of `action`."),
                    may(
                            "parameters",
                            text("arguments or arguments.NAME", "arguments(\\.[A-Za-z0-9_-]{1,128})?"),
                            "The tool is called as an operation of the API (its `operationId`); where the parameters of the path stand. Instead of `action`."),
                    may(
                            "body",
                            text("arguments or arguments.NAME", "arguments(\\.[A-Za-z0-9_-]{1,128}){0,4}"),
                            "Where the body of the request stands, as JSON or as a text of it, for a tool that acts on a `url:` or has `parameters`. `arguments`: all arguments that are no parameters."),
                    may(
                            "rows_at",
                            text("a JSON pointer, as /structuredContent/rows", POINTER),
                            "Where the rows stand in the result, so that they can be filtered. What cannot be read is withheld."),
                    may(
                            "idempotent",
                            new Shape.Flag(),
                            "false",
                            "Whether the same call twice does no more than once. Only such a call is sent again where a server says that it does not know the session or the revision, other than by a bare HTTP 404."),
                    may(
                            "restore",
                            new Shape.MapOf(
                                    "the name of an argument",
                                    Pattern.compile("[^\\s\\p{Cntrl}]{1,128}"),
                                    new Shape.ListOf(
                                            text("a kind of personal data, or personal", "[a-z0-9-]{1,40}"), 1, true)),
                            "Arguments in which tokens are replaced by what they stand for, and for which kinds. The tool gets the values, the agent never does."),
                    may(
                            "result",
                            either(
                                    choice("untrusted"),
                                    struct(
                                            may("trusted", FIELDS, "Fields that come from the system itself."),
                                            may("untrusted", FIELDS, "Fields that anybody may have written."))),
                            "Who may have written what comes back."))
            .later("sensitive", "scan", "redact")
            .others(Map.of(
                    "cost", "what calls cost stands under `prices`",
                    "resource", "did you mean \"acts_on\"?",
                    "actions", "did you mean \"action\"? a tool does one thing"));

    private static final Shape.Struct REPORTED = struct(
            must("at", text("a JSON pointer, as /structuredContent/usage", POINTER), "Where the result says it."),
            must(
                    "worst",
                    new Shape.Text("a number", Pattern.compile("[0-9]{1,15}(\\.[0-9]{1,9})?"), true),
                    "What counts until the result is there, and instead of one that says nothing, nonsense or more than this."));

    private static final Shape.Struct PRICE = struct(
            may(
                    "money",
                    either(
                            new Shape.Text("an amount as 0.05", Pattern.compile("[0-9]{1,7}(\\.[0-9]{1,9})?"), true),
                            REPORTED),
                    "What each call costs, or where the result says it."),
            may("tokens", REPORTED, "Where the result says how many tokens were used."),
            may(
                    "per_token",
                    new Shape.Text("an amount as 0.000002", Pattern.compile("[0-9]{1,7}(\\.[0-9]{1,9})?"), true),
                    "What each token costs."),
            may(
                    "currency",
                    text("a currency as EUR", "[A-Z]{3}"),
                    "The same in every price. Amounts are not converted."));

    static final Shape.Struct ROOT = struct(
                    ReeveShape.VERSION,
                    may(
                            "resources",
                            new Shape.MapOf("the name of a resource", RESOURCE_NAME, RESOURCE),
                            "The systems and what is in them, by name."),
                    may(
                            "tools",
                            new Shape.MapOf("a tool as upstream.tool", TOOL, TOOL_ENTRY),
                            "What each tool acts on. `*` stands for any part of a name."),
                    may(
                            "prices",
                            new Shape.MapOf("a tool as upstream.tool, or a pattern", PRICED, PRICE),
                            "What calls cost, for limits of money and tokens. The closest entry counts; what has none costs nothing."))
            .later("models", "secrets", "networks", "sources")
            .others(Map.of(
                    "agent_roles", "roles stand in a file of the folder `policies`",
                    "rules", "rules stand in a file of the folder `policies`",
                    "conditions", "conditions stand in a file of the folder `policies`",
                    "agents", "agents stand in a file of the folder `policies`",
                    "upstreams", "servers stand in `reeve.yaml`"));

    private CatalogShape() {}
}
