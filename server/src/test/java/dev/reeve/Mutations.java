package dev.reeve;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Texts that were right once: bytes are changed, cut, doubled, and pieces of others put in between. The same seed gives the same texts. */
public final class Mutations {
    private static final int MOST_CHANGES = 6;

    private final Random random;
    private final List<byte[]> seeds;

    /** @param seeds texts that are right */
    public Mutations(long seed, List<byte[]> seeds) {
        this.random = new Random(seed);
        this.seeds = seeds;
    }

    public byte[] next() {
        byte[] text = any().clone();
        for (int changes = random.nextInt(MOST_CHANGES); changes > 0; changes--) {
            text = changed(text);
        }
        return text;
    }

    /** Cuts a text into pieces as a network may. */
    public int piece(int left) {
        return left == 0 ? 0 : 1 + random.nextInt(random.nextBoolean() ? left : Math.min(left, 3));
    }

    private byte[] any() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] changed(byte[] text) {
        int at = random.nextInt(text.length + 1);
        int to = at + random.nextInt(Math.min(text.length - at, 40) + 1);
        return switch (random.nextInt(6)) {
            case 0 -> joined(text, at, new byte[] {(byte) random.nextInt(256)}, Math.min(text.length, at + 1));
            case 1 -> joined(text, at, new byte[] {odd()}, at);
            case 2 -> joined(text, at, new byte[0], to);
            case 3 -> joined(text, to, Arrays.copyOfRange(text, at, to), to);
            case 4 -> {
                byte[] other = any();
                int from = random.nextInt(other.length + 1);
                yield joined(
                        text, at, Arrays.copyOfRange(other, from, from + random.nextInt(other.length - from + 1)), to);
            }
            default -> Arrays.copyOf(text, at);
        };
    }

    /** Bytes on which parsers stumble. */
    private byte odd() {
        byte[] odd = {
            0,
            '\t',
            '\n',
            '\r',
            ' ',
            '"',
            '\\',
            ':',
            ',',
            '{',
            '}',
            '[',
            '-',
            '0',
            '9',
            0x7f,
            (byte) 0x80,
            (byte) 0xc0,
            (byte) 0xed,
            (byte) 0xff
        };
        return odd[random.nextInt(odd.length)];
    }

    private static byte[] joined(byte[] text, int end, byte[] middle, int start) {
        byte[] all = Arrays.copyOf(text, end + middle.length + text.length - start);
        System.arraycopy(middle, 0, all, end, middle.length);
        System.arraycopy(text, start, all, end + middle.length, text.length - start);
        return all;
    }
}
