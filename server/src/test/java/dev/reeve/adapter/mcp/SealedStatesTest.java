package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.adapter.mcp.SealedStates.Binding;
import dev.reeve.adapter.mcp.SealedStates.Open;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** R20: state of a server goes to the client sealed, to nobody else, for nothing else, once and not for long. */
final class SealedStatesTest {
    private static final Open OPEN = new Open(
            Optional.of("the server's own"),
            3,
            Json.object().put("a", "FORM").build(),
            Json.object().put("b", Json.object().put("action", "decline")).build());
    private static final Json.Obj ARGUMENTS = Json.object().put("x", 1).build();
    private static final Principal ANA = Gateway.known("ana", Set.of()).principal();

    private final AtomicLong now = new AtomicLong(1);
    private final SealedStates states = new SealedStates(new SecureRandom(), now::get, Duration.ofMinutes(10));

    private static Binding binding(Principal who, Route route, Method method, String name, Json.Obj arguments) {
        return new Binding(who, route, method, name, arguments);
    }

    private static Binding usual() {
        return binding(ANA, new Route.All(), Method.TOOLS_CALL, "pg echo", ARGUMENTS);
    }

    @Test
    void whoseItIsGetsBackWhatWasSealed() {
        String sealed = states.seal(OPEN, usual());
        assertFalse(sealed.contains("own-") || sealed.contains("decline"), sealed);
        assertEquals(Optional.of(OPEN), states.take(sealed, usual()));
    }

    @Test
    void itIsTakenOnce() {
        String sealed = states.seal(OPEN, usual());
        assertEquals(Optional.of(OPEN), states.take(sealed, usual()));
        assertEquals(Optional.empty(), states.take(sealed, usual()));
    }

    @Test
    void itIsForNobodyAndNothingElse() {
        Principal bob = Gateway.known("bob", Set.of()).principal();
        Json.Obj others = Json.object().put("x", 2).build();
        for (Binding other : new Binding[] {
            binding(bob, new Route.All(), Method.TOOLS_CALL, "pg echo", ARGUMENTS),
            binding(ANA, new Route.One("pg"), Method.TOOLS_CALL, "pg echo", ARGUMENTS),
            binding(ANA, new Route.All(), Method.PROMPTS_GET, "pg echo", ARGUMENTS),
            binding(ANA, new Route.All(), Method.TOOLS_CALL, "pg other", ARGUMENTS),
            binding(ANA, new Route.All(), Method.TOOLS_CALL, "pg echo", others)
        }) {
            assertEquals(Optional.empty(), states.take(states.seal(OPEN, usual()), other), other.toString());
        }
    }

    @Test
    void itRunsOut() {
        String sealed = states.seal(OPEN, usual());
        now.addAndGet(Duration.ofMinutes(10).toNanos());
        assertEquals(Optional.empty(), states.take(sealed, usual()));
    }

    @Test
    void whatIsChangedIsNone() {
        String sealed = states.seal(OPEN, usual());
        for (int i = 0; i < sealed.length(); i += 7) {
            char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
            String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
            assertEquals(Optional.empty(), states.take(changed, usual()), "character " + i);
        }
        assertEquals(Optional.empty(), states.take(sealed + "-TAMPERED", usual()));
        assertEquals(Optional.empty(), states.take("", usual()));
        assertEquals(Optional.empty(), states.take("A".repeat(1 << 20), usual()));
    }

    @Test
    void nobodyUsesUpTheRoundsOfOthersAndTheOldestMakeRoom() {
        TakenStates taken = new TakenStates();
        for (int i = 0; i < TakenStates.MOST_EACH; i++) {
            assertTrue(taken.take("ana", "mark-" + i, 1_000 + i, 1));
        }
        assertFalse(taken.take("ana", "one more", 20_000, 1));
        assertTrue(taken.take("bob", "one more", 20_000, 1));
        assertTrue(taken.take("ana", "one more", 20_000, 1_000));
        assertFalse(taken.take("ana", "one more", 20_000, 1_000));
    }

    @Test
    void anotherProcessCannotReadIt() {
        SealedStates other = new SealedStates(new SecureRandom(), now::get, Duration.ofMinutes(10));
        assertEquals(Optional.empty(), other.take(states.seal(OPEN, usual()), usual()));
    }

    @Test
    void twoOfTheSameLookDifferent() {
        assertNotEquals(states.seal(OPEN, usual()), states.seal(OPEN, usual()));
    }
}
