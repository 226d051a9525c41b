package dev.reeve.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Ways to change an exported folder; one for each kind of byte in it, and what can be done with whole files. */
final class LedgerForgeries {
    private final List<Forgery> all = new ArrayList<>();
    private final String lastBundle;
    private final String lastTile;
    private final int lastFirst;

    /** Changes a folder. */
    interface Change {
        void on(ExportedLog log) throws IOException;
    }

    /** @param record the entry that must be named; -1 where it is not about one */
    record Forgery(String name, long record, Change change) {
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * @param size of the log, at least 512 and no multiple of 256
     * @param older an export of an earlier state
     */
    private LedgerForgeries(int size, Path older) {
        this.lastFirst = size / 256 * 256;
        this.lastBundle = "tile/entries/%03d.p/%d".formatted(size / 256, size % 256);
        this.lastTile = "tile/0/%03d.p/%d".formatted(size / 256, size % 256);
        entries();
        lengths();
        wholeEntries();
        tiles(size);
        checkpoint(older);
    }

    static List<Forgery> of(int size, Path older) {
        return new LedgerForgeries(size, older).all;
    }

    private void add(String name, long record, Change change) {
        all.add(new Forgery(name, record, change));
    }

    private void entries() {
        add("first byte of an entry", 0, log -> log.flip(ExportedLog.FIRST, 2, 1));
        add(
                "a byte within an entry",
                100,
                log -> log.flip(ExportedLog.FIRST, log.offset(ExportedLog.FIRST, 100) + 40, 1));
        add("last byte of an entry", 255, log -> log.flip(ExportedLog.FIRST, -1, 1));
        add("a byte of the second bundle", 256, log -> log.flip(ExportedLog.SECOND, 30, 2));
        add("a byte of the last bundle", lastFirst, log -> log.flip(lastBundle, 30, 2));
        add(
                "the newest entry",
                lastFirst + Integer.parseInt(lastBundle.substring(lastBundle.lastIndexOf('/') + 1)) - 1,
                log -> log.flip(lastBundle, -3, 1));
        add("the case of a letter", 7, log -> log.flip(ExportedLog.FIRST, log.offset(ExportedLog.FIRST, 7) + 5, 0x20));
        add("an entry emptied", 9, log -> log.entries(ExportedLog.FIRST, entries -> entries.set(9, new byte[0])));
        add(
                "another entry in its place",
                11,
                log -> log.entries(
                        ExportedLog.FIRST,
                        entries ->
                                entries.set(11, "{\"counter\":11,\"node\":\"n1\"}".getBytes(StandardCharsets.UTF_8))));
    }

    private void lengths() {
        add("a length one longer", 20, log -> log.flip(ExportedLog.FIRST, log.offset(ExportedLog.FIRST, 20) + 1, 1));
        add("a length far longer", 30, log -> log.flip(ExportedLog.FIRST, log.offset(ExportedLog.FIRST, 30), 0x40));
        add("the last length", lastFirst, log -> log.flip(lastBundle, 1, 1));
    }

    private void wholeEntries() {
        add(
                "two entries exchanged",
                5,
                log -> log.entries(ExportedLog.FIRST, entries -> Collections.swap(entries, 5, 6)));
        add("an entry dropped", 50, log -> log.entries(ExportedLog.FIRST, entries -> entries.remove(50)));
        add("an entry doubled", 61, log -> log.entries(ExportedLog.FIRST, entries -> entries.add(60, entries.get(60))));
        add("an entry too many", 256, log -> log.entries(ExportedLog.FIRST, entries -> entries.add(entries.get(0))));
        add("the last entry of a bundle dropped", 255, log -> log.entries(ExportedLog.FIRST, List::removeLast));
        add("a bundle cut within an entry", 255, log -> log.cut(ExportedLog.FIRST, 10));
        add("a bundle emptied", 256, log -> Files.write(log.file(ExportedLog.SECOND), new byte[0]));
        add("bundles exchanged", 0, log -> log.exchange(ExportedLog.FIRST, ExportedLog.SECOND));
        add("a bundle deleted", 256, log -> log.delete(ExportedLog.SECOND));
        add("the last bundle deleted", lastFirst, log -> log.delete(lastBundle));
        add("bytes behind the last entry", 512, log -> log.append(ExportedLog.SECOND, new byte[] {0, 0}));
    }

