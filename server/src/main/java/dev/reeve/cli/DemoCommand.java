package dev.reeve.cli;

import dev.reeve.config.Home;
import dev.reeve.config.Loaded;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.control.RefusedException;
import dev.reeve.demo.Demo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reeve demo}: the real thing on a sample company. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Starts a sample company and Reeve, lets agents work in it, and shows each verdict and the verified record.")
final class DemoCommand implements Checked {
    private static final Duration PIN_PATIENCE = Duration.ofSeconds(10);

    @Option(names = "--keep", description = "leaves everything running and says what to type next")
    private boolean keep;

    @Override
    public int run() throws CommandException, IOException, InterruptedException {
        Path folder = Files.createTempDirectory("reeve-demo");
        try (Demo demo = Demo.open(folder)) {
            ReeveConfig config = read(folder);
            try (Serve serve = Serve.start(config, news -> {})) {
                waitForPins(serve, demo);
                boolean held = demo.play(
                        serve.agentsUrl(),
                        agent -> key(serve, agent),
                        config.data().resolve("ledger"),
                        copy -> LedgerCheck.of(copy, config.keys().resolve("ledger.pub")),
                        Screen.isTerminal() && System.getenv("NO_COLOR") == null);
                if (keep) {
                    demo.nextSteps(serve.agentsUrl(), config.home());
                    new CountDownLatch(1).await();
                }
                return held ? ExitCodes.OK : ExitCodes.FAILED;
            }
        }
    }

    private static ReeveConfig read(Path folder) throws CommandException {
        Home home = Home.of(folder, Optional.empty(), Map.of());
        Loaded<ReeveConfig> loaded = ReeveFile.read(home);
        return loaded.value().orElseThrow(() -> new CommandException(ExitCodes.FAILED, loaded.text()));
    }

    private static String key(Serve serve, String agent) {
        try {
            return serve.foundation()
                    .room()
                    .administration()
                    .createKey("local:demo", agent, Duration.ofDays(1))
                    .text()
                    .exposeTextInsecurely();
        } catch (RefusedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Pinning goes on in the background; each change is told. */
    private static void waitForPins(Serve serve, Demo demo) throws InterruptedException, CommandException {
        CountDownLatch pinned = new CountDownLatch(1);
        Runnable look = () -> {
            boolean all = demo.systems().stream()
                    .noneMatch(
                            name -> serve.foundation().definitions().tools(name).isEmpty());
            if (all) {
                pinned.countDown();
            }
        };
        serve.foundation().definitions().onChange(upstream -> look.run());
        look.run();
        if (!pinned.await(PIN_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new CommandException(ExitCodes.FAILED, "the sample company's tools could not be read within 10 s");
        }
    }
}
