package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Reeve sends to MongoDB finds the same without every field that was not named, and masks where something is masked, by another's evaluator. */
final class DocumentVectorsTest {
    @Test
    void anotherEvaluatorFindsNothingInFieldsThatWereNotNamed() {
        Path vectors = Path.of("..", "spec", "vectors", "mongo").toAbsolutePath();
        Commands.Ran ran =
                Commands.run(Outside.documents(), Map.of(), 60, List.of("node", "check.mjs", vectors.toString()));
        assertEquals("101 run, 0 wrong", ran.out().strip(), ran.out() + ran.err());
    }
}
