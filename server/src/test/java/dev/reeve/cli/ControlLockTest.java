package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.store.DataLock;
import dev.reeve.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlLockTest {
    @TempDir
    private Path data;

    @Test
    void whoComesWhileACommandHasTheFolderWaitsForItsEnd() throws Exception {
        DataLock first = DataLock.take(data).orElseThrow();
        CompletableFuture<Optional<DataLock>> second = new CompletableFuture<>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                second.complete(Control.lock(data));
            } catch (StoreException e) {
                second.completeExceptionally(e);
            }
        });
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(waiting.isAlive(), "it did not wait");
            Thread.onSpinWait();
        }
        first.close();
        Optional<DataLock> taken = second.get();
        assertTrue(taken.isPresent());
        assertEquals(Optional.empty(), DataLock.take(data));
        taken.get().close();
    }

    @Test
    void aFolderThatOthersCanEnterIsRefusedAsDoctorSays() throws Exception {
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        StoreException refused = assertThrows(StoreException.class, () -> DataLock.take(data));
        assertEquals(
                "other users can enter or read the data folder `" + data + "`; if nobody did: chmod go= " + data,
                refused.getMessage());
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        DataLock.take(data).orElseThrow().close();
    }
}
