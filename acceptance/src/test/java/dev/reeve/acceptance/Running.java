package dev.reeve.acceptance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Somebody else's program, running until it is closed. */
final class Running implements AutoCloseable {
    private final Process process;
    private final BlockingQueue<String> lines;
    private final String matched;

    private Running(Process process, BlockingQueue<String> lines, String matched) {
        this.process = process;
        this.lines = lines;
        this.matched = matched;
    }

    /** Starts it and waits for a line of its output; {@link #matched} is that line's first group. */
    static Running start(Path folder, Map<String, String> environment, Pattern ready, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> {
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException e) {
                lines.add(e.toString());
            }
        });
        StringBuilder seen = new StringBuilder();
        for (String line = lines.poll(30, TimeUnit.SECONDS); line != null; line = lines.poll(30, TimeUnit.SECONDS)) {
            Matcher matcher = ready.matcher(line);
            if (matcher.find()) {
                return new Running(process, lines, matcher.groupCount() > 0 ? matcher.group(1) : line);
            }
            seen.append(line).append('\n');
        }
        process.destroyForcibly();
        throw new AssertionError("not ready within 30 s: " + command + "\n" + seen);
    }

    String matched() {
        return matched;
    }

    /** The next line of its output. */
    String line() throws InterruptedException {
        return Objects.requireNonNull(lines.poll(60, TimeUnit.SECONDS), "it said nothing more within 60 s");
    }

    /** As a power cut would. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
