package dev.reeve.child;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Whether children can be confined here. Elsewhere the tests that need it are skipped loudly; with {@code REEVE_OUTSIDE=required} they fail. */
public final class Machine {
    private Machine() {}

    public static void confinesOrSkips() {
        if (Bubblewrap.onThisMachine() instanceof Bubblewrap.Found.Unable unable) {
            skip(unable.why());
        }
    }

    /** Root is exempt from setrlimit's count of processes. */
    static void countsProcessesOrSkips() {
        if (Bubblewrap.onThisMachine() instanceof Bubblewrap.Found.Able able
                && able.about().contains("NOT limited")) {
            skip(able.about());
        }
    }

    private static void skip(String why) {
        System.err.println("SKIPPED: " + why);
        if ("required".equals(System.getenv("REEVE_OUTSIDE"))) {
            Assertions.fail(why);
        }
        Assumptions.abort(why);
    }
}
