package dev.reeve.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running {@code reeve serve}, as a stranger starts it: the packaged jar, a home folder, and what it prints. */
public final class Product implements AutoCloseable {
    private static final Path JAR =
            Path.of("..", "server", "target", "reeve.jar").toAbsolutePath().normalize();
    private static final Pattern READY = Pattern.compile("ready: agents (https?://\\S+) control (https?://\\S+)");
    private static final int START_SECONDS = 60;

    private final Process process;
    private final Path home;
    private final String agents;
    private final String control;
    private final Queue<String> output;

    private Product(Process process, Path home, String agents, String control, Queue<String> output) {
        this.process = process;
        this.home = home;
        this.agents = agents;
        this.control = control;
        this.output = output;
    }

    /** The flags of the {@code reeve} script. */
    static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xms56m",
                "-Xmn20m",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                JAR.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    public static Product start(Path home) throws IOException, InterruptedException {
        if (!Files.exists(JAR)) {
            throw new AssertionError(
                    "no packaged product at " + JAR + ": run `./mvnw verify` or `./mvnw package` first");
        }
        ProcessBuilder builder = new ProcessBuilder(java("serve", "--home", home.toString())).redirectErrorStream(true);
        builder.environment().put("XDG_CONFIG_HOME", home.resolve("user-config").toString());
        Process process = builder.start();
        Queue<String> output = new ConcurrentLinkedQueue<>();
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> collect(process, output, lines));
        for (String line = lines.poll(START_SECONDS, TimeUnit.SECONDS);
                line != null;
                line = lines.poll(START_SECONDS, TimeUnit.SECONDS)) {
            Matcher ready = READY.matcher(line);
            if (ready.find()) {
                return new Product(process, home, ready.group(1), ready.group(2), output);
            }
            if (line.equals(ENDED)) {
                break;
            }
        }
        process.destroyForcibly();
        throw new AssertionError("it did not become ready:\n" + String.join("\n", output));
    }

    private static final String ENDED = "\u0000ended";

    private static void collect(Process process, Queue<String> output, BlockingQueue<String> lines) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                output.add(line);
                lines.add(line);
            }
        } catch (IOException e) {
            output.add(e.toString());
        }
        lines.add(ENDED);
    }

    /** The MCP endpoint for all upstreams. */
    public String mcp() {
        return agents;
    }

    public String control() {
        return control;
    }

    public String output() {
        return String.join("\n", output);
    }

    public Path home() {
        return home;
    }

    long pid() {
        return process.pid();
    }

    /** A command of the product, on the same home. */
    public Commands.Ran reeve(String... arguments) {
        return reeve(home, arguments);
    }

    public static Commands.Ran reeve(Path home, String... arguments) {
        return reeve(home, 60, arguments);
    }

    static Commands.Ran reeve(Path home, int seconds, String... arguments) {
        List<String> command = java(arguments);
        command.add("--home");
        command.add(home.toString());
        return Commands.run(
                Path.of(".").toAbsolutePath(),
                Map.of("XDG_CONFIG_HOME", home.resolve("user-config").toString()),
                seconds,
                command);
    }

    /** As a power cut would. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("it did not stop within 20 s of SIGTERM:\n" + String.join("\n", output));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
