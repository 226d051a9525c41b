package dev.reeve.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The durable record of one node: an append-only log whose entries are the leaves of an RFC 6962 tree.
 *
 * <p>Guarantees: an index that {@link #append} returned is on the disk, and stays there; entries are numbered and counted without a gap;
 * at least every {@link LedgerSettings#checkpointEvery} what is new is signed. Not guaranteed: that what is younger than the last
 * checkpoint cannot be altered, nor, without a witness, that the owner of the key does not sign another history.
 *
 * <p>Safe for use by many threads. After a failed write or force nothing is accepted until it is opened again.
 */
public final class Ledger implements AutoCloseable {
    private final String node;
    private final Disk disk;
    private final SigningKeys keys;
    private final Wal wal;
    private final Integrator integrator;
    private final CosignedFile cosigned;
    private final LogTiles tiles;
    private final Intake intake;
    private final Keeper keeper;
    private final GroupWriter writer;
    private final Watch watch;
    private final List<Thread> threads;
    private final long cutOff;
    private boolean closed;

    private Ledger(LedgerSettings settings, SigningKeys keys, InstantSource clock, OpenedFolder opened) {
        this.node = settings.node();
        this.disk = opened.disk();
        this.keys = keys;
        this.wal = opened.wal();
        this.integrator = opened.integrator();
        this.cosigned = opened.cosigned();
        this.tiles = new LogTiles(disk);
        this.cutOff = opened.cutOff();
        this.intake = new Intake(settings);
        this.keeper = new Keeper(wal, integrator, intake, settings);
        this.writer = new GroupWriter(intake, wal, keeper, clock);
        this.watch = new Watch(writer, intake, settings);
        Thread writing = Thread.ofPlatform().name("ledger-writer").daemon().unstarted(writer);
        Thread keeping = Thread.ofPlatform().name("ledger-keeper").daemon().unstarted(keeper);
        Thread watching = Thread.ofPlatform().name("ledger-watch").daemon().unstarted(watch);
        intake.writer(writing);
        keeper.thread(keeping);
        this.threads = List.of(writing, keeping, watching);
    }

    /**
     * Opens the folder, or makes a ledger in it, and locks it. A group that was torn by a crash is cut off at the end of the log; any
     * other damage is refused and nothing is changed.
     *
     * @param keys those that signed the folder so far; they lie outside the folder (R30). A key that is new signs from now on
     * @throws LedgerUnavailableException with reason IN_USE, FOREIGN, CORRUPT, DISK_FULL or IO_ERROR
     */
    public static Ledger open(Path folder, LedgerSettings settings, SigningKeys keys, InstantSource clock)
            throws LedgerUnavailableException {
        if (keys.isIn(folder)) {
            throw new LedgerUnavailableException(
                    LedgerUnavailableException.Reason.FOREIGN,
                    "the signing key lies in the folder that it protects: move `" + keys.file() + "` elsewhere");
        }
        try {
            return open(FolderDisk.locked(folder), settings, keys, clock);
        } catch (IOException e) {
            throw LedgerUnavailableException.of(e);
        }
    }

    static Ledger open(Disk disk, LedgerSettings settings, SigningKeys keys, InstantSource clock)
            throws LedgerUnavailableException, IOException {
        try {
            Ledger ledger = new Ledger(settings, keys, clock, OpenedFolder.open(disk, settings, keys, clock));
            ledger.threads.forEach(Thread::start);
            return ledger;
        } catch (IOException | LedgerUnavailableException | RuntimeException e) {
            disk.close();
            throw e;
        }
    }

    /** The id that stands in every stamped record (R32). */
    public String node() {
        return node;
    }

    /**
     * Blocks until the entry is durable. Interruption neither ends the waiting nor is lost.
     *
     * @return the index of the entry
     */
    public long append(Entry entry) throws LedgerUnavailableException {
        return submit(entry, false);
    }

    /** As {@link #append}; may use the reserve for control records: revocation, suspension, what an operator does (R14, R15). */
    public long appendControl(Entry entry) throws LedgerUnavailableException {
        return submit(entry, true);
    }

    /** For callers that must not block. Completed, also exceptionally, on a virtual thread of the ledger. */
    public CompletableFuture<Long> appendAsync(Entry entry) {
        CompletableFuture<Long> future = new CompletableFuture<>();
        try {
            intake.offer(new Ticket(entry, false, future));
        } catch (LedgerUnavailableException e) {
            future.completeExceptionally(e);
        }
        return future;
    }

    private long submit(Entry entry, boolean control) throws LedgerUnavailableException {
        Ticket ticket = new Ticket(entry, control, null);
        intake.offer(ticket);
        return ticket.await();
    }

    /** Makes the entry that names the keys which follow others; {@link Succession} says its form. */
    @FunctionalInterface
    public interface SuccessionEntry {
        /** A stamped entry. */
        Entry of(VerifierKeys before, VerifierKeys after);
    }

    /**
     * Makes new keys, names them in the log under a signature of the old ones, and signs with the new ones from then on; the old ones are
     * gone when it returns. Others may append meanwhile. After a failure or a crash the next start goes on with the old keys, or finishes,
     * whichever the disk says; a call that did not get so far as the entry's signature is repeated with the same new keys, and after one that
     * got further nothing is accepted until the ledger is opened again.
     *
     * @return the keys that sign now
     */
    public VerifierKeys changeKeys(SuccessionEntry entry) throws LedgerUnavailableException {
        if (keys.isShared()) {
            throw new LedgerUnavailableException(
                    LedgerUnavailableException.Reason.FOREIGN,
                    "more than one installation signs with `" + keys.file()
                            + "`, and the others could not start any more: give each its own folder of keys first");
        }
        synchronized (threads) {
            boolean begun = false;
            try {
                List<SigningKey> next = keys.prepareNext();
                long index = appendControl(entry.of(keys.verifiers(), SigningKeys.verifiers(next)));
                integrator.succeed(index, leaf(index), next, wal.end());
                begun = true;
                keys.promote();
                return keys.verifiers();
            } catch (IOException e) {
                if (begun || integrator.isUndecided()) {
                    intake.shut(Trouble.of(e));
                }
                throw LedgerUnavailableException.of(e);
            }
        }
    }

    private byte[] leaf(long index) throws IOException {
        byte[][] found = new byte[1][];
        LedgerReader.read(disk, index, index + 1, (at, leaf, disclosures) -> {
            found[0] = leaf;
            return false;
        });
        return java.util.Objects.requireNonNull(found[0], "it is durable");
    }

    /** The latest signed state; at most {@link LedgerSettings#checkpointEvery} behind what is durable. */
    public Checkpoint checkpoint() {
        return integrator.latest();
    }

    /** The newest checkpoint that was stored with {@link #storeCosigned}. */
    public Optional<Checkpoint> cosigned() {
        return cosigned.latest();
    }

    /**
     * Keeps a checkpoint with the cosignatures of enough witnesses beside the newest one. Returns when it is durable; one that is smaller
     * than what is kept is passed over.
     *
     * @throws IOException if it cannot be written; the ledger goes on without it
     */
    public void storeCosigned(Checkpoint checkpoint) throws IOException {
        cosigned.store(checkpoint);
    }

    /** That the first {@code from} entries are the beginning of this signed state: RFC 6962, section 2.1.2, from the stored hashes. */
    public List<byte[]> consistency(long from, Checkpoint to) throws IOException {
        try (HashLevels levels = new HashLevels(disk)) {
            return ConsistencyProof.of(levels, from, to.size());
        }
    }

    /** What is signed, in the static layout of C2SP tlog-tiles. */
    public LogTiles tiles() {
        return tiles;
    }

    /** How many entries are durable. */
    public long size() {
        return wal.end().index();
    }

    /** The latest time written into the log: no clock may go back behind it (R7). */
    public Instant highWaterMark() {
        return Instant.ofEpochMilli(wal.end().millis());
    }

    public LedgerStatus status() {
        @Nullable Trouble shut = intake.trouble();
        @Nullable Trouble space = keeper.spaceTrouble();
        Optional<String> trouble = Optional.ofNullable(shut)
                .or(() -> Optional.ofNullable(keeper.ordinaryTrouble()))
                .or(() -> Optional.ofNullable(wal.isFull() ? space : null))
                .map(Trouble::message);
        Optional<String> warning = Optional.ofNullable(space).map(Trouble::message);
        return new LedgerStatus(size(), checkpoint().size(), intake.waitingBytes(), trouble, warning, cutOff);
    }

    /** Streams the durable entries from {@code from} on, in the memory of one group. */
    public void read(long from, EntryConsumer consumer) throws LedgerUnavailableException {
        try {
            LedgerReader.read(disk, from, size(), consumer);
        } catch (IOException e) {
            throw LedgerUnavailableException.of(e);
        }
    }

    /** Records what waits, signs it, and unlocks the folder. */
    @Override
    public void close() throws LedgerUnavailableException {
        synchronized (threads) {
            if (closed) {
                return;
            }
            closed = true;
        }
        intake.shut(Trouble.CLOSED);
        join(threads.get(0));
        keeper.stop();
        watch.stop();
        threads.forEach(Ledger::join);
        intake.refuseWaiting(Trouble.CLOSED);
        @Nullable Trouble shut = intake.trouble();
        if (shut == null || shut.reason() == LedgerUnavailableException.Reason.CLOSED) {
            keeper.checkpoint();
        }
        try (disk;
                integrator;
                cosigned;
                wal) {
            threads.forEach(LockSupport::unpark);
        } catch (IOException e) {
            throw LedgerUnavailableException.of(e);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        LockSupport.unpark(thread);
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
