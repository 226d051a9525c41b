package dev.reeve.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Watches {@code catalog} and {@code policies}, and tells each change once: the new set, or what is wrong with it. It puts nothing in force;
 * as long as the files are wrong, the old policy stays (the listener simply does not swap).
 */
public final class PolicyWatch implements AutoCloseable {
    static final Duration QUIET = Duration.ofSeconds(1);
    private static final long WHILE_WAITING_MS = 40;
    /** Some file systems tell nothing (network, some containers): look all the same. */
    private static final long OTHERWISE_MS = 3_000;

    private static final System.Logger LOG = System.getLogger(PolicyWatch.class.getName());

    private final Path home;
    private final Reload reload;
    private final Consumer<Loaded<PolicySet>> listener;
    private final WatchService service;
    private final Map<Path, WatchKey> keys = new HashMap<>();
    private final Thread thread;
    /** A change that the listener has not taken. Touched by the watch's thread only. */
    private Optional<Loaded<PolicySet>> untold = Optional.empty();

    private volatile Optional<String> trouble = Optional.empty();

    private PolicyWatch(Path home, Reload reload, Consumer<Loaded<PolicySet>> listener) throws IOException {
        this.home = home;
        this.reload = reload;
        this.listener = listener;
        this.service = FileSystems.getDefault().newWatchService();
        this.thread = Thread.ofPlatform().daemon().name("policy-watch").unstarted(this::run);
    }

    /**
     * @param inForce {@link PolicySet#version} of what was read at the start
     * @param listener called on the watch's own thread, never twice at a time; what it throws on is told to it again
     */
    public static PolicyWatch start(
            Path home, SqlSchemas schemas, String inForce, InstantSource clock, Consumer<Loaded<PolicySet>> listener) {
        try {
            PolicyWatch watch = new PolicyWatch(home, new Reload(home, schemas, inForce, clock, QUIET), listener);
            watch.thread.start();
            return watch;
        } catch (IOException e) {
            throw new UncheckedIOException("the folders of the policy cannot be watched", e);
        }
    }

    private void run() {
        try {
            while (true) {
                look();
                rest();
            }
        } catch (ClosedWatchServiceException e) {
            // Closed: the end.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What fails in one round, a want of memory included, must not end the watch: every later change would be ignored. */
    private void look() {
        try {
            watchFolders();
            reload.look().ifPresent(change -> untold = Optional.of(change));
            if (untold.isPresent()) {
                listener.accept(untold.get());
                untold = Optional.empty();
            }
            trouble = Optional.empty();
        } catch (ClosedWatchServiceException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void rest() throws InterruptedException {
        try {
            WatchKey key = service.poll(reload.isWaiting() ? WHILE_WAITING_MS : OTHERWISE_MS, TimeUnit.MILLISECONDS);
            if (key != null) {
                key.pollEvents();
                key.reset();
            }
        } catch (Error e) {
            failed(e);
        }
    }

    /** Told once, as long as it stays. */
    private void failed(Throwable e) {
        boolean known = trouble.isPresent();
        trouble = Optional.of("changed policy files could not be taken over, and are tried again: "
                + e.getClass().getSimpleName());
        if (!known) {
            LOG.log(System.Logger.Level.ERROR, "a changed policy could not be taken over", e);
        }
    }

    /** The home too, so that a folder that appears is seen; one that was replaced is watched anew. */
    private void watchFolders() {
        for (Path folder : List.of(home, home.resolve(PolicyFiles.CATALOG), home.resolve(PolicyFiles.POLICIES))) {
            WatchKey key = keys.get(folder);
            if ((key == null || !key.isValid()) && Files.isDirectory(folder)) {
                try {
                    keys.put(
                            folder,
                            folder.register(
                                    service,
                                    StandardWatchEventKinds.ENTRY_CREATE,
                                    StandardWatchEventKinds.ENTRY_MODIFY,
                                    StandardWatchEventKinds.ENTRY_DELETE));
                } catch (IOException e) {
                    LOG.log(System.Logger.Level.DEBUG, "a folder is looked at from time to time only", e);
                }
            }
        }
    }

    /** Why changes are not noticed, or not told, at present; empty as long as they are. */
    public Optional<String> trouble() {
        return thread.isAlive()
                ? trouble
                : Optional.of("changed policy files are not noticed any more: the watch has ended; restart Reeve");
    }

    /** Returns when the listener is not called any more. */
    @Override
    public void close() {
        try {
            service.close();
            if (Thread.currentThread() != thread) {
                thread.join();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
