package dev.reeve.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server scenarios of the official conformance suites, in every revision, against a reference server that passes all of them: directly,
 * and through Reeve with authentication and policy on. What passes directly passes through Reeve, check by check, or stands in
 * {@link #GAPS}, which can only shrink.
 */
final class ConformanceTest {
    /** Scenarios that are worse through Reeve, and why. An entry that no longer holds fails the test, so that it is taken out. */
    private static final List<Gap> GAPS = List.of();

    /** The same for Reeve as a client. */
    private static final List<Gap> CLIENT_GAPS = List.of();

    @TempDir
    static Path folder;

    private static Running reference;
    private static Product product;
    private static String key;

    private record Gap(String runs, String scenarios, String why) {
        boolean covers(Row row) {
            return row.run().matches(runs) && row.scenario().matches(scenarios);
        }
    }

    private record Row(String run, String scenario, String direct, String through, String why) {
        static Row of(String line) {
            String[] parts = line.split("\t", -1);
            return new Row(parts[0], parts[1], parts[2], parts[3], parts[4]);
        }

        boolean same() {
            return through.equals("same");
        }

        @Override
        public String toString() {
            return run + " " + scenario + ": " + why;
        }
    }

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        Outside.slow("the official conformance suites");
        reference = Running.start(
                Outside.conformance(),
                Map.of(),
                Pattern.compile("\"url\":\"(http://[^\"]+)\""),
                List.of("node", "server.mjs"));
        Path home = Homes.home(Files.createDirectory(folder.resolve("home")), """
                reference: { url: "%1$s", definitions: trust-first-use }
                older: { url: "%1$s", revision: "2025-11-25", definitions: trust-first-use }
                """.formatted(reference.matched()));
        Homes.file(home, "policies/tester.yaml", """
                agent_roles:
                  tester:
                    permissions:
                      - { resource: "tool:reference.*", actions: [execute] }
                      - { resource: "mcp:reference/**", actions: [read] }
                      - { resource: "prompt:reference.*", actions: [read] }
                      - { resource: "tool:older.*", actions: [execute] }
                """);
        product = Product.start(home);
        key = Agents.withKey(product, "tester");
        Tools.waitUntilPinned(product, List.of("reference", "older"));
    }

    @AfterAll
    static void stop() {
        if (product != null) {
            product.close();
        }
        if (reference != null) {
            reference.close();
        }
    }

    @Test
    void whatPassesDirectlyPassesThroughReeve() {
        List<Row> rows = settled(
                GAPS,
                "compare.mjs",
                "--direct",
                reference.matched(),
                "--through",
                product.mcp() + "/reference",
                "--older",
                product.mcp() + "/older",
                "--token",
                key);
        assertTrue(rows.size() > 190, "only " + rows.size() + " scenarios ran");
        assertEquals(List.of(), wrong(rows, GAPS));
        assertFalse(product.output().contains(key), "the key is in the log");
    }

    /** Here the suite is the server, and Reeve stands before a client that passes by itself. */
    @Test
    void asAClientOfItsUpstreamsReevePassesToo() throws IOException {
        Path gateway = Files.createDirectory(folder.resolve("gateway"));
        Files.writeString(gateway.resolve("command"), Text.yaml(Product.java()));
        String client = String.join(" ", Outside.node("scenario-client.mjs"));
        List<Row> rows =
                settled(CLIENT_GAPS, "clients.mjs", "--client", client, "--gateway", client + " --gateway " + gateway);
        assertTrue(rows.size() > 10, "only " + rows.size() + " scenarios ran");
        assertEquals(List.of(), wrong(rows, CLIENT_GAPS));
    }

    /** The suites give answers half a second: what was late on a busy machine is asked once more, by itself. */
    private static List<Row> settled(List<Gap> gaps, String script, String... arguments) {
        List<Row> rows = new ArrayList<>(run(script, arguments));
        List<String> late = rows.stream()
                .filter(row -> !row.same() || !row.direct().equals("pass"))
                .filter(row -> gaps.stream().noneMatch(gap -> gap.covers(row)))
                .map(Row::scenario)
                .distinct()
                .toList();
        if (late.isEmpty()) {
            return rows;
        }
        List<String> again = new ArrayList<>(List.of("--only", "^(" + String.join("|", late) + ")$"));
        again.addAll(List.of(arguments));
        for (Row second : run(script, again.toArray(String[]::new))) {
            rows.replaceAll(first ->
                    first.run().equals(second.run()) && first.scenario().equals(second.scenario()) ? second : first);
        }
        return rows;
    }

    private static List<String> wrong(List<Row> rows, List<Gap> gaps) {
        List<String> wrong = new ArrayList<>();
        for (Row row : rows) {
            if (!row.direct().equals("pass")) {
                wrong.add("does not even pass directly: " + row);
            }
            if (!row.same() && gaps.stream().noneMatch(gap -> gap.covers(row))) {
                wrong.add("worse through Reeve: " + row);
            }
        }
        for (Gap gap : gaps) {
            List<Row> covered = rows.stream().filter(gap::covers).toList();
            if (covered.isEmpty()) {
                wrong.add("no such scenario, take the gap out: " + gap);
            }
            covered.stream().filter(Row::same).forEach(row -> wrong.add("passes now, take it out of the gaps: " + row));
        }
        return wrong;
    }

    private static List<Row> run(String script, String... arguments) {
        Path file = folder.resolve(script + ".tsv");
        List<String> command = new ArrayList<>(List.of("node", script, "--rows", file.toString()));
        command.addAll(List.of(arguments));
        Commands.Ran ran = Commands.run(Outside.conformance(), Map.of(), 1800, command);
        System.out.println(ran.out());
        assertTrue(Files.exists(file), ran.out() + ran.err());
        return Commands.text(file).lines().map(Row::of).toList();
    }
}
