package dev.reeve.acceptance.attack;

import java.util.List;

/** Values that a pattern reads in one way and a system in another: paths, addresses, SQL. */
final class ResourceStories {
    private ResourceStories() {}

    static List<Story> all() {
        return List.of(
                path(
                        "a path climbs out of no folder",
                        "/reports/../customers/export.csv",
                        "/reports/./../board/minutes.md"),
                path(
                        "a path hides nothing behind `%`",
                        "/reports/%2e%2e/board/minutes.md", "/reports%2f..%2fboard/minutes.md"),
                path(
                        "a path has one spelling",
                        "file:///board/minutes.md",
                        "/reports//../board/minutes.md",
                        "\\\\board\\minutes.md",
                        "/reports/q3.md::$DATA"),
                path(
                        "a path holds nothing that nobody sees",
                        "/reports/q3.md\u0000.txt",
                        "/reports/\u200bq3.md",
                        "/reports/\uff0e\uff0e/board/minutes.md"),
                new Story(
                        "a file that no role names stays shut",
                        "R23",
                        "what nothing allows is denied",
                        "a report is read",
                        house ->
                                house.agent("office").reads("/board/minutes.md").refused("no_rule_allows"),
                        house -> house.agent("office").reads("/reports/q3.md").passed()),
                url(
                        "a host that only looks like ours is another",
                        "no_rule_allows",
                        "https://intranet.example.collector.example/news",
                        "https://xn--intrnet-4fg.example/news",
                        "http://intranet.example/news"),
                url(
                        "a user in a URL hides no host",
                        "arguments_unreadable",
                        "https://intranet.example@collector.example/news",
                        "https://intranet.example%40collector.example/news"),
                url(
                        "a number is no name of ours",
                        "no_rule_allows",
                        "https://[::ffff:127.0.0.1]/news",
                        "https://127.0.0.1/news",
                        "https://169.254.169.254/latest/meta-data"),
                url(
                        "a URL's path climbs out of nothing",
                        "arguments_unreadable",
                        "https://intranet.example/x/../../admin",
                        "https://intranet.example/%2e%2e/admin",
                        "https://intranet.example//news"),
                mail(
                        "a mail goes to one address",
                        "arguments_unreadable",
                        "ana@company.example,eve@collector.example",
                        "ana@company.example <eve@collector.example>"),
                mail(
                        "a line break adds no header to a mail",
                        "arguments_unreadable",
                        "ana@company.example\r\nBcc: eve@collector.example"),
                mail(
                        "a host of mail that only looks like ours is outside",
                        "approval_required",
                        "ana@company.example.collector.example",
                        "ana@cornpany.example"),
                sql("a star reads its columns", "condition_failed", "SELECT * FROM customers"),
                sql(
                        "a filter reads what it compares",
                        "condition_failed",
                        "SELECT id FROM customers WHERE email LIKE 'g%'",
                        "SELECT id FROM customers WHERE EXISTS (SELECT 1 FROM customers c WHERE c.phone > '4')"),
                sql(
                        "an order, a join and a union read too",
                        "condition_failed",
                        "SELECT id FROM customers ORDER BY email",
                        "SELECT s.id FROM sales s JOIN customers c ON c.name = s.product",
                        "SELECT country FROM customers UNION SELECT email FROM customers",
                        "WITH c(x) AS (SELECT email FROM customers) SELECT x FROM c"),
                sql("a second statement does not ride along", "sql_statement", "SELECT 1; DROP TABLE sales"),
                sql(
                        "a comment hides nothing",
                        "sql_comment",
                        "SELECT region /*! , (SELECT email FROM customers) */ FROM sales"),
                sql("the database's own tables are shut", "sql_unknown_table", "SELECT sql FROM sqlite_master"),
                sql("only functions that compute are called", "sql_function", "SELECT load_extension('/tmp/x.so')"),
                sql(
                        "no other kind of statement runs",
                        "sql_malformed",
                        "PRAGMA table_info(customers)",
                        "ATTACH DATABASE '/tmp/x' AS y"),
                sql("reading is not writing", "no_rule_allows", "DELETE FROM sales", "UPDATE sales SET amount = 0"));
    }

    private static Story path(String promises, String... paths) {
        return new Story(
                promises,
                "R23",
                "paths are lexical and strict",
                "a plain path is read",
                house -> {
                    Agent agent = house.agent("office");
                    for (String path : paths) {
                        agent.reads(path).refused("arguments_unreadable");
                    }
                },
                house -> house.agent("office").reads("/reports/q3.md").passed().with("North grew"));
    }

    private static Story url(String promises, String code, String... urls) {
        return new Story(
                promises,
                "R25",
                "a URL is taken apart before it is compared",
                "a page of ours is read",
                house -> {
                    Agent agent = house.agent("office");
                    for (String url : urls) {
                        agent.fetches(url).refused(code);
                    }
                },
                house -> house.agent("office").fetches(WebPages.NEWS).passed().with("canteen"));
    }

    private static Story mail(String promises, String code, String... addresses) {
        return new Story(
                promises,
                "R23",
                "an address is exactly one address",
                "one colleague gets it",
                house -> {
                    Agent agent = house.agent("office");
                    for (String address : addresses) {
                        agent.mails(address, "x").refused(code);
                    }
                },
                house -> house.agent("office").mails("ana@company.example", "x").passed());
    }

    private static Story sql(String promises, String code, String... statements) {
        return new Story(
                promises,
                "R22",
                "SQL is parsed, and what it touches is decided",
                "a question that reads no personal data has its rows",
                house -> {
                    Agent agent = house.agent("analyst");
                    for (String statement : statements) {
                        agent.call("pg.query", "sql", statement).refused(code);
                    }
                },
                house -> house.agent("analyst")
                        .call(
                                "pg.query",
                                "sql",
                                "SELECT c.country, COUNT(*) AS n FROM sales s JOIN customers c ON c.id = s.customer_id GROUP BY c.country ORDER BY n")
                        .passed()
                        .with("DK"));
    }
}
