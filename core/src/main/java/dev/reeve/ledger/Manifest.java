package dev.reeve.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whose folder this is. Written last when a ledger is made: a folder without it holds nothing yet. */
record Manifest(String origin, String node) {
    static final String NAME = "ledger";
    private static final int MOST_BYTES = 4096;
    private static final String FIRST_LINE = "reeve ledger, format 1";

    void create(Disk disk) throws IOException {
        try (DiskFile file = disk.create(NAME)) {
            String text = FIRST_LINE + "\norigin " + origin + "\nnode " + node + "\n";
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
            file.force();
        }
        disk.forceNames();
    }

    static boolean isGood(Disk disk) throws IOException {
        try {
            return !read(disk).node().isEmpty();
        } catch (LedgerUnavailableException e) {
            return false;
        }
    }

    static Manifest read(Disk disk) throws IOException, LedgerUnavailableException {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES);
        try (DiskFile file = disk.open(NAME)) {
            file.read(bytes, 0);
        }
        String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        List<String> lines = text.lines().toList();
        // A torn one may end in the middle of a name: the last line is whole only with its end.
        if (lines.size() != 3
                || !text.endsWith("\n")
                || !lines.get(0).equals(FIRST_LINE)
                || !lines.get(1).startsWith("origin ")
                || !lines.get(2).startsWith("node ")) {
            throw LedgerUnavailableException.corrupt("the file `ledger` is damaged, or of a newer Reeve");
        }
        return new Manifest(lines.get(1).substring(7), lines.get(2).substring(5));
    }
}