    private void tiles(int size) {
        String above = "tile/1/000.p/" + size / 256;
        add("a leaf hash", 77, log -> log.flip("tile/0/000", 32 * 77, 1));
        add("last byte of a leaf hash", 511, log -> log.flip("tile/0/001", -1, 0x80));
        add("a leaf hash at the right edge", lastFirst + 1, log -> log.flip(lastTile, 40, 1));
        add("a hash above", 256, log -> log.flip(above, 33, 1));
        add("a tile cut", -1, log -> log.cut("tile/0/000", 32));
        add("a tile longer", -1, log -> log.append("tile/0/001", new byte[32]));
        add("tiles exchanged", 0, log -> log.exchange("tile/0/000", "tile/0/001"));
        add("a tile deleted", -1, log -> log.delete("tile/0/001"));
        add("the tile above deleted", -1, log -> log.delete(above));
        add("an entry and its hash", 256, log -> log.forge(ExportedLog.SECOND, "tile/0/001", 3));
        add("an entry at the right edge and its hash", -1, log -> log.forge(lastBundle, lastTile, 0));
    }

    private void checkpoint(Path older) {
        add("the origin", -1, log -> log.flip("checkpoint", 0, 1));
        add("the size", -1, log -> log.flip("checkpoint", lineAt(log, 1), 1));
        add("the root", -1, log -> log.flip("checkpoint", lineAt(log, 2) + 3, 1));
        add("the key's id", -1, log -> log.flip("checkpoint", signatureAt(log), 1));
        add("the Ed25519 signature", -1, log -> log.flip("checkpoint", signatureAt(log) + 40, 1));
        add("the Ed25519 signature deleted", -1, log -> withoutSignature(log, 0));
        add("the ML-DSA-44 signature", -1, log -> log.flip("checkpoint", -20, 1));
        add("the ML-DSA-44 signature deleted", -1, log -> withoutSignature(log, 1));
        add("its last character", -1, log -> log.flip("checkpoint", -4, 1));
        add("the time that it was made at", -1, log -> log.flip("checkpoint", lastSignatureAt(log) + 14, 1));
        add(
                "both signatures deleted",
                -1,
                log -> Files.writeString(
                        log.file("checkpoint"),
                        Files.readString(log.file("checkpoint")).replaceAll("\u2014.*\n", "")));
        add("a control character", -1, log -> log.append("checkpoint", new byte[] {'\r', '\n'}));
        add("the checkpoint cut", -1, log -> log.cut("checkpoint", 1));
        add("the checkpoint deleted", -1, log -> log.delete("checkpoint"));
        add("the last bundle of an older state", lastFirst, log -> olderBundle(log, older));
    }

    private static void withoutSignature(ExportedLog log, int number) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(log.file("checkpoint")));
        lines.remove(4 + number);
        Files.writeString(log.file("checkpoint"), String.join("\n", lines) + "\n");
    }

    /** The older state has fewer entries in its last bundle. */
    private void olderBundle(ExportedLog log, Path older) throws IOException {
        List<byte[]> before = new ExportedLog(older).entries(ExportedLog.FIRST);
        log.entries(lastBundle, entries -> entries.replaceAll(entry -> before.get(0)));
    }

    private static int lineAt(ExportedLog log, int line) throws IOException {
        String[] lines = Files.readString(log.file("checkpoint")).split("\n", -1);
        int at = 0;
        for (int i = 0; i < line; i++) {
            at += lines[i].length() + 1;
        }
        return at;
    }

    private static int lastSignatureAt(ExportedLog log) throws IOException {
        byte[] note = Files.readAllBytes(log.file("checkpoint"));
        return new String(note, StandardCharsets.ISO_8859_1).lastIndexOf(' ') + 1;
    }

    /** Behind the dash, which has three bytes, a space, the name and a space. */
    private static int signatureAt(ExportedLog log) throws IOException {
        String[] lines = Files.readString(log.file("checkpoint")).split("\n", -1);
        return lineAt(log, 4) + 3 + 1 + lines[0].length() + 1;
    }
}
