package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code reeve serve}: runs until it is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Runs Reeve: agents on one address, control on another.",
        footer = {
            "",
            "Prints one line when it is ready: `ready: agents URL control URL`. Readiness by HTTP: GET /readyz on the control address.",
            "Files under catalog/ and policies/ are watched; a bad one is refused whole and the old stays in force.",
            "Standard error has one JSON line for each event. SIGTERM or `reeve stop` ends it: what runs is finished first.",
            "",
            "Example:  reeve serve --config /etc/reeve/reeve.yaml"
        })
final class ServeCommand implements Checked {
    @Mixin
    private HomeOptions home;

    ServeCommand() {
        this(new HomeOptions());
    }

    ServeCommand(HomeOptions home) {
        this.home = home;
    }

    @Override
    public int run() throws CommandException, InterruptedException {
        long begin = System.nanoTime();
        ReeveConfig config = home.read();
        Serve serve = Serve.start(config);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            serve.askToStop();
            try {
                stopped.await(15, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        announce(serve, Duration.ofNanos(System.nanoTime() - begin));
        serve.awaitStop();
        serve.close();
        stopped.countDown();
        return ExitCodes.OK;
    }

    private static void announce(Serve serve, Duration took) {
        System.out.println("ready: agents " + serve.agentsUrl() + " control " + serve.controlUrl()
                + serve.logUrl().map(url -> " log " + url).orElse("")
                + (serve.extAuthzPort() == 0 ? "" : " ext_authz " + serve.extAuthzPort()));
        System.out.flush();
        Log.info(
                "ready",
                "agents " + serve.agentsUrl() + ", control " + serve.controlUrl() + ", pages "
                        + serve.controlUrl() + "/console, after " + took.toMillis()
                        + " ms");
        if (serve.foundation().unfinished() > 0) {
            Log.warn(
                    "outcome_unknown",
                    serve.foundation().unfinished()
                            + " calls of the last run have no outcome; they may or may not have happened: `reeve audit search --status"
                            + " outcome_unknown`");
        }
        FirstAdministrator.tell(serve.foundation().room().administrators(), serve.controlUrl(), System.err);
    }
}
