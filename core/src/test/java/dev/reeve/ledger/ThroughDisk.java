package dev.reeve.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A real folder, at which a test looks, or fails, before something happens. */
abstract class ThroughDisk implements Disk {
    private final Disk real;

    ThroughDisk(Disk real) {
        this.real = real;
    }

    void beforeCreate(String name) throws IOException {}

    /** @param created here, and not only opened */
    void beforeForce(String name, boolean created) throws IOException {}

    @Override
    public List<String> names() throws IOException {
        return real.names();
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return new ThroughFile(name, false, real.open(name));
    }

    @Override
    public DiskFile create(String name) throws IOException {
        beforeCreate(name);
        return new ThroughFile(name, true, real.create(name));
    }

    @Override
    public void delete(String name) throws IOException {
        real.delete(name);
    }

    @Override
    public void forceNames() throws IOException {
        real.forceNames();
    }

    @Override
    public void close() throws IOException {
        real.close();
    }

    private final class ThroughFile implements DiskFile {
        private final String name;
        private final boolean created;
        private final DiskFile file;

        ThroughFile(String name, boolean created, DiskFile file) {
            this.name = name;
            this.created = created;
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void read(ByteBuffer into, long position) throws IOException {
            file.read(into, position);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            file.write(from, position);
        }

        @Override
        public void force() throws IOException {
            beforeForce(name, created);
            file.force();
        }

        @Override
        public void requireName() throws IOException {
            file.requireName();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
