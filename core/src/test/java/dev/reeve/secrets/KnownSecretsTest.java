package dev.reeve.secrets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.reeve.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KnownSecretsTest {
    private static final String TOKEN = "tok-1234567890";
    private final KnownSecrets known =
            KnownSecrets.of(List.of(Secret.of(TOKEN), Secret.of(TOKEN + "-long"), Secret.of("ab")));

    @Test
    void masksValuesWhereverTheyStand() {
        Json.Obj value = Json.object()
                .put("a", "Bearer " + TOKEN + "!")
                .put("x" + TOKEN, new Json.Arr(List.of(new Json.Str(TOKEN + "-long"), Json.of(1))))
                .build();
        assertEquals(
                "{\"a\":\"Bearer ***!\",\"x***\":[\"***\",1]}",
                known.mask(value).toString());
    }

    @Test
    void masksOurOwnKeysWithoutKnowingThem() {
        assertEquals("key *** end", known.mask("key reeve_0123456789abcdefABCDEF end"));
        for (String kind : List.of("reevea", "reevec", "reeveu", "reevef")) {
            assertEquals("token *** end", known.mask("token " + kind + "_0123456789abcdefABCDEF end"));
        }
        for (String harmless :
                List.of("reeve_status is a tool", "reeve", "reevea", "reeve reevea_ reeve.yaml", "reevers_x")) {
            assertEquals(harmless, known.mask(harmless));
        }
    }

    @Test
    void whatHoldsNoSecretIsTheSameObject() {
        Json.Obj value = Json.object().put("ab", "ordinary").put("n", 1).build();
        assertSame(value, known.mask(value));
    }

    @Test
    void aSecretIsFoundHoweverDeepItLiesAndTheRestStaysTheSame() {
        Json.Obj beside = Json.object().put("ordinary", 1).build();
        Json deep = new Json.Str(TOKEN);
        String expected = "\"***\"";
        for (int i = 0; i < 128; i++) {
            // Looking twice at each level would take 2^128 steps.
            deep = Json.object()
                    .put("beside", beside)
                    .put("in", new Json.Arr(List.of(deep)))
                    .build();
            expected = "{\"beside\":{\"ordinary\":1},\"in\":[" + expected + "]}";
        }
        Json.Obj masked = (Json.Obj) known.mask(deep);
        assertEquals(expected, masked.toString());
        assertSame(beside, masked.object("beside").orElseThrow());
    }

    @Test
    void aSecretPrintsNothing() {
        assertEquals("***", Secret.of(TOKEN).toString());
        assertFalse(known.toString().contains("tok"));
    }
}
