package dev.reeve.cli;

import dev.reeve.ledger.Commitment;
import dev.reeve.ledger.Disclosure;
import dev.reeve.ledger.LedgerReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The hidden values of entries, one a line: the entry's index and what its commitment is the hash of. For this user alone. */
final class DisclosureFile {
    private DisclosureFile() {}

    /**
     * Replaces the file whole.
     *
     * @param size only entries below it
     * @return how many were written; erased ones are not there any more
     */
    static long write(Path ledger, long size, Path file) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(unfinished);
        long written;
        try (FileChannel channel = FileChannel.open(
                        unfinished,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                BufferedWriter out = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.US_ASCII))) {
            written = lines(ledger, size, out);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return written;
    }

    private static long lines(Path ledger, long size, BufferedWriter out) throws IOException {
        long[] written = new long[1];
        LedgerReader.read(ledger, 0, (index, leaf, disclosures) -> {
            for (Disclosure disclosure : index < size ? disclosures : java.util.List.<Disclosure>of()) {
                try {
                    out.write(index + " " + Commitment.opened(disclosure) + "\n");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                written[0]++;
            }
            return index + 1 < size;
        });
        return written[0];
    }
}
