package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static dev.reeve.policy.Written.decide;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.resource;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.policy.PolicySource.Effect;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is named in small letters is meant by a pattern in capitals, too; a host that is spelled as none is refused at load. */
final class HostPatternsTest {
    private static Written denying(String pattern) {
        return new Written()
                .maps("web.ping", "host:{arguments.to}", "execute")
                .maps("pg.get", "db:Sales/{arguments.to}", "read")
                .rule(Effect.ALLOW, resource("**", ""), "", false)
                .rule(Effect.DENY, resource(pattern, ""), "", false);
    }

    private static String asked(String pattern, String tool, String to) {
        return Written.verdict(
                decide(denying(pattern).compiled(), principal("guest"), call(tool, args("to", to)), Set.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "host:EXAMPLE.com, web.ping, example.com, deny",
        "host:EXAMPLE.com, web.ping, Example.COM., deny",
        "host:*.Example.com, web.ping, a.EXAMPLE.com, deny",
        "host:*.Example.com, web.ping, b.test, allow",
        "host:[2001:DB8::*], web.ping, [2001:db8::a], deny",
        "db:Sales/Orders, pg.get, orders, deny",
        "db:Sales/Orders.*, pg.get, ORDERS.Total, deny",
        "db:*/Orders, pg.get, Orders, deny",
        "db:Sales/**, pg.get, orders, deny",
        "db:Sales/Orders, pg.get, order, allow",
        "db:SALES/**, pg.get, orders, allow",
    })
    void capitalsMakeNoDifferenceWhereNamesHaveNone(String pattern, String tool, String to, String verdict) {
        assertEquals(verdict, asked(pattern, tool, to));
    }

    @ParameterizedTest
    @CsvSource({
        "host:example.com., host:example.com",
        "host:*.example.com., host:*.example.com",
        "host:b\u00fccher.example, host:xn--bcher-kva.example",
        "host:[0:0:0:0:0:0:0:1], host:[::1]",
    })
    void aHostThatIsNamedOtherwiseIsRefusedWithWhatToWrite(String pattern, String better) {
        String said = refused(pattern);
        assertTrue(said.startsWith("nothing is named `" + pattern + "`: "), said);
        assertTrue(said.endsWith("; write `" + better + "`"), said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host:example.com:443",
                "host:*.example.com:443",
                "host:*:443",
                "host:https://example.com",
                "host:https://**",
                "host:*.b\u00fccher.example",
                "host:127.1",
                "host:a b",
                "host:::1",
            })
    void whatNamesNoHostIsRefused(String pattern) {
        assertTrue(refused(pattern).startsWith("nothing is named `" + pattern + "`: "), pattern);
    }

    private static String refused(String pattern) {
        Written written = denying(pattern);
        assertTrue(written.outcome() instanceof PolicyCompiler.Outcome.Refused, pattern);
        assertTrue(written.errors().contains("nothing is named"), written.errors());
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> UrlPatterns.of(pattern))
                .getMessage());
    }

    @Test
    void aToolActsOnNoHostThatIsNone() {
        for (String actsOn : new String[] {"host:a b", "host:EXAMPLE.com.", "host:api.{arguments.a}:443"}) {
            Written written = new Written().maps("web.ping", actsOn, "execute");
            assertTrue(written.outcome() instanceof PolicyCompiler.Outcome.Refused, actsOn);
        }
        assertTrue(
                new Written().maps("web.ping", "host:EXAMPLE.com", "execute").outcome()
                        instanceof PolicyCompiler.Outcome.Compiled);
    }

    @Test
    void whatSomeHostIsNamedByIsKept() {
        for (String pattern : new String[] {
            "host:example.com",
            "host:*",
            "host:**",
            "host:*.example.com",
            "host:10.0.*",
            "host:192.168.*.1",
            "host:[::1]",
            "host:[fe80:*",
            "host:*:*",
            "host:[*]",
            "ho*",
        }) {
            assertTrue(denying(pattern).outcome() instanceof PolicyCompiler.Outcome.Compiled, pattern);
        }
    }
}
