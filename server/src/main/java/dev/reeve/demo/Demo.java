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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The sample company with its folder, and the play that agents perform in it. */
public final class Demo implements AutoCloseable {
    /** One call, three times. */
    private static final List<String> APPROVAL = List.of(
            "a mail to everybody: a person must say yes", "the same again: approved", "and again: the yes is used");

    private static final List<String> FILES = List.of(
            "catalog/sales.sql",
            "catalog/systems.yaml",
            "policies/roles.yaml",
            "policies/office.yaml",
            "tests/office.yaml");

    private final Database database;
    private final Desks desks;
    private final Company company;
    private final Path folder;

    private Demo(Database database, Desks desks, Company company, Path folder) {
        this.database = database;
        this.desks = desks;
        this.company = company;
        this.folder = folder;
    }

    /** Starts the company and writes the operator's files for it. */
    public static Demo open(Path folder) throws IOException {
        Database database = Database.open();
        Desks desks = new Desks(database);
        Company company = Company.open(0, desks.all());
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
        return new Demo(database, desks, company, folder);
    }

    public List<String> systems() {
        return company.names();
    }

    /** What a check of a ledger's folder found: one line, and whether it holds. */
    public record Verified(boolean holds, String line) {}

    /**
     * What the demo needs of a running Reeve.
     *
     * @param endpoint where agents connect
     * @param keys makes a key for an agent
     * @param ledger its folder
     * @param signed waits until everything that was recorded is signed
     * @param approver lets a person approve what waits under a ticket; the person's name
     * @param verifier checks a ledger's folder
     */
    public record Installation(
            String endpoint,
            Function<String, String> keys,
            Path ledger,
            Runnable signed,
            Function<String, String> approver,
            Function<Path, Verified> verifier) {}

    /** @return true if everything went as it should: the theft was stopped, the record is whole, and the forgery was found */
    public boolean play(Installation reeve, boolean colour) throws IOException, InterruptedException {
        DemoScreen screen = new DemoScreen(System.out, colour);
        screen.say(
                "A company with seven systems: a database, HR, leave, analytics, mail, files, web. Each is an MCP server"
                        + " that does whatever it is told. Three agents work there. Between them stands Reeve: it decides every"
                        + " call on its arguments, writes it to the disk before and after, and passes on what it decided.");
        AuditReader reader = new AuditReader(reeve.ledger());
        perform(reeve, reader, screen);
        boolean stolen = outcome(reader, screen);
        return verify(reeve, reader, screen) && !stolen;
    }

