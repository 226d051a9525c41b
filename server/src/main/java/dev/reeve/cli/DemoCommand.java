package dev.reeve.cli;

import dev.reeve.config.Home;
import dev.reeve.config.Loaded;
import dev.reeve.config.ReeveConfig;
import dev.reeve.config.ReeveFile;
import dev.reeve.control.RefusedException;
import dev.reeve.demo.Demo;
import dev.reeve.json.Json;
import dev.reeve.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code reeve demo}: the real thing on a sample company. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Starts a sample company and Reeve, lets agents work in it, and shows each verdict and the verified record.",
        footer = {
            "",
            "Everything is in a folder of its own under the system's temporary folder. Takes a few seconds.",
            "",
            "Example:  reeve demo --keep"
        })
final class DemoCommand implements Checked {
    private static final Duration PIN_PATIENCE = Duration.ofSeconds(10);
    private static final Duration SIGN_PATIENCE = Duration.ofSeconds(5);
    private static final long POLL_NANOS = 20_000_000;

    @Option(names = "--keep", description = "leaves everything running and says what to type next")
    private boolean keep;

    @Override
    public int run() throws CommandException, IOException, InterruptedException {
        Path folder = Files.createTempDirectory("reeve-demo");
        try {
            return perform(folder);
        } finally {
            if (!keep) {
                delete(folder);
            }
        }
    }

    private int perform(Path folder) throws CommandException, IOException, InterruptedException {
        try (Demo demo = Demo.open(folder)) {
            ReeveConfig config = read(folder);
            try (Serve serve = Serve.start(config, news -> {})) {
                waitForPins(serve, demo.systems());
                Path ledger = config.data().resolve("ledger");
                boolean held = demo.play(
                        new Demo.Installation(
                                serve.agentsUrl(),
                                agent -> key(serve, agent),
                                ledger,
                                () -> waitUntilSigned(serve.foundation().ledger()),
                                ticket -> approve(config, ticket),
                                copy -> LedgerCheck.of(copy, config.keys().resolve("ledger.pub"))),
                        Screen.isTerminal() && System.getenv("NO_COLOR") == null);
                if (keep) {
                    demo.nextSteps(serve.agentsUrl(), config.home(), ledger, script());
                    serve.awaitStop();
                }
                System.out.println();
                System.out.println(script() + " demo --keep   leaves it running, and says what to type next");
                return held ? ExitCodes.OK : ExitCodes.FAILED;
            }
        }
    }

    /** What to type to start Reeve from where the person is. */
    private static String script() {
        Path home = Path.of(System.getProperty("reeve.home", "")).toAbsolutePath();
        return home.equals(Path.of("").toAbsolutePath())
                ? "./reeve"
                : home.resolve("reeve").toString();
    }

    /** Checkpoints are signed each second. What is not signed yet is still whole, but only a signature makes it evidence. */
    private static void waitUntilSigned(Ledger ledger) {
        long end = System.nanoTime() + SIGN_PATIENCE.toNanos();
        while (ledger.checkpoint().size() < ledger.size() && System.nanoTime() < end) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static ReeveConfig read(Path folder) throws CommandException {
        Home home = Home.of(folder, Optional.empty(), Map.of());
        Loaded<ReeveConfig> loaded = ReeveFile.read(home);
        return loaded.value().orElseThrow(() -> new CommandException(ExitCodes.FAILED, loaded.text()));
    }

    /** As a person would: with a token of her own, by the API. */
    private static String approve(ReeveConfig config, String ticket) {
        String person = "grete@company.example";
        try (Control control = Control.running(config)) {
            Json.Obj made = control.call(
                    "POST",
                    "/v1/admin-tokens",
                    Json.object().put("person", person).build());
            Json.Obj yes = Json.object()
                    .put("reason", "it is my party")
                    .put("token", made.string("token"))
                    .build();
            control.call("POST", "/v1/approvals/" + ticket + "/approve", yes);
            return person;
        } catch (CommandException e) {
            throw new IllegalStateException(e);
        }
    }

    static String key(Serve serve, String agent) {
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
    static void waitForPins(Serve serve, List<String> systems) throws InterruptedException, CommandException {
        CountDownLatch pinned = new CountDownLatch(1);
        Runnable look = () -> {
            boolean all = systems.stream()
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
