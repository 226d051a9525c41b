package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static dev.reeve.policy.Written.decide;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.resource;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.json.Json;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.ResourceNames.RefusedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One thing has one name: what could be spelled past a rule is refused (R23). */
final class ResourceNamesTest {
    @ParameterizedTest
    @CsvSource({
        "https://example.com, https://example.com/",
        "HTTPS://EXAMPLE.COM:443/A?b=%20, https://example.com/A?b=%20",
        "http://example.com.:80/x, http://example.com/x",
        "http://example.com:8080/x#part, http://example.com:8080/x",
        "https://example.com/a%20b, https://example.com/a%20b",
        "https://example.com/pay?, https://example.com/pay",
        "https://example.com/pay/?a=/b;c, https://example.com/pay/?a=/b;c",
        "https://example.com/%c3%a9, https://example.com/%C3%A9",
        "https://example.com/\u00e9, https://example.com/%C3%A9",
        "https://example.com/f%28x%29@%7cy, https://example.com/f(x)@%7Cy",
        "https://example.com/a+b%2Bc, https://example.com/a+b+c",
        "https://[0:0:0:0:0:0:0:1]/, https://[::1]/",
        "https://[2001:DB8:0:0:1:0:0:1]/, https://[2001:db8::1:0:0:1]/",
        "https://[::ffff:127.0.0.1]/, https://127.0.0.1/",
    })
    void aUrlHasOneSpelling(String written, String name) throws RefusedException {
        assertEquals(name, ResourceNames.value("url:", written));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.com/",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "//example.com/",
                "example.com",
                "https://user@example.com/",
                "https://user:secret@example.com/",
                "https://good.example\\@evil.example/",
                "https://example.com/../admin",
                "https://example.com/a/./b",
                "https://example.com/a/..;/admin",
                "https://example.com/admin;a=b/users",
                "https://example.com/;/admin",
                "https://example.com/pay;x=1",
                "https://example.com/x/..%3b/admin",
                "https://example.com/pay%3Bx",
                "https://example.com/pay%3Fx",
                "https://example.com/pay%23x",
                "https://example.com/a*b",
                "https://example.com/%c0%ae%c0%ae/admin",
                "https://example.com/caf%e9",
                "https://example.com/admin%20/users",
                "https://example.com/%20admin",
                "https://example.com/admin%09",
                "https://example.com/admin%0a",
                "https://example.com/%E2%80%8Badmin/x",
                "https://example.com/ad%EF%B8%8Fmin",
                "https://example.com/a%C2%A0b",
                "https://example.com/%EF%BC%8E%EF%BC%8E/admin",
                "https://example.com/a%EF%BC%8Fadmin",
                "https://example.com/%E2%80%A5/admin",
                "https://example.com/u%CC%88ber",
                "https://example.com/a%EF%BC%9Bb",
                "https://example.com//admin",
                "https://example.com/%2e%2e/admin",
                "https://example.com/%61dmin",
                "https://example.com/a%2Fb",
                "https://example.com/a%5cb",
                "https://example.com/%252e",
                "https://example.com/%00",
                "https://example.com../",
                "http://127.1/",
                "http://2130706433/",
                "http://0x7f.0.0.1/",
                "http://127.0.0.01/",
                "http://[::1%25eth0]/",
                "http://ex\u00e4mple.com/",
                "http://example.com\u3002evil.example/",
                "http://example.com/\u200b",
                "http://exa mple.com/",
                "http:///x",
                "",
            })
    void aUrlThatMayMeanSomethingElseIsRefused(String written) {
        assertRefused("url:", written);
    }

    @ParameterizedTest
    @CsvSource({
        "Example.COM., example.com",
        "b\u00fccher.example, xn--bcher-kva.example",
        "\uff45xample.com, example.com",
        "10.0.0.1, 10.0.0.1",
        "[::1], [::1]",
    })
    void aHostHasOneSpelling(String written, String name) throws RefusedException {
        assertEquals(name, ResourceNames.value("host:", written));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com..",
                ".example.com",
                "a..b",
                ".",
                "example.com:443",
                "user@example.com",
                "a_b.example",
                "127.1",
                "0x7f000001",
                "017.0.0.1",
                "256.1.1.1",
                "1.2.3.4.5",
                "[::1",
                "[fe80::1%1]",
                "[127.0.0.1.5]",
                "*.example.com",
                "a/b"
            })
    void aHostThatMayMeanSomethingElseIsRefused(String written) {
        assertRefused("host:", written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/srv/data/a.txt", "docs/\u00fcber.md", "/a b/c", "/.config/x"})
    void aPlainPathIsItsName(String path) throws RefusedException {
        assertEquals(path, ResourceNames.value("file:", path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/../b",
                "..",
                "/a/..",
                "./a",
                "/a/./b",
                "/%2e%2e/b",
                "/a%2fb",
                "C:/x",
                "/a:stream",
                "a\\b",
                "\\\\host\\x",
                "/a\u0000b",
                "/a\nb",
                "//host/x",
                "/a//b",
                "/secret/",
                "/secret.",
                "/secret ",
                "~/x",
                "/a/\u200bb",
                "/a/\u202eb",
                "/\uff0e\uff0e/b",
                "/\u2025/b",
                "/a\uff0fb",
                "/a\ufe68b",
                "/u\u0308ber",
                "/a\udb40\udc01b",
                "/a\ud800",
                ""
            })
    void aPathThatMayMeanSomethingElseIsRefused(String path) {
        assertRefused("file:", path);
    }

    @ParameterizedTest
    @CsvSource({"Ana@Example.COM, ana@example.com", "a+b@example.com, a+b@example.com"})
    void anAddressHasOneSpelling(String written, String name) throws RefusedException {
        assertEquals(name, ResourceNames.value("mail:", written));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@example.com,b@evil.example",
                "a@example.com b@evil.example",
                "a@evil.example@example.com",
                "Ana <a@example.com>",
                "\"a\"@example.com",
                "a@example.com.",
                "a@example..com",
                "a@.com",
                "a@[127.0.0.1]",
                "*@example.com",
                "a@example.com/x",
                "a@example.com\r\nBcc: b@evil.example",
                "a",
                "@example.com",
            })
    void whatIsNotOneAddressIsRefused(String written) {
        assertRefused("mail:", written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "*", "a*", "..", "a\u0000", "a\u200d", ""})
    void anyOtherValueIsOneSegment(String written) {
        assertRefused("tool:", written);
    }

    @Test
    void tablesAreNamedAsSqlReadsThem() throws RefusedException {
        assertEquals("customers.email", ResourceNames.value("db:sales/", "Customers.EMAIL"));
        for (String odd : List.of("customers; DROP", "a..c", "\"a\"", "a b", "a--")) {
            assertRefused("db:sales/", odd);
        }
    }

    @Test
    void oddArgumentsNameNothing() throws RefusedException {
        Template template = Template.of("leave:{arguments.who}");
        assertEquals(
                List.of("leave:7"),
                template.names(Json.object().put("who", new Json.Num("7")).build()));
        for (Json odd : List.of(
                Json.Arr.ofStrings(List.of()),
                new Json.Arr(List.of(new Json.Num("1"))),
                new Json.Arr(List.of(Json.Arr.ofStrings(List.of("a")))),
                Json.object().put("a", "b").build(),
                new Json.Num("1.5"),
                new Json.Str(""),
                new Json.Str("a".repeat(5_000)))) {
            Json.Obj arguments = Json.object().put("who", odd).build();
            RefusedException refused = assertThrows(RefusedException.class, () -> template.names(arguments));
            assertTrue(String.valueOf(refused.getMessage()).contains("arguments.who"), refused.getMessage());
        }
        assertThrows(RefusedException.class, () -> template.names(Json.Obj.EMPTY));
    }

    /** A rule is written about the name in its one form: a template that makes another spelling of it leads past the rule. */
    @ParameterizedTest
    @CsvSource({
        "url:https://x.example/{arguments.a}, pay, url:https://x.example/pay",
        "url:https://X.example:443/{arguments.a}, pay, url:https://x.example/pay",
        "url:https://x.example/{arguments.a}, a b, url:https://x.example/a%20b",
        "url:https://x.example/v{arguments.a}/x, 1, url:https://x.example/v1/x",
        "url:https://x.example/{arguments.a}, \u00fc, url:https://x.example/%C3%BC",
        "url:https://{arguments.a}/x, X.EXAMPLE:443, url:https://x.example/x",
        "url:https://x.example?q={arguments.a}, a=b?c, url:https://x.example/?q=a=b%3Fc",
        "host:api.{arguments.a}, EXAMPLE.com., host:api.example.com",
        "mail:team-{arguments.a}, One@Example.COM, mail:team-one@example.com",
        "db:sales/orders.{arguments.a}, Total, db:sales/orders.total",
        "db:{arguments.a}/Orders, Sales, db:Sales/orders",
        "api:shop/items/{arguments.a}, 7, api:shop/items/7",
        "'url:s3://bucket/{arguments.a}', A b, url:s3://bucket/A%20b",
    })
    void aTemplateNamesInTheOneForm(String template, String value, String name) throws RefusedException {
        Json.Obj arguments = Json.object().put("a", value).build();
        assertEquals(List.of(name), Template.of(template).names(arguments));
    }

    @ParameterizedTest
    @CsvSource({
        "url:https://x.example/{arguments.a}, %70ay",
        "url:https://x.example/{arguments.a}, pay?x=1",
        "url:https://x.example/{arguments.a}, pay#x",
        "url:https://x.example/{arguments.a}, pay;x",
        "url:https://x.example/{arguments.a}, '..'",
        "url:https://x.example/{arguments.a}, .",
        "url:https://x.example/{arguments.a}, a\\b",
        "url:https://x.example/.{arguments.a}, .",
        "url:https://x.example/{arguments.a}, \uff0e\uff0e",
        "url:https://{arguments.a}/x, evil.example#",
        "url:https://{arguments.a}/x, evil.example?",
        "url:https://{arguments.a}/x, a@evil.example",
        "url:https://x.example?q={arguments.a}, b&admin=1",
        "url:https://x.example?q={arguments.a}, b#c",
        "url:https://x.example?q={arguments.a}, %62",
        "url:s3://bucket/{arguments.a}, %62",
        "host:api.{arguments.a}, a_b",
        "host:10.0.0.{arguments.a}, 0x1",
        "mail:team-{arguments.a}, 'a@b.example,c@d.example'",
        "db:sales/orders.{arguments.a}, a b",
        "db:{arguments.a}/orders.x, 'sales\u0000'",
        "api:shop/{arguments.a}, %70ay",
    })
    void whatCouldBeAnotherNameThanItsTemplateSaysIsNone(String template, String value) {
        Json.Obj arguments = Json.object().put("a", value).build();
        assertThrows(RefusedException.class, () -> Template.of(template).names(arguments));
    }

    @Test
    void aToolThatAlwaysActsOnTheSameIsNamedInTheOneFormToo() throws RefusedException {
        assertEquals(
                List.of("mail:ceo@example.com"),
                Template.of("mail:CEO@Example.com").names(Json.Obj.EMPTY));
        assertEquals(
                List.of("host:example.com"), Template.of("host:EXAMPLE.com").names(Json.Obj.EMPTY));
        assertEquals(List.of("db:Sales/orders"), Template.of("db:Sales/Orders").names(Json.Obj.EMPTY));
        assertEquals(List.of("mail:out"), Template.of("mail:out").names(Json.Obj.EMPTY));
    }

    @Test
    void noSpellingOfAnArgumentLeadsPastARule() {
        CompiledPolicy policy = new Written()
                .maps("web.get", "url:https://x.example/{arguments.id}", "read")
                .maps("pg.get", "db:{arguments.db}/{arguments.table}", "read")
                .rule(Effect.ALLOW, resource("**", ""), "", false)
                .rule(Effect.DENY, resource("url:https://x.example/pay", ""), "", false)
                .rule(Effect.DENY, resource("db:*/salaries", ""), "", false)
                .compiled();
        for (String id : List.of("pay", "%70ay", "pay?", "pay#x", "pay?x=1", "pay;", "./pay")) {
            assertEquals("deny", verdict(policy, "web.get", args("id", id)), id);
        }
        assertEquals("allow", verdict(policy, "web.get", args("id", "pays")));
        Json.Obj salaries =
                Json.object().put("db", "hr").put("table", "Salaries").build();
        assertEquals("deny", verdict(policy, "pg.get", salaries));
    }

    private static String verdict(CompiledPolicy policy, String tool, Json.Obj arguments) {
        return Written.verdict(decide(policy, principal("guest"), call(tool, arguments), Set.of()));
    }

    /** Refused before the names are built: a hundred times a hundred long ones would be a weapon. */
    @Test
    void listsThatMultiplyAreRefused() {
        Template template = Template.of("x:{arguments.a}/{arguments.b}");
        Json list = Json.Arr.ofStrings(new ArrayList<>(Collections.nCopies(50, "v".repeat(4_000))));
        Json.Obj arguments = Json.object().put("a", list).put("b", list).build();
        RefusedException refused = assertThrows(RefusedException.class, () -> template.names(arguments));
        assertTrue(String.valueOf(refused.getMessage()).contains("more than 100"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FILE:///etc/passwd",
                "file:/etc/passwd",
                "file://localhost/etc/passwd",
                "file:///etc/../x",
                "note://a/../b",
                "note://a/%2e%2e/b",
                "note://\u200b"
            })
    void aResourceCannotBeSpelledPastItsRule(String uri) {
        CompiledPolicy policy = new Written().compiled();
        Reading reading = policy.read(new Operation.ResourceRead("files", uri));
        assertFalse(reading instanceof Reading.Touches, uri);
    }

    @Test
    void aFileIsAFileHoweverItIsRead() {
        Reading reading = new Written().compiled().read(new Operation.ResourceRead("files", "file:///srv/a.txt"));
        assertEquals(
                Optional.of("file:/srv/a.txt"),
                Optional.of(((Reading.Touches) reading).accesses().getFirst().narrowest()));
    }

    private static void assertRefused(String form, String value) {
        assertThrows(RefusedException.class, () -> ResourceNames.value(form, value), value);
    }
}
