package dev.reeve.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that is measured from outside, through /proc. */
record OtherProcess(Process process) implements AutoCloseable {
    private static final double TICKS = 100.0;

    static OtherProcess start(List<String> command, Path errors) throws IOException {
        return new OtherProcess(
                new ProcessBuilder(command).redirectError(errors.toFile()).start());
    }

    /** Runs to its end, and gives what it said; throws that if it failed. */
    static String finish(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
        return said;
    }

    /** As it is shipped: the script's flags and its AOT cache. It becomes the JVM, so that its process is the one to measure. */
    static List<String> reeve(String arguments, Path home) {
        List<String> command = new ArrayList<>(List.of(Path.of("..", "reeve").toString()));
        command.addAll(List.of(arguments.split(" ", -1)));
        command.addAll(List.of("--home", home.toString()));
        return command;
    }

    /** User and system time so far, in seconds. */
    double cpu() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    /** User and system time of each thread so far, in seconds, by kind: names without their numbers. */
    Map<String, Double> threads() throws IOException {
        Map<String, Double> seconds = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path task : tasks.toList()) {
                String stat = ended(task.resolve("stat"));
                if (!stat.isEmpty()) {
                    String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                    seconds.merge(
                            name.replaceAll("[-#\\d]+$", ""),
                            (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS,
                            Double::sum);
                }
            }
        }
        return seconds;
    }

    /** Nothing, if the thread ended meanwhile. */
    private static String ended(Path stat) {
        try {
            return Files.readString(stat);
        } catch (IOException e) {
            return "";
        }
    }

    /** Resident memory, in MB. */
    long memory() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElse(-1L);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    static OtherProcess java(List<String> flags, String mainClass, List<String> arguments, Path errors)
            throws IOException {
        List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        return start(command, errors);
    }
}
