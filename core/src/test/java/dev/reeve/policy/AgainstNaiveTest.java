package dev.reeve.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.gate.Rulebook.Reading;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The compiled policy against {@link Naive}, over every kind of operation but what servers ask. {@code -Dreeve.policy.requests=10000000} makes it as many
 * as a release wants; {@code -Dreeve.seed} other dice.
 */
final class AgainstNaiveTest {
    private static final long REQUESTS = Long.getLong("reeve.policy.requests", 200_000L);
    private static final int EACH = 1_000;

    @Test
    void theCompiledPolicyDecidesAsThePageOfTheLanguageSays() {
        long seed = Long.getLong("reeve.seed", 20261127L);
        RandomPolicies dice = new RandomPolicies(seed);
        Map<String, Long> verdicts = new HashMap<>();
        long done = 0;
        while (done < REQUESTS) {
            Written written = dice.writeAssigning();
            if (!(written.outcome() instanceof PolicyCompiler.Outcome.Compiled(CompiledPolicy policy, var ignored))) {
                continue;
            }
            Naive naive = new Naive(written.source());
            for (int i = 0; i < EACH; i++) {
                done++;
                Naive.Request request =
                        new Naive.Request(dice.actor(), dice.operation(), dice.toss() ? Set.of("pii") : Set.of());
                String expected = expected(policy, naive, request);
                String verdict = Written.deliberate(
                                policy,
                                ReachAgainstDecisionsTest.principal(request.actor()),
                                request.operation(),
                                request.read())
                        .ruling()
                        .name()
                        .toLowerCase(Locale.ROOT);
                assertEquals(
                        expected,
                        verdict,
                        () -> "seed " + seed + ": " + request + "\n"
                                + written.source().roles() + "\n"
                                + written.source().rules() + "\n"
                                + written.source().assignments());
                verdicts.merge(verdict, 1L, Long::sum);
            }
        }
        long all = done;
        assertTrue(
                verdicts.size() == 3 && verdicts.values().stream().allMatch(count -> count > all / 1_000),
                "one-sided: " + verdicts);
    }

    private static String expected(CompiledPolicy policy, Naive naive, Naive.Request request) {
        if (!(policy.read(request.operation()) instanceof Reading.Touches touches)) {
            return "deny";
        }
        Naive.namesAtServer(request.operation())
                .ifPresent(names ->
                        assertEquals(names, touches.accesses().getFirst().names()));
        return naive.verdict(request, touches.accesses());
    }
}