    private void perform(Installation reeve, AuditReader reader, DemoScreen screen)
            throws IOException, InterruptedException {
        Map<String, DemoAgent> agents = new HashMap<>();
        Set<String> told = new HashSet<>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            int number = 0;
            for (Scene scene : Scene.all()) {
                DemoAgent agent = agents.get(scene.agent());
                if (agent == null) {
                    agent = new DemoAgent(
                            http,
                            URI.create(reeve.endpoint()),
                            Secret.of(reeve.keys().apply(scene.agent())));
                    agents.put(scene.agent(), agent);
                    screen.agent(scene.agent(), tools(agent.list()), company.tools());
                }
                Json.Obj answer = agent.call(scene.tool(), scene.arguments());
                Happened happened = newest(reader, scene.agent());
                screen.call(++number, scene, happened, answer);
                if (EventText.status(happened).equals("denied") && told.add(scene.agent())) {
                    screen.told(answer);
                }
            }
            approve(reeve, reader, screen, Objects.requireNonNull(agents.get(Scene.OFFICE)), number);
        }
    }

    private static void approve(Installation reeve, AuditReader reader, DemoScreen screen, DemoAgent agent, int number)
            throws IOException, InterruptedException {
        for (int i = 0; i < APPROVAL.size(); i++) {
            Scene scene = Scene.toAll(APPROVAL.get(i));
            Json.Obj answer = agent.call(scene.tool(), scene.arguments());
            Happened happened = newest(reader, scene.agent());
            screen.call(number + 1 + i, scene, happened, answer);
            if (i == 0) {
                String ticket = happened.record().id();
                screen.say(reeve.approver().apply(ticket) + " approves ticket " + ticket
                        + " with a token of her own: for this agent, these arguments, once.");
            }
        }
    }

    /** The names of the company's tools in a list; what Reeve adds of its own is left out. */
    private static List<String> tools(Json.Obj answer) {
        return answer.object("result")
                .flatMap(result -> result.array("tools"))
                .map(list -> list.items().stream()
                        .map(tool -> ((Json.Obj) tool).string("name").orElse("?"))
                        .filter(name -> name.contains("."))
                        .toList())
                .orElse(List.of());
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

    private boolean outcome(AuditReader reader, DemoScreen screen) throws IOException {
        boolean stolen = desks.outbox().stream()
                .anyMatch(mail -> mail.string("to").orElse("").contains("collector"));
        int denied = reader.last(1_000, happened -> EventText.status(happened).equals("denied"))
                .size();
        screen.line("");
        screen.line("WHAT CAME OF IT");
        screen.say((Scene.all().size() + APPROVAL.size()) + " calls, " + denied
                + " denied. The hijacked agent read customer data, as its role"
                + " may, and tried three ways out. Mails that really left: "
                + desks.outbox().size()
                + "; to the thief: " + (stolen ? "SOME" : "none") + ".");
        return stolen;
    }

    private boolean verify(Installation reeve, AuditReader reader, DemoScreen screen) throws IOException {
        reeve.signed().run();
        screen.line("");
        screen.line("CAN THE RECORD BE BELIEVED?");
        Verified whole = reeve.verifier().apply(reeve.ledger());
        screen.say("The record: " + whole.line());
        Happened theft = reader.last(
                        1, happened -> EventText.reason(happened).orElse("").startsWith("mail may not leave"))
                .getFirst();
        Path copy = copy(reeve.ledger(), folder.resolve("altered-copy"));
        Forgery.forge(copy, theft.record().id());
        screen.say("Somebody with the disk forges a copy: the stopped theft (record "
                + theft.record().index() + ", ticket " + theft.record().id()
                + ") becomes an ordinary call, and the checksums are mended.");
        Verified broken = reeve.verifier().apply(copy);
        screen.say("The altered copy: " + broken.line());
        boolean named = broken.line().contains("record " + theft.record().index() + ":");
        screen.say(
                !broken.holds() && named
                        ? "The verifier names that very record. It needs the ledger's folder and the public key, nothing else."
                        : "THE FORGERY WAS NOT FOUND.");
        return whole.holds() && !broken.holds() && named;
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

    /** What to type while it is left running, with a ticket of this very run. */
    public void nextSteps(String endpoint, Path home, Path ledger, String reeve) throws IOException {
        DemoScreen screen = new DemoScreen(System.out, false);
        String ticket = new AuditReader(ledger)
                .last(1, happened -> EventText.status(happened).equals("denied"))
                .getFirst()
                .record()
                .id();
        String with = " --home " + home;
        screen.line("");
        screen.line("Still running, for you to try. In another terminal:");
        screen.line("  " + reeve + " policy explain " + ticket + with);
        screen.line("  " + reeve + " policy reach --agent " + Scene.ANALYST + with);
        screen.line("  " + reeve + " policy learn --last 1h" + with);
        screen.line("  " + reeve + " limits" + with);
        screen.line("  " + reeve + " audit tail" + with);
        screen.line("  " + reeve + " audit review" + with);
        screen.line("  " + reeve + " audit verify" + with);
        screen.line("  " + reeve + " key create office_helper_001" + with);
        screen.line("Give that key to your own MCP client: " + endpoint + "  with  Authorization: Bearer KEY");
        screen.line("Edit " + home + "/policies/office.yaml: it is in force as soon as you save it.");
        screen.line("Ctrl-C ends it.");
    }

    @Override
    public void close() {
        company.close();
        database.close();
    }
}
