package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static dev.reeve.policy.Written.decide;
import static dev.reeve.policy.Written.principal;
import static dev.reeve.policy.Written.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Operation;
import dev.reeve.action.Touch;
import dev.reeve.gate.Deliberation;
import dev.reeve.gate.Finding;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Target;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What denies, holds or labels a URL holds whatever query and slash stand behind it; what allows it allows that much and no more. */
final class UrlRulesTest {
    private static Written shop() {
        Written written = new Written();
        return written.maps("web.get", "url:{arguments.url}", "read")
                .catalogue("url:https://shop.example/people/*", Set.of("pii"))
                .role("all", written.permission("url:https://shop.example/**", "read"))
                .role("items", written.permission("url:https://shop.example/items/*", "read"))
                .role("found", written.permission("url:https://shop.example/items/*?**", "read"))
                .role("one", written.permission("url:https://shop.example/one", "read"))
                .role("clean", written.permission("url:https://shop.example/**", "read", "no_pii_access"));
    }

    private static Target about(String resource, Optional<String> except) {
        return new Target(
                Optional.empty(), Optional.of(resource), Optional.empty(), Optional.empty(), Optional.empty(), except);
    }

    private static String asked(CompiledPolicy policy, String role, String path) {
        return verdict(
                decide(policy, principal(role), call("web.get", args("url", "https://shop.example" + path)), Set.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/pay", "/pay?", "/pay?x=1", "/pay?x=/", "/pay/", "/pay/?x=1", "/pay??", "/pay#x", "/pay?x=1#y"})
    void noQueryAndNoSlashLeadsPastADenyOrAnApproval(String path) {
        for (String rule : List.of("/pay", "/pay/", "/p*", "/*")) {
            Target target = about("url:https://shop.example" + rule, Optional.empty());
            assertEquals(
                    "deny", asked(shop().rule(Effect.DENY, target, "", false).compiled(), "all", path), rule);
            assertEquals(
                    "hold",
                    asked(
                            shop().rule(Effect.REQUIRE_APPROVAL, target, "", false)
                                    .compiled(),
                            "all",
                            path),
                    rule);
        }
        assertEquals("allow", asked(shop().compiled(), "all", path));
    }

    @Test
    void aDenyIsAboutItsPathAndNoOther() {
        CompiledPolicy policy = shop().rule(
                        Effect.DENY, about("url:https://shop.example/pay", Optional.empty()), "", false)
                .rule(Effect.DENY, about("url:https://shop.example/", Optional.empty()), "", false)
                .rule(Effect.DENY, about("url:https://shop.example/q?a=**", Optional.empty()), "", false)
                .compiled();
        for (String path : List.of("/payments", "/pay/x", "/x?to=/pay", "/q", "/q?b=1")) {
            assertEquals("allow", asked(policy, "all", path), path);
        }
        for (String path : List.of("", "/", "/?x=1", "/q?a=1", "/q/?a=1")) {
            assertEquals("deny", asked(policy, "all", path), path);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "items, /items/5, allow",
        "items, /items/5?x=1, deny",
        "items, /items/5?x=/, deny",
        "items, /items/5/, deny",
        "found, /items/5?x=/1, allow",
        "found, /items/5, deny",
        "one, /one, allow",
        "one, /one?, allow",
        "one, /one?x=1, deny",
        "one, /one/, deny",
    })
    void anAllowCoversTheWholeUrl(String role, String path, String expected) {
        assertEquals(expected, asked(shop().compiled(), role, path));
    }

    @Test
    void anExceptionOfADenyIsNoWiderThanItIsWritten() {
        CompiledPolicy policy = shop().rule(
                        Effect.DENY,
                        about("url:https://shop.example/a/**", Optional.of("url:https://shop.example/a/open")),
                        "",
                        false)
                .compiled();
        assertEquals("allow", asked(policy, "all", "/a/open"));
        assertEquals("deny", asked(policy, "all", "/a/open?x=1"));
        assertEquals("deny", asked(policy, "all", "/a/open/"));
    }

    @Test
    void anExceptionOfAnAllowHoldsWithAnyQuery() {
        CompiledPolicy policy = shop().rule(
                        Effect.ALLOW,
                        about("url:https://shop.example/**", Optional.of("url:https://shop.example/a/")),
                        "",
                        false)
                .compiled();
        assertEquals("allow", asked(policy, "none", "/b?x=1"));
        for (String path : List.of("/a", "/a/", "/a?x=1", "/a/?x=1")) {
            assertEquals("deny", asked(policy, "none", path), path);
        }
    }

    @Test
    void whatTheClientAsksItAsksWithAnyQueryAndLetsNothingMoreThrough() {
        Written asking = shop().asks(about("url:https://shop.example/pay", Optional.empty()));
        for (String path : List.of("/pay", "/pay?", "/pay?x=1", "/pay/")) {
            assertTrue(isAsked(asking, path, "all"), path);
        }
        assertTrue(isAsked(asking, "/pay"));
        assertEquals("DENY", fetched(asking, "/pay?x=1").ruling().name());
        assertEquals("DENY", fetched(asking, "/pay/").ruling().name());
    }

    private static boolean isAsked(Written written, String path, String... roles) {
        Deliberation done = fetched(written, path, roles);
        return done.ruling().name().equals("ALLOW")
                && done.findings().stream().anyMatch(Finding.Oblige.class::isInstance);
    }

    private static Deliberation fetched(Written written, String path, String... roles) {
        Touch touch = new Touch(List.of("url:https://shop.example" + path), "read", Optional.empty());
        Operation fetch = new Operation.HostCall("claude", "WebFetch", args(), List.of(touch));
        return Written.deliberate(written.compiled(), principal(roles), fetch, Set.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/people/7", "/people/7?x=/", "/people/7/"})
    void aLabelHoldsWithAnyQuery(String path) {
        assertEquals("deny", asked(shop().compiled(), "clean", path));
        assertEquals("allow", asked(shop().compiled(), "clean", "/orders/7?x=/"));
    }

    @ParameterizedTest
    @CsvSource({
        "url:https://Shop.example/**, https://shop.example/a",
        "url:https://shop.example:443/pay, https://shop.example/pay",
        "url:https://shop.example, https://shop.example/",
        "url:https://shop.example/pay?, https://shop.example/pay",
        "url:https://shop.example/caf%c3%a9/*, https://shop.example/caf%C3%A9/a",
        "url:https://shop.example/f%28x%29, https://shop.example/f(x)",
        "url:https://shop.example/pay;x, segment",
        "url:https://shop.example/a%2Fb, hides",
    })
    void aPatternThatNoUrlIsNamedByIsAnErrorThatSaysHow(String pattern, String told) {
        Written rule = shop().rule(Effect.DENY, about(pattern, Optional.empty()), "", false);
        for (Written written : List.of(
                rule,
                shop().role("more", new Written().permission(pattern, "read")),
                shop().catalogue(pattern, Set.of("pii")),
                shop().maps("web.one", pattern.replace("*", "a"), "read"))) {
            assertTrue(
                    written.outcome() instanceof PolicyCompiler.Outcome.Refused refused
                            && refused.problems().toString().contains(told),
                    () -> pattern + ": " + written.outcome());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "url:**",
                "url:https://**",
                "url:https://*/pay",
                "url:https://*.shop.example/**",
                "url:https://10.0.0.*/**",
                "url:http://*:8080/x",
                "url:https://shop.example/a%20b/*?x=**",
                "url:https://shop.example/%C3%*",
                "url:**/admin/",
            })
    void otherPatternsLoad(String pattern) {
        shop().rule(Effect.DENY, about(pattern, Optional.empty()), "", false).compiled();
    }
}
