package dev.reeve.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.budget.Prices.Cost;
import dev.reeve.gate.Rulebook.Reading;
import dev.reeve.json.Json;
import dev.reeve.openapi.ApiOperation;
import dev.reeve.openapi.OpenApi;
import dev.reeve.openapi.PathTemplate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which entry of the catalogue counts for a tool: never the one that happens to stand first, since nobody is asked about moved lines (R27). */
final class ClosenessTest {
    private static final String[] PIECES = {"*", "**", "a", "b", "_", "ab"};

    private static final OpenApi SHOP =
            new OpenApi(List.of(new ApiOperation(Optional.of("look"), "GET", PathTemplate.of("/x"), "read")));

    private static Written mapped(String... patternsAndResources) {
        Written written = new Written();
        written.catalogue("admin", Set.of()).catalogue("web", Set.of());
        for (int i = 0; i < patternsAndResources.length; i += 2) {
            written.maps(patternsAndResources[i], patternsAndResources[i + 1], "read");
        }
        return written;
    }

    private static String touched(CompiledPolicy policy, String tool) {
        return policy.read(Written.call(tool, Json.Obj.EMPTY)) instanceof Reading.Touches touches
                ? touches.accesses().getFirst().narrowest()
                : "unreadable";
    }

    @Test
    void whatTheOtherCoversIsCloserWhereverItStands() {
        for (CompiledPolicy policy : List.of(
                mapped("up.*_admin", "admin", "up.*", "web").compiled(),
                mapped("up.*", "web", "up.*_admin", "admin").compiled())) {
            assertEquals("admin", touched(policy, "up.x_admin"));
            assertEquals("web", touched(policy, "up.x"));
        }
    }

    @Test
    void anExactNameAndALongerBeginningAreCloserStill() {
        CompiledPolicy policy = mapped("up.*_admin", "admin", "up.x*", "web", "up.y_admin", "web")
                .compiled();
        assertEquals("web", touched(policy, "up.x_admin"), "by its beginning");
        assertEquals("web", touched(policy, "up.y_admin"), "by its name");
        assertEquals("admin", touched(policy, "up.z_admin"));
    }

    @Test
    void whatCannotBeSaidIsAnError() {
        String errors = mapped("up.*_admin", "admin", "up.*x*", "web").errors();
        assertTrue(
                errors.contains("policies/test.yaml:4: tools.up.*x*: some names that it matches are matched by"
                        + " `up.*_admin` at policies/test.yaml:3 too, and neither is closer"),
                errors);
        assertTrue(errors.contains("write such tools by their whole names"), errors);
        mapped("up.*_admin", "web", "up.*x*", "web").compiled();
        mapped("up.*_admin", "admin", "up.*_web", "web").compiled();
    }

    @Test
    void soManyThatComparingThemWouldTakeLongAreRefused() {
        Written written = new Written().catalogue("web", Set.of());
        for (int i = 0; i <= Closeness.MOST_ALIKE; i++) {
            written.maps("up.*" + i, "web", "read");
        }
        assertTrue(
                written.errors().contains("tools.up.*200: more than 200 patterns have `up.` before their first `*`"),
                written::errors);
    }

    @Test
    void pricesAreFoundTheSameWay() {
        for (List<String> order : List.of(List.of("up.*_big", "up.*"), List.of("up.*", "up.*_big"))) {
            CompiledPolicy policy = priced(order.get(0), order.get(1));
            assertEquals(
                    new Cost.Fixed("up.*_big".length()),
                    policy.limits().prices().entries().stream()
                            .filter(entry -> entry.tool().test("up.x_big"))
                            .findFirst()
                            .orElseThrow()
                            .money());
        }
        assertTrue(
                outcome("up.*_big", "up.*x*").problems().toString().contains("prices.up.*x*: some names"),
                () -> outcome("up.*_big", "up.*x*").problems().toString());
    }

    private static CompiledPolicy priced(String one, String other) {
        return assertInstanceOf(PolicyCompiler.Outcome.Compiled.class, outcome(one, other))
                .policy();
    }

    private static PolicyCompiler.Outcome outcome(String... patterns) {
        List<WrittenLimits.Price> prices = new ArrayList<>();
        for (String pattern : patterns) {
            prices.add(new WrittenLimits.Price(
                    pattern,
                    OptionalLong.of(pattern.length()),
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    Optional.of("EUR"),
                    Written.HERE));
        }
        PolicySource source = new Written()
                .source()
                .with()
                .limited(new WrittenLimits(List.of(), prices))
                .build();
        return PolicyCompiler.compile(
                "v", source, new Written.TestConditions(), new Written.TestSql(), new Written.TestSchemas());
    }

    @Test
    void oneUrlIsOneApi() {
        Holding api = new Holding.Api(SHOP, List.of("https://crm.example/v1"));
        String errors = new Written()
                .holds("one", api, Map.of(), Map.of())
                .holds("other", new Holding.Api(SHOP, List.of("https://CRM.example/v1/")), Map.of(), Map.of())
                .errors();
        assertTrue(
                errors.contains("resources.other.api.at: `https://CRM.example/v1/` is the URL of `one` at"
                        + " policies/test.yaml:1 too, and neither is closer"),
                errors);
    }

    /** Whatever loads says the same in any order of its entries. */
    @Test
    void noOrderMakesADifference() {
        long seed = Long.getLong("reeve.seed", 20261127L);
        Random random = new Random(seed);
        int loaded = 0;
        int differing = 0;
        while (loaded < 300) {
            List<String> patterns = new ArrayList<>();
            for (int i = 2 + random.nextInt(4); i > 0; i--) {
                String pattern = "up." + piece(random) + piece(random) + piece(random);
                if (!patterns.contains(pattern)) {
                    patterns.add(pattern);
                }
            }
            if (!(numbered(patterns, patterns).outcome() instanceof PolicyCompiler.Outcome.Compiled one)) {
                continue;
            }
            loaded++;
            List<String> shuffled = new ArrayList<>(patterns);
            Collections.shuffle(shuffled, random);
            CompiledPolicy other = numbered(shuffled, patterns).compiled();
            for (int i = 0; i < 40; i++) {
                String tool = "up." + plain(random) + plain(random) + plain(random);
                String touched = touched(one.policy(), tool);
                assertEquals(touched, touched(other, tool), () -> "seed " + seed + ": " + patterns + " " + tool);
                differing += touched.startsWith("n") ? 1 : 0;
            }
        }
        assertTrue(differing > 1_000, "hardly anything matched");
    }

    private static Written numbered(List<String> order, List<String> names) {
        Written written = new Written();
        names.forEach(name -> written.catalogue("n" + names.indexOf(name), Set.of()));
        order.forEach(pattern -> written.maps(pattern, "n" + names.indexOf(pattern), "read"));
        return written;
    }

    private static String piece(Random random) {
        return PIECES[random.nextInt(PIECES.length)];
    }

    private static String plain(Random random) {
        return PIECES[2 + random.nextInt(PIECES.length - 2)];
    }
}
