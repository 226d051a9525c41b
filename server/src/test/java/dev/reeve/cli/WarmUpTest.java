package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The script swallows what it says: if it did not work, the cache of classes would lack what the first calls need, and nobody would know. */
class WarmUpTest {
    @Test
    void theInstallationThatIsServedForTheCacheOfClassesAnswersAnAllowedCall() {
        assertEquals(ExitCodes.OK, WarmUp.run());
    }
}
