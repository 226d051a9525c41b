package dev.reeve.cli;

import dev.reeve.ledger.Progress;
import java.io.PrintStream;
import java.util.Locale;

/** How far long work over records is: one line on standard error, where a person sees it; it is drawn again when it changes. */
final class ProgressBar implements Progress, AutoCloseable {
    private static final int WIDTH = 30;
    private final PrintStream out;
    private final boolean shown;
    private long percent = -1;

    ProgressBar(PrintStream out, boolean shown) {
        this.out = out;
        this.shown = shown;
    }

    /** @param wanted false for output that a program reads */
    static ProgressBar onTerminal(boolean wanted) {
        return new ProgressBar(System.err, wanted && Screen.isTerminal());
    }

    @Override
    public void at(long records, long done, long inAll) {
        long now = inAll <= 0 ? 100 : Math.clamp(done * 100 / inAll, 0, 100);
        if (!shown || now == percent) {
            return;
        }
        percent = now;
        int full = (int) (now * WIDTH / 100);
        out.print(String.format(
                Locale.ROOT, "\r[%s%s] %3d %%  %,d records", "#".repeat(full), "-".repeat(WIDTH - full), now, records));
        out.flush();
    }

    /** Leaves the line, if there is one. */
    @Override
    public void close() {
        if (percent >= 0) {
            out.println();
            percent = -1;
        }
    }
}
