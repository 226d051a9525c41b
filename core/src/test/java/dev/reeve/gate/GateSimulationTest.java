package dev.reeve.gate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class GateSimulationTest {
    @Test
    void nothingRunsUndecidedOrUnrecordedWhateverFails() {
        int allowed = 0;
        int released = 0;
        for (long seed = 1; seed <= 300; seed++) {
            GateSimulation simulation = new GateSimulation(seed);
            simulation.run(200);
            allowed += simulation.allowed;
            released += simulation.released;
        }
        assertTrue(
                allowed > 5_000 && released > 1_000,
                "the simulation allows too little to say anything: " + allowed + ", " + released);
    }
}
