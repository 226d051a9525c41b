package dev.reeve.gate;

/** A bug in a stage: counted and loud for operators, a plain denial for everybody else. The message may hold payload, so it stays out. */
final class Crash {
    private static final System.Logger LOG = System.getLogger("dev.reeve.gate");

    private Crash() {}

    static Denial denial(String stage, Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        String where = trace.length == 0 ? "unknown place" : trace[0].toString();
        LOG.log(
                System.Logger.Level.ERROR,
                "stage `{0}` failed: {1} at {2}",
                stage,
                thrown.getClass().getName(),
                where);
        return Denial.of(
                "stage_failed",
                Denial.ReasonClass.UNAVAILABLE,
                "stage `" + stage + "` failed: " + thrown.getClass().getSimpleName() + " at " + where);
    }
}
