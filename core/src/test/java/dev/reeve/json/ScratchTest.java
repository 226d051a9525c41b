package dev.reeve.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Arrays are used again, and nobody sees in what is written what another wrote before. */
class ScratchTest {
    @Test
    void whoeverTakesOneHasItAlone() {
        byte[] first = Scratch.take();
        byte[] second = Scratch.take();
        assertNotSame(first, second);
        Scratch.give(first);
        assertSame(first, Scratch.take());
        assertNotSame(first, Scratch.take());
    }

    @Test
    void aLargeOneDoesNotStay() {
        byte[] large = new byte[1 << 20];
        Scratch.give(large);
        assertTrue(Scratch.take().length < large.length);
    }

    @Test
    void aShortTextAfterALongOneEndsWhereItEnds() {
        Json.Str longer = new Json.Str("x".repeat(3_000));
        assertEquals(3_002, JsonWriter.bytes(longer).length);
        assertEquals("\"y\"", JsonWriter.text(new Json.Str("y")));
        assertArrayEquals(new byte[] {'n', 'u', 'l', 'l'}, JsonWriter.canonical(Json.Null.NULL));
    }

    @Test
    void whatManyThreadsWriteIsTheirOwn() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String mine = Integer.toString(i).repeat(1 + i * 7);
                tasks.add(() -> writesItsOwn(mine));
            }
            for (Future<Boolean> written : threads.invokeAll(tasks)) {
                assertTrue(written.get());
            }
        }
    }

    private static boolean writesItsOwn(String mine) {
        Json.Obj object = Json.object()
                .put("b", mine)
                .put("a", new Json.Arr(List.of(new Json.Str(mine))))
                .build();
        String expected = "{\"a\":[\"" + mine + "\"],\"b\":\"" + mine + "\"}";
        String digest = CanonicalDigest.of(expected.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        for (int i = 0; i < 50; i++) {
            if (!JsonWriter.canonicalText(object).equals(expected)
                    || !CanonicalDigest.of(object).equals(digest)) {
                return false;
            }
        }
        return true;
    }
}
