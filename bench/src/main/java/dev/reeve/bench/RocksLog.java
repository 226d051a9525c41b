package dev.reeve.bench;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/** RocksDB with a synchronous write-ahead log; it joins writers that wait together into one force, as we do. */
final class RocksLog implements DurableLog {
    private final Options options = new Options().setCreateIfMissing(true);
    private final WriteOptions durable = new WriteOptions().setSync(true);
    private final AtomicLong next = new AtomicLong();
    private final RocksDB database;

    RocksLog(Path folder) throws RocksDBException {
        RocksDB.loadLibrary();
        this.database = RocksDB.open(options, folder.toString());
    }

    @Override
    public String name() {
        return "rocksdb";
    }

    @Override
    public void append(byte[] entry) throws RocksDBException {
        byte[] key = ByteBuffer.allocate(8).putLong(next.getAndIncrement()).array();
        database.put(durable, key, entry);
    }

    @Override
    public void close() {
        database.close();
        durable.close();
        options.close();
    }
}
