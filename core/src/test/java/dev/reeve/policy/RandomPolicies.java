package dev.reeve.policy;

import dev.reeve.action.Operation;
import dev.reeve.action.Touch;
import dev.reeve.analysis.Actor;
import dev.reeve.openapi.ApiOperation;
import dev.reeve.openapi.ApiParameter;
import dev.reeve.openapi.OpenApi;
import dev.reeve.openapi.PathTemplate;
import dev.reeve.policy.PolicySource.Effect;
import dev.reeve.policy.PolicySource.Permission;
import dev.reeve.policy.PolicySource.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Policies, agents and actions made by dice: every kind of resource, pattern, effect and condition, so that they often meet. */
final class RandomPolicies {
    static final String[] RESOURCES = {
        "crm",
        "db:crm/t",
        "db:crm/t.email",
        "db:crm/*",
        "db:**",
        "wiki",
        "mail:*@a.example",
        "mail:*@*",
        "mail:**",
        "file:/x/**",
        "file:/x/y",
        "tool:up.a",
        "tool:up.*",
        "tool:**",
        "mcp:up/**",
        "mcp:**",
        "mcp:*/a:**",
        "mcp:up/file:///x/**",
        "mcp:up/file:///x/y",
        "mcp:*/file:///**",
        "mcp:web/f**",
        "m**",
        "file:**",
        "prompt:up.*",
        "shell:git*",
        "**",
        "cr*",
        "db:vault/t",
        "vault",
        "shop",
        "api:shop/orders/*",
        "url:https://shop.example/v1/orders/**",
        "url:https://shop.example/v1/o*s",
        "url:**",
        "url:https://a.example/p",
        "url:https://a.example/*",
        "db:other/t"
    };
    private static final OpenApi SHOP = new OpenApi(List.of(
            new ApiOperation(
                    Optional.of("list"),
                    "GET",
                    PathTemplate.of("/orders"),
                    "read",
                    List.of(ApiParameter.of("q", ApiParameter.Kind.TEXT))),
            new ApiOperation(Optional.of("place"), "POST", PathTemplate.of("/orders"), "create"),
            new ApiOperation(Optional.of("get"), "GET", PathTemplate.of("/orders/{id}"), "read")));
    private static final String[] URLS = {
        "https://shop.example/v1/orders",
        "https://shop.example/v1/orders?q=/s",
        "https://shop.example/v1/orders/7",
        "https://shop.example/v2",
        "https://a.example/",
        "https://a.example/?",
        "https://a.example/p",
        "https://a.example/p/",
        "https://a.example/p?x=1",
        "https://a.example/p/?x=/",
        "https://a.example/q?x=/p",
        "https://a.example/p/q"
    };
    /** What an enforcement point may ask about. */
    private static final String[] ASKED = {
        "crm",
        "db:crm/t",
        "db:crm/t.email",
        "db:other/t.id",
        "db:wiki/t",
        "mail:x@a.example",
        "wiki",
        "api:shop/orders/7",
        "api:shop/orders",
        "shop",
        "file:/x/y",
        "tool:up.a",
        "mcp:up/file:///x/y",
        "mcp:web/file:///x/y",
        "mcp:web/file:///x/../y",
        "mcp:web/a://b",
        "cr1"
    };

    private static final String[] TOOLS = {
        "up.a", "up.*", "up.a*", "pg.*", "pg.run", "mail.send", "**", "*.*", "files.*"
    };
    private static final String[] VERBS = {
        "read", "query", "write", "create", "update", "delete", "execute", "read,write"
    };
    private static final String[] CONDITIONS = {"true ", "false ", "throws ", "arg:x=1", "read:pii", "no_pii_access"};
    private static final String[] AGENTS = {"agent-1", "bot-1", "bot-2"};

    private final Random random;

    RandomPolicies(long seed) {
        this.random = new Random(seed);
    }

    boolean toss() {
        return random.nextBoolean();
    }

    String one(String... of) {
        return of[random.nextInt(of.length)];
    }

    private Optional<String> perhaps(int of, String... texts) {
        return random.nextInt(of) == 0 ? Optional.of(one(texts)) : Optional.empty();
    }

