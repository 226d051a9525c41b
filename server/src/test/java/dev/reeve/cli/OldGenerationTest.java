package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OldGenerationTest {
    @ParameterizedTest(name = "{0} MB used, {1} MB left by the last collection")
    @CsvSource({"7, 0, 0", "9, 0, 1", "34, 18, 0", "36, 18, 1", "157, 100, 0", "159, 100, 1"})
    void itIsCollectedWhenMuchOfItMustBeGarbage(long used, long kept, int collections) {
        AtomicInteger collected = new AtomicInteger();
        new OldGeneration(() -> used << 20, () -> kept << 20, collected::incrementAndGet).look();
        assertEquals(collections, collected.get());
    }

    @Test
    void theSerialCollectorHasOne() {
        boolean serial = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .anyMatch(one -> one.getName().equals("MarkSweepCompact"));
        assertEquals(serial, OldGeneration.own().isPresent());
    }
}
