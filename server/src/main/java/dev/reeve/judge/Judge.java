package dev.reeve.judge;

import dev.reeve.action.Action;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Opinion;

/** One who has opinions of actions. Safe for use by many threads. */
public interface Judge {
    /**
     * Blocks no longer than its settings say.
     *
     * @throws JudgeException if there is no opinion that counts
     */
    Opinion.Given ask(Action action, Facts facts) throws JudgeException;
}
