package dev.reeve.cli;

import dev.reeve.audit.EventText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;

/** A command whose failures are one line on standard error and an exit code. */
interface Checked extends Callable<Integer> {
    int run() throws Exception;

    @Override
    default Integer call() {
        try {
            return run();
        } catch (CommandException e) {
            return fail(e.exitCode(), String.valueOf(e.getMessage()));
        } catch (IOException | UncheckedIOException e) {
            return fail(ExitCodes.FAILED, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail(ExitCodes.FAILED, "interrupted");
        } catch (Exception e) {
            return fail(ExitCodes.FAILED, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    private static int fail(int code, String message) {
        message.lines().forEach(line -> System.err.println("reeve: " + EventText.escape(line)));
        return code;
    }
}