    Written write() {
        Written written = new Written();
        written.database("crm", Map.of("t.email", Set.of("pii")))
                .database("vault", Map.of())
                .catalogue("wiki", random.nextBoolean() ? Set.of("pii") : Set.of())
                .catalogue("file:/x/**", Set.of("secret"))
                .mapsSql("pg.run", "crm")
                .mapsSql("pg.v*", "vault")
                .maps("mail.send", "mail:{arguments.to}", "create")
                .maps("files.read", "file:{arguments.to}", "read")
                .holds("shop", new Holding.Api(SHOP, List.of("https://shop.example/v1")), Map.of(), Map.of())
                .maps("web.get", "url:{arguments.to}", "read")
                .maps("up.wiki", "wiki", one("read", "update", "publish"))
                .maps("up.db", "db:{arguments.to}/t", "read");
        for (String role : List.of("r0", "r1", "r2")) {
            List<Permission> permissions = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                String[] conditions = perhaps(2, CONDITIONS).stream().toArray(String[]::new);
                permissions.add(written.permission(one(RESOURCES), one(VERBS), conditions));
            }
            written.role(role, permissions.toArray(Permission[]::new));
        }
        for (int i = random.nextInt(6); i > 0; i--) {
            boolean byTool = random.nextInt(3) == 0;
            Target target = new Target(
                    byTool ? Optional.of(one(TOOLS)) : Optional.empty(),
                    byTool && random.nextInt(4) != 0 ? Optional.empty() : Optional.of(one(RESOURCES)),
                    perhaps(2, "read", "query", "write", "create", "execute"),
                    perhaps(3, "bot-*", "agent-1", "*"),
                    perhaps(4, "r0", "r1"),
                    perhaps(4, RESOURCES));
            written.rule(
                    List.of(Effect.ALLOW, Effect.DENY, Effect.REQUIRE_APPROVAL).get(random.nextInt(3)),
                    target,
                    perhaps(2, CONDITIONS).orElse(""),
                    false);
        }
        return written;
    }

    /** The same with up to two roles that depend on context. */
    Written writeAssigning() {
        Written written = write();
        for (int i = random.nextInt(3); i > 0; i--) {
            written.assign(one("r0", "r1", "r2"), one("bot-*", "agent-1", "*"), one(CONDITIONS));
        }
        return written;
    }

    Operation operation() {
        return switch (random.nextInt(12)) {
            case 0 -> Written.call("up.a", Written.args("x", one("1", "2")));
            case 1 -> Written.call("up.ab", Written.args("x", "1"));
            case 2 ->
                Written.call(
                        "pg.run",
                        Written.args("sql", one("read email", "read id", "delete id", "u.read id", "read -")));
            case 3 -> Written.call("pg.vx", Written.args("sql", one("read id", "delete email")));
            case 4 -> Written.call("mail.send", Written.args("to", one("x@a.example", "x@b.example")));
            case 5 -> Written.call("files.read", Written.args("to", one("/x/y", "/x/y/z", "/z")));
            case 6 ->
                random.nextBoolean()
                        ? Written.call("up.wiki", Written.args())
                        : Written.call("up.db", Written.args("to", one("crm", "vault")));
            case 7 ->
                random.nextBoolean()
                        ? new Operation.ResourceRead(
                                one("up", "web"), one("a://b", "file:///x/y", "file:///x/y", "file:///z", "file:/x/y"))
                        : new Operation.PromptGet("up", "p", Written.args());
            case 8 -> Written.call("web.get", Written.args("to", one(URLS)));
            case 9, 10 ->
                new Operation.AccessEvaluation(
                        "guard",
                        random.nextInt(3) == 0 ? "url:" + one(URLS) : one(ASKED),
                        one("read", "query", "create", "update", "delete", "execute"),
                        Written.args("x", one("1", "2")),
                        true);
            default -> new Operation.HostCall("claude", "Bash", Written.args(), List.of(touch()));
        };
    }

    private Touch touch() {
        return switch (random.nextInt(4)) {
            case 0 -> new Touch(List.of("shell:git", "shell:git push"), "execute", Optional.empty());
            case 1 -> new Touch(List.of("url:" + one(URLS)), one("read", "create"), Optional.empty());
            case 2 -> new Touch(List.of("file:/x/y"), one("read", "update", "delete"), Optional.empty());
            default -> new Touch(List.of("tool:claude.Task"), "execute", Optional.empty());
        };
    }

    Actor actor() {
        Set<String> roles = new TreeSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            roles.add("r" + random.nextInt(3));
        }
        return new Actor(one(AGENTS), roles);
    }
}
