package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.util.LibraryLoaderUtil;

/** The script swallows what it says: if it did not work, the cache of classes would lack what the first calls need, and nobody would know. */
class WarmUpTest {
    @Test
    void theInstallationThatIsServedForTheCacheOfClassesAnswersAnAllowedCall(@TempDir Path folder) throws Exception {
        Path libraries = folder.resolve("native");
        assertEquals(ExitCodes.OK, WarmUp.run(libraries));
        assertTrue(Files.size(libraries.resolve(LibraryLoaderUtil.getNativeLibName())) > 500_000);
    }
}
