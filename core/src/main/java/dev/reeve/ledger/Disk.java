package dev.reeve.ledger;

import java.io.IOException;
import java.util.List;

/**
 * One flat folder of files. The seam at which the simulation loses, tears and refuses writes; the driver for real disks is
 * {@link FolderDisk}.
 */
interface Disk extends AutoCloseable {
    /** Sorted. */
    List<String> names() throws IOException;

    /** An existing file, to read and write. */
    DiskFile open(String name) throws IOException;

    /** A new, empty file; fails if the name is taken. */
    DiskFile create(String name) throws IOException;

    void delete(String name) throws IOException;

    /** Returns when every creation and deletion so far is durable. */
    void forceNames() throws IOException;

    @Override
    void close() throws IOException;
}
