package dev.reeve.cli;

import dev.reeve.control.Administrators;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Shows the link of the first administrator: on a terminal only, because what is not a terminal is a log (R31). */
final class FirstAdministrator {
    private FirstAdministrator() {}

    /** @param url of the control address */
    static void tell(Administrators administrators, String url, PrintStream err) {
        if (!isTerminal()) {
            return;
        }
        administrators.firstLink().ifPresent(link -> {
            if (url.startsWith("https:")) {
                // The name in the certificate may lead elsewhere than to loopback, where alone the link is taken (R31).
                err.println(
                        "reeve: there is no administrator yet; on this machine: reeve admin invite NAME --role admin");
                return;
            }
            err.println(
                    "reeve: there is no administrator yet. For ten minutes and one use, in a browser on this machine:");
            err.println("  " + url + "/console/welcome?link=" + link.exposeTextInsecurely());
            err.println("  later: reeve admin invite NAME --role admin");
        });
    }

    /** Whether standard error goes to a terminal; where that cannot be known, it does not. */
    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
