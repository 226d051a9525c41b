package dev.reeve.control;

import dev.reeve.agents.Agent;
import java.util.List;

/**
 * What became of a retired agent.
 *
 * @param complete every credential was tried and failed, and the store says revoked too
 */
public record Retirement(Agent agent, List<Tried> credentials, boolean complete) {
    public Retirement {
        credentials = List.copyOf(credentials);
    }

    /**
     * @param answer the code with which it was refused, or {@code accepted}
     * @param stored whether the store has it as revoked
     */
    public record Tried(String id, String answer, boolean stored) {
        boolean fails() {
            return stored && !answer.equals("accepted");
        }
    }
}
