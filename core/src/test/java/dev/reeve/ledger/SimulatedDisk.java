package dev.reeve.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk that loses what was not forced: at a crash each 512-byte sector of each unforced write survives or not, and so does each name
 * that was created or deleted since the last {@link #forceNames}. It can fail or die at any step.
 */
final class SimulatedDisk implements Disk {
    private static final int SECTOR = 512;
    private final Random random;
    private TreeMap<String, Content> files = new TreeMap<>();
    private TreeMap<String, Content> durableNames = new TreeMap<>();
    private int steps;
    private int dieAt = Integer.MAX_VALUE;
    private int failAt = Integer.MAX_VALUE;
    private String failure = "";
    private boolean dead;

    SimulatedDisk(Random random) {
        this.random = random;
    }

    /** The machine stopped. */
    static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final class Content {
        private byte[] cached = new byte[0];
        private byte[] durable = new byte[0];
        private final TreeSet<Integer> dirty = new TreeSet<>();
    }

    void dieIn(int stepsFromNow) {
        dieAt = steps + stepsFromNow;
    }

    void failIn(int stepsFromNow, String message) {
        failAt = steps + stepsFromNow;
        failure = message;
    }

    /** The machine starts again: what was not forced is there, in part, or not. */
    void crash() {
        for (Content content : files.values()) {
            settle(content);
        }
        TreeMap<String, Content> names = new TreeMap<>(durableNames);
        files.forEach((name, content) -> {
            if (!durableNames.containsKey(name) && random.nextBoolean()) {
                names.put(name, content);
            }
        });
        durableNames.keySet().forEach(name -> {
            if (!files.containsKey(name) && random.nextBoolean()) {
                names.remove(name);
            }
        });
        files = names;
        durableNames = new TreeMap<>(names);
        files.values().forEach(SimulatedDisk::settled);
        dead = false;
        dieAt = Integer.MAX_VALUE;
        failAt = Integer.MAX_VALUE;
    }

    private void settle(Content content) {
        for (int sector : content.dirty) {
            if (random.nextBoolean()) {
                writeThrough(content, sector);
            }
        }
        content.dirty.clear();
        content.cached = content.durable.clone();
    }

    private static void settled(Content content) {
        content.cached = content.durable.clone();
        content.dirty.clear();
    }

    private static void writeThrough(Content content, int sector) {
        int from = sector * SECTOR;
        int to = Math.min(from + SECTOR, content.cached.length);
        if (content.durable.length < to) {
            content.durable = Arrays.copyOf(content.durable, to);
        }
        System.arraycopy(content.cached, from, content.durable, from, to - from);
    }

    private void step() throws IOException {
        if (dead) {
            throw new Died();
        }
        steps++;
        if (steps >= dieAt) {
            dead = true;
            throw new Died();
        }
        if (steps >= failAt) {
            failAt = Integer.MAX_VALUE;
            throw new IOException(failure);
        }
    }

    @Override
    public List<String> names() {
        return new ArrayList<>(files.keySet());
    }

    @Override
    public DiskFile open(String name) throws IOException {
        Content content = files.get(name);
        if (content == null) {
            throw new IOException("there is no `" + name + "`");
        }
        return new SimulatedFile(content);
    }

    @Override
    public DiskFile create(String name) throws IOException {
        step();
        if (files.containsKey(name)) {
            throw new IOException("`" + name + "` is there already");
        }
        files.put(name, new Content());
        return open(name);
    }

    @Override
    public void delete(String name) throws IOException {
        step();
        files.remove(name);
    }

    @Override
    public void forceNames() throws IOException {
        step();
        durableNames = new TreeMap<>(files);
    }

    @Override
    public void close() {}

    private final class SimulatedFile implements DiskFile {
        private final Content content;

        SimulatedFile(Content content) {
            this.content = content;
        }

        @Override
        public long size() {
            return content.cached.length;
        }

        @Override
        public void read(ByteBuffer into, long position) {
            int count = (int) Math.max(0, Math.min(into.remaining(), content.cached.length - position));
            into.put(content.cached, (int) Math.min(position, content.cached.length), count);
        }

        /** Dies or fails in the middle too: part of the write is in the cache then. */
        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            try {
                step();
            } catch (Died | IOException e) {
                from.limit(from.position() + random.nextInt(from.remaining() + 1));
                put(from, (int) position);
                throw e;
            }
            put(from, (int) position);
        }

        private void put(ByteBuffer from, int position) {
            int end = position + from.remaining();
            if (content.cached.length < end) {
                content.cached = Arrays.copyOf(content.cached, end);
            }
            for (int sector = position / SECTOR; sector * SECTOR < end; sector++) {
                content.dirty.add(sector);
            }
            from.get(content.cached, position, end - position);
        }

        /** A force that fails leaves the cache clean and the disk without the data: nobody may trust a second one. */
        @Override
        public void force() throws IOException {
            try {
                step();
            } catch (Died e) {
                throw e;
            } catch (IOException e) {
                content.dirty.removeIf(sector -> random.nextBoolean());
                throw e;
            }
            content.dirty.forEach(sector -> writeThrough(content, sector));
            content.dirty.clear();
        }

        /** Nobody else is at this disk. */
        @Override
        public void requireName() {}

        @Override
        public void close() {}
    }
}
