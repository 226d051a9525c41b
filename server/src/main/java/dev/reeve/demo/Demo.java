package dev.reeve.demo;

import dev.reeve.audit.AuditReader;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventText;
import dev.reeve.json.Json;
import dev.reeve.secrets.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** The sample company with its folder, and the play that agents perform in it. */
public final class Demo implements AutoCloseable {
    private static final List<String> FILES =
            List.of("catalog/sales.sql", "catalog/systems.yaml", "policies/roles.yaml", "policies/office.yaml");

    private final Company company;
    private final Path folder;

    private Demo(Company company, Path folder) {
        this.company = company;
        this.folder = folder;
    }

    /** Starts the company and writes the operator's files for it. */
    public static Demo open(Path folder) throws IOException {
        Company company = Company.open(0);
        for (String file : FILES) {
            Path target = folder.resolve(file);
            Files.createDirectories(target.getParent());
            Files.write(target, Database.resource("home/" + file).getBytes(StandardCharsets.UTF_8));
        }
        StringBuilder yaml = new StringBuilder(
                "listen: { agents: \"127.0.0.1:0\", control: \"127.0.0.1:0\" }\ndata: ./reeve-data\nkeys: ./keys\nupstreams:\n");
        for (String name : company.names()) {
            yaml.append("  %s: { url: \"http://127.0.0.1:%d/%s\", definitions: trust-first-use }%n"
                    .formatted(name, company.port(), name));
        }
        Files.write(folder.resolve("reeve.yaml"), yaml.toString().getBytes(StandardCharsets.UTF_8));
        return new Demo(company, folder);
    }

    public List<String> systems() {
        return company.names();
    }

    /** What a check of a ledger's folder found: one line, and whether it holds. */
    public record Verified(boolean holds, String line) {}

    /**
     * @param keys makes a key for an agent
     * @param verifier checks a ledger's folder
     * @return true if everything went as it should: the theft was stopped and the record is whole
     */
    public boolean play(
            String endpoint,
            Function<String, String> keys,
            Path ledger,
            Function<Path, Verified> verifier,
            boolean colour)
            throws IOException, InterruptedException {
        DemoScreen screen = new DemoScreen(System.out, colour);
        screen.say("A company with seven systems, all of them MCP servers that do whatever they are told.");
        screen.say("Three agents with a key each. Between them: Reeve, with the policy in " + folder + "/policies.");
        AuditReader reader = new AuditReader(ledger);
        perform(endpoint, keys, reader, screen);
        screen.say("");
        boolean stolen = company.outbox().stream()
                .anyMatch(mail -> mail.string("to").orElse("").contains("collector"));
        screen.say("Mails that really left: " + company.outbox().size() + "; to the thief: "
                + (stolen ? "SOME" : "none") + ".");
        return verify(ledger, verifier, reader, screen) && !stolen;
    }

    private void perform(String endpoint, Function<String, String> keys, AuditReader reader, DemoScreen screen)
            throws IOException, InterruptedException {
        Map<String, DemoAgent> agents = new HashMap<>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            int number = 0;
            for (Scene scene : Scene.all()) {
                DemoAgent agent = agents.get(scene.agent());
                if (agent == null) {
                    agent = new DemoAgent(http, URI.create(endpoint), Secret.of(keys.apply(scene.agent())));
                    agents.put(scene.agent(), agent);
                    screen.agent(scene.agent(), tools(agent.list()));
                }
                agent.call(scene.tool(), scene.arguments());
                screen.call(++number, scene, newest(reader, scene.agent()));
            }
        }
    }

    private static int tools(Json.Obj answer) {
        return answer.object("result")
                .flatMap(result -> result.array("tools"))
                .map(list -> list.items().size())
                .orElse(0);
    }

    private static Happened newest(AuditReader reader, String agent) throws IOException {
        return reader.last(
                        1,
                        happened -> happened.isAction()
                                && happened.record()
                                        .leaf()
                                        .string("agent")
                                        .orElse("")
                                        .equals(agent))
                .getFirst();
    }

    private boolean verify(Path ledger, Function<Path, Verified> verifier, AuditReader reader, DemoScreen screen)
            throws IOException {
        Verified whole = verifier.apply(ledger);
        screen.say("The record: " + whole.line());
        Path copy = copy(ledger, folder.resolve("altered-copy"));
        Happened stopped = reader.last(1, happened -> EventText.status(happened).equals("denied"))
                .getFirst();
        alter(copy, stopped.record().id());
        screen.say("Now a copy of it, in which one denial (" + stopped.record().id() + ") is made an intent:");
        Verified broken = verifier.apply(copy);
        screen.say("The altered copy: " + broken.line());
        return whole.holds() && !broken.holds();
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> tree = Files.walk(from)) {
            for (Path file : tree.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return to;
    }

    /** Finds the record by its id in the files, and changes its kind. The length stays, so only the content tells. */
    private static void alter(Path ledger, String id) throws IOException {
        byte[] wanted = ("\"id\":\"" + id + "\",\"").getBytes(StandardCharsets.UTF_8);
        byte[] kind = "\"kind\":\"denial\"".getBytes(StandardCharsets.UTF_8);
        try (Stream<Path> tree = Files.walk(ledger)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                int at = find(bytes, wanted, 0);
                int from = at < 0 ? -1 : find(bytes, kind, at);
                if (from >= 0) {
                    System.arraycopy(
                            "\"kind\":\"intent\"".getBytes(StandardCharsets.UTF_8), 0, bytes, from, kind.length);
                    Files.write(file, bytes);
                    return;
                }
            }
        }
        throw new IOException("the record to alter was not found");
    }

    private static int find(byte[] bytes, byte[] wanted, int from) {
        for (int i = from; i + wanted.length <= bytes.length; i++) {
            if (java.util.Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }

    /** What to type while it is left running. */
    public void nextSteps(String endpoint, Path home) {
        System.out.println();
        System.out.println("Still running: " + endpoint + ". In another terminal:");
        System.out.println("  ./reeve audit tail --home " + home);
        System.out.println("  ./reeve audit search --status denied --home " + home);
        System.out.println("  ./reeve key create office_helper_001 --home " + home);
        System.out.println("  (edit " + home + "/policies/office.yaml: it is read again at once)");
        System.out.println("Ctrl-C ends it.");
    }

    @Override
    public void close() {
        company.close();
    }
}
