package dev.reeve.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * What somebody does who may write the ledger's files and knows their format: makes a denial look as if it had been an intent, and mends the
 * checksums, so that only the tree and its signature can tell.
 */
final class Forgery {
    private static final byte[] MAGIC = "RVF1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRUE_KIND = "\"kind\":\"denial\"".getBytes(StandardCharsets.UTF_8);
    private static final byte[] FALSE_KIND = "\"kind\":\"intent\"".getBytes(StandardCharsets.UTF_8);
    private static final int HEADER = 64;

    private Forgery() {}

    static void forge(Path ledger, String id) throws IOException {
        byte[] wanted = ("\"id\":\"" + id + "\",\"").getBytes(StandardCharsets.UTF_8);
        for (Path file : files(ledger)) {
            byte[] bytes = Files.readAllBytes(file);
            int at = find(bytes, wanted, 0);
            int kind = at < 0 ? -1 : find(bytes, TRUE_KIND, at);
            if (kind >= 0) {
                System.arraycopy(FALSE_KIND, 0, bytes, kind, FALSE_KIND.length);
                mendChecksums(bytes, at);
                Files.write(file, bytes);
                return;
            }
        }
        throw new IOException("the record to alter was not found");
    }

    private static List<Path> files(Path ledger) throws IOException {
        try (Stream<Path> tree = Files.walk(ledger)) {
            return tree.filter(Files::isRegularFile).toList();
        }
    }

    /** docs/ledger-format.md: the checksum of the entries stands at 40 of the group's header, that of the header at 4. */
    private static void mendChecksums(byte[] bytes, int inside) {
        int frame = inside;
        while (frame >= 0 && !startsWith(bytes, MAGIC, frame)) {
            frame--;
        }
        if (frame >= 0) {
            ByteBuffer header = ByteBuffer.wrap(bytes);
            header.putInt(frame + 40, checksum(bytes, frame + HEADER, header.getInt(frame + 36)));
            header.putInt(frame + 4, checksum(bytes, frame + 8, HEADER - 8));
        }
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    private static int find(byte[] bytes, byte[] wanted, int from) {
        for (int i = from; i + wanted.length <= bytes.length; i++) {
            if (startsWith(bytes, wanted, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] bytes, byte[] wanted, int at) {
        return at + wanted.length <= bytes.length
                && java.util.Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
    }
}
