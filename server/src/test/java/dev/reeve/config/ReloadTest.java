package dev.reeve.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReloadTest {
    private static final Duration QUIET = Duration.ofMillis(100);

    @TempDir
    private Path home;

    private Instant now = Instant.EPOCH;

    @BeforeEach
    void folders() throws IOException {
        Files.createDirectories(home.resolve("policies"));
    }

    private void write(String text) throws IOException {
        Files.writeString(home.resolve("policies/p.yaml"), text);
    }

    private static String roles(String... names) {
        StringBuilder text = new StringBuilder("agent_roles:\n");
        for (String name : names) {
            text.append("  ").append(name).append(": { permissions: [] }\n");
        }
        return text.toString();
    }

    private Reload reload() {
        String inForce =
                PolicyFiles.read(home, TinySchemas::read).value().orElseThrow().version();
        return new Reload(home, TinySchemas::read, inForce, () -> now, QUIET);
    }

    private static Loaded<PolicySet> next(BlockingQueue<Loaded<PolicySet>> told) throws InterruptedException {
        return Optional.ofNullable(told.poll(20, TimeUnit.SECONDS))
                .orElseThrow(() -> new AssertionError("nothing was told within 20 s"));
    }

    private void pass(long millis) {
        now = now.plusMillis(millis);
    }

    @Test
    void aChangeIsToldOnceAndOnlyWhenItIsQuiet() throws IOException {
        write(roles("a"));
        Reload reload = reload();
        assertEquals(Optional.empty(), reload.look());
        assertFalse(reload.isWaiting());
        write(roles("a", "b"));
        assertEquals(Optional.empty(), reload.look());
        assertTrue(reload.isWaiting());
        pass(99);
        assertEquals(Optional.empty(), reload.look());
        write(roles("a", "b", "c"));
        pass(1);
        assertEquals(Optional.empty(), reload.look());
        pass(100);
        PolicySet told = reload.look().orElseThrow().value().orElseThrow();
        assertEquals(3, told.source().roles().size());
        pass(1000);
        assertEquals(Optional.empty(), reload.look());
        assertFalse(reload.isWaiting());
    }

    @Test
    void wrongFilesAreToldAsProblemsAndSoIsTheirRepair() throws IOException {
        write(roles("a"));
        Reload reload = reload();
        write("agent_rols: {}\n");
        assertTrue(reload.look().isEmpty());
        pass(100);
        Loaded<PolicySet> wrong = reload.look().orElseThrow();
        assertTrue(wrong.value().isEmpty());
        assertEquals("policies/p.yaml:1: agent_rols: unknown key; did you mean \"agent_roles\"?\n", wrong.text());
        write(roles("a"));
        assertTrue(reload.look().isEmpty());
        pass(100);
        assertTrue(reload.look().orElseThrow().value().isPresent());
    }

    @Test
    void whatIsPutBackInTimeIsNotToldAtAll() throws IOException {
        write(roles("a"));
        Reload reload = reload();
        write("broken: [");
        assertTrue(reload.look().isEmpty());
        write(roles("a"));
        pass(200);
        assertTrue(reload.look().isEmpty());
        assertFalse(reload.isWaiting());
    }

    @Test
    void aFolderThatVanishesIsAChange() throws IOException {
        write(roles("a"));
        Reload reload = reload();
        Files.delete(home.resolve("policies/p.yaml"));
        Files.delete(home.resolve("policies"));
        assertTrue(reload.look().isEmpty());
        pass(100);
        assertTrue(reload.look()
                .orElseThrow()
                .value()
                .orElseThrow()
                .source()
                .roles()
                .isEmpty());
    }

    @Test
    void theWatchTellsWhatHappensOnDisk() throws Exception {
        write(roles("a"));
        String inForce =
                PolicyFiles.read(home, TinySchemas::read).value().orElseThrow().version();
        BlockingQueue<Loaded<PolicySet>> told = new LinkedBlockingQueue<>();
        try (PolicyWatch watch =
                PolicyWatch.start(home, TinySchemas::read, inForce, InstantSource.system(), told::add)) {
            write(roles("a", "b"));
            Loaded<PolicySet> first = next(told);
            assertEquals(2, first.value().orElseThrow().source().roles().size());
            Files.createDirectories(home.resolve("catalog"));
            Files.writeString(home.resolve("catalog/c.yaml"), "resources: { r: {} }\n");
            Loaded<PolicySet> second = next(told);
            assertEquals(1, second.value().orElseThrow().source().resources().size());
            assertEquals(Optional.empty(), watch.trouble());
        }
        write(roles("a", "b", "c"));
        assertTrue(Optional.ofNullable(told.poll(300, TimeUnit.MILLISECONDS)).isEmpty());
    }

    /** An Error ended the watch, and every later change was ignored without a word. */
    @Test
    void nothingEndsTheWatchAndWhatWasNotHeardIsToldAgain() throws Exception {
        write(roles("a"));
        String inForce =
                PolicyFiles.read(home, TinySchemas::read).value().orElseThrow().version();
        BlockingQueue<Loaded<PolicySet>> told = new LinkedBlockingQueue<>();
        AtomicBoolean deaf = new AtomicBoolean(true);
        try (PolicyWatch watch = PolicyWatch.start(home, TinySchemas::read, inForce, InstantSource.system(), change -> {
            if (deaf.getAndSet(false)) {
                throw new OutOfMemoryError("no more");
            }
            told.add(change);
        })) {
            write(roles("a", "b"));
            assertEquals(2, next(told).value().orElseThrow().source().roles().size());
            write(roles("a", "b", "c"));
            assertEquals(3, next(told).value().orElseThrow().source().roles().size());
            assertEquals(Optional.empty(), watch.trouble());
        }
    }

    @Test
    void whatCouldNotBeReadForWantOfMemoryIsReadAgain() throws IOException {
        write(roles("a"));
        Files.createDirectories(home.resolve("catalog"));
        String inForce =
                PolicyFiles.read(home, TinySchemas::read).value().orElseThrow().version();
        AtomicBoolean full = new AtomicBoolean(true);
        SqlSchemas schemas = (text, dialect) -> {
            if (full.getAndSet(false)) {
                throw new OutOfMemoryError("no more");
            }
            return TinySchemas.read(text, dialect);
        };
        Reload reload = new Reload(home, schemas, inForce, () -> now, QUIET);
        Files.writeString(home.resolve("catalog/s.sql"), "CREATE TABLE t (id INT);");
        Files.writeString(
                home.resolve("catalog/c.yaml"), "resources: { r: { database: { dialect: sqlite, schema: s.sql } } }\n");
        assertTrue(reload.look().isEmpty());
        pass(100);
        assertThrows(OutOfMemoryError.class, reload::look);
        assertTrue(reload.look().isPresent(), "the change is still to be told");
    }

    @Test
    void aWatchThatHasEndedSaysSo() throws Exception {
        write(roles("a"));
        PolicyWatch watch = PolicyWatch.start(home, TinySchemas::read, "v", InstantSource.system(), change -> {});
        assertEquals(Optional.empty(), watch.trouble());
        watch.close();
        assertTrue(watch.trouble().orElseThrow().contains("not noticed any more"));
    }

    /** While files are replaced all the time, whatever is told is one of the texts that were written, whole. */
    @Test
    void concurrentWritesNeverGiveAMixture() throws Exception {
        long seed = 99;
        write(roles("start"));
        String inForce =
                PolicyFiles.read(home, TinySchemas::read).value().orElseThrow().version();
        BlockingQueue<Loaded<PolicySet>> told = new LinkedBlockingQueue<>();
        AtomicBoolean done = new AtomicBoolean();
        String last = roles("r1", "r2", "last");
        Thread writer = Thread.ofPlatform().start(() -> {
            Random random = new Random(seed);
            try {
                for (int i = 0; i < 3_000; i++) {
                    Path temporary = home.resolve("policies/.p.tmp");
                    String name = "r" + random.nextInt(100);
                    Files.writeString(temporary, roles(name, name + "_twin"));
                    Files.move(
                            temporary,
                            home.resolve("policies/p.yaml"),
                            StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
                }
                Files.writeString(home.resolve("policies/p.yaml"), last);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } finally {
                done.set(true);
            }
        });
        try (PolicyWatch watch =
                PolicyWatch.start(home, TinySchemas::read, inForce, InstantSource.system(), told::add)) {
            writer.join();
            assertTrue(done.get());
            assertEquals(Optional.empty(), watch.trouble());
            Loaded<PolicySet> loaded = next(told);
            while (loaded.value().orElseThrow().source().roles().size() == 2) {
                var roles = loaded.value().orElseThrow().source().roles();
                assertEquals(roles.get(0).name() + "_twin", roles.get(1).name());
                loaded = next(told);
            }
            assertEquals(3, loaded.value().orElseThrow().source().roles().size());
        }
    }
}
