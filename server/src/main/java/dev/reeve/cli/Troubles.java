package dev.reeve.cli;

import java.util.Optional;

/** Tells operators of what does not work any more, and when it does again. On one thread. */
final class Troubles {
    private final Foundation foundation;
    private final Lasting lateWrites = new Lasting();
    /** The trouble of the ledger that was told last. */
    private Optional<String> told = Optional.empty();

    Troubles(Foundation foundation) {
        this.foundation = foundation;
    }

    /** Writes what may be late. Every five seconds: a trouble that stays is said again every five minutes. */
    void writeLate() {
        switch (lateWrites.look(foundation.flush())) {
            case Lasting.Saying.Nothing ignored -> {}
            case Lasting.Saying.Trouble trouble -> Log.warn("late_writes", trouble.why());
            case Lasting.Saying.Over ignored -> Log.info("late_writes", "marks are written again");
        }
    }

    /** A ledger that takes nothing stops every agent: that is told where operators look, once. */
    void tellOfLedger() {
        Optional<String> now = foundation.ledger().status().trouble();
        if (!now.equals(told)) {
            now.ifPresentOrElse(
                    why -> Log.error("ledger", "nothing can be recorded, so nothing runs: " + why),
                    () -> Log.info("ledger", "it records again"));
            told = now;
        }
    }
}
