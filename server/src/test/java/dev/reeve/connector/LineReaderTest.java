package dev.reeve.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Mutations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lines of a client, however they come in. */
final class LineReaderTest {
    private static final long SEED = 47;
    private static final int LIMIT = 64;

    private static final class Pieces implements ReadableByteChannel {
        private final byte[] text;
        private final IntUnaryOperator sizes;
        private int at;

        Pieces(byte[] text, IntUnaryOperator sizes) {
            this.text = text;
            this.sizes = sizes;
        }

        @Override
        public int read(ByteBuffer into) {
            int left = text.length - at;
            if (left == 0) {
                return -1;
            }
            int size = Math.min(into.remaining(), sizes.applyAsInt(left));
            into.put(text, at, size);
            at += size;
            return size;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static List<String> lines(byte[] text, IntUnaryOperator sizes) throws IOException {
        LineReader reader = new LineReader(new Pieces(text, sizes), new Semaphore(1));
        List<String> lines = new ArrayList<>();
        while (true) {
            switch (reader.next(LIMIT)) {
                case LineReader.Read.Line(byte[] bytes) -> {
                    assertTrue(bytes.length > 0 && bytes.length <= LIMIT);
                    lines.add(new String(bytes, StandardCharsets.ISO_8859_1));
                }
                case LineReader.Read.TooLong() -> lines.add("(too long)");
                case LineReader.Read.End() -> {
                    return lines;
                }
            }
        }
    }

    @Test
    void linesAreTheSameHoweverTheyAreCut() throws IOException {
        List<byte[]> seeds = Stream.of(
                        "{\"a\":1}\n{}\r\n\n\r\n[]\n",
                        "x".repeat(63) + "\n" + "y".repeat(64) + "\r\n" + "z".repeat(70) + "\nok\n",
                        "unfinished")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
        Mutations mutations = new Mutations(SEED, seeds);
        for (int round = 0; round < 20_000; round++) {
            byte[] text = mutations.next();
            assertEquals(lines(text, left -> left), lines(text, mutations::piece), "seed " + SEED + " round " + round);
        }
    }

    @Test
    void aFirstLineIsAConnectorsOrRefusedWithAReason() {
        byte[] right = "reeve-connector/1 reeve_secret pg i-1".getBytes(StandardCharsets.US_ASCII);
        Mutations mutations = new Mutations(SEED, List.of(right));
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] text = mutations.next();
            try {
                Preamble preamble = Preamble.parse(text);
                read++;
                assertTrue(preamble.upstream().matches("[A-Za-z0-9_.-]{1,256}"), "round " + round);
                assertTrue(preamble.toString().endsWith("secret=***]"), "round " + round);
            } catch (IllegalArgumentException e) {
                assertTrue(String.valueOf(e.getMessage()).length() > 10, "round " + round);
            }
        }
        assertTrue(read > 100, "some are near enough: " + read);
        assertThrows(IllegalArgumentException.class, () -> Preamble.parse(new byte[0]));
    }
}
