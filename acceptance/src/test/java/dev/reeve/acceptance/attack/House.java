package dev.reeve.acceptance.attack;

import dev.reeve.acceptance.Commands;
import dev.reeve.acceptance.Homes;
import dev.reeve.acceptance.Product;
import dev.reeve.demo.Company;
import dev.reeve.demo.Database;
import dev.reeve.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One running product before one company and one hostile server, and three people who administer it. */
final class House implements AutoCloseable {
    /** What Reeve shows the vendor for itself. Nobody else is to see it. */
    static final String LENT = "vendor-credential-5c81f0b7";

    private static final List<String> FILES =
            List.of("catalog/systems.yaml", "catalog/sales.sql", "policies/company.yaml");
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger agents = new AtomicInteger();
    private final Database database;
    private final Offices offices;
    private final Company company;
    private final Vendor vendor;
    private final Path home;
    private final Product product;
    private final Person ana;
    private final Person bo;
    private final Person cy;

    House(Path folder) throws IOException, InterruptedException {
        database = Database.open();
        offices = new Offices(database);
        company = Company.open(0, offices.all());
        vendor = new Vendor(offices::reach);
        home = home(folder);
        product = Product.start(home);
        ana = person("ana");
        bo = person("bo");
        cy = person("cy");
        List<String> wanted =
                Stream.concat(company.names().stream(), Stream.of("vendor")).toList();
        until(() -> pinned(wanted));
    }

    private Path home(Path folder) throws IOException {
        String upstreams = company.names().stream()
                .map(name -> "%s: { url: \"http://127.0.0.1:%d/%s\", definitions: trust-first-use }\n"
                        .formatted(name, company.port(), name))
                .collect(Collectors.joining());
        Path made = Homes.home(
                folder,
                upstreams + "vendor: { url: \"" + vendor.url()
                        + "\", definitions: trust-first-use, max_answer: 64KiB, headers: { Authorization: { secret: vendor } } }");
        Homes.file(
                made,
                "reeve.yaml",
                Files.readString(made.resolve("reeve.yaml"))
                        + "keys: ./user-config/keys\ngateway: { page_size: 4, max_body: 256KiB }\nsearch: { share: 100 }\n");
        for (String file : FILES) {
            Homes.file(made, file, resource(file));
        }
        Homes.file(made, "policies/hours.yaml", closedToday());
        Path keys = Files.createDirectories(made.resolve("user-config/keys"));
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwx------"));
        Path secrets = Files.writeString(keys.resolve("secrets.yaml"), "vendor: " + LENT + "\n");
        Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rw-------"));
        return made;
    }

    private static String resource(String file) throws IOException {
        try (InputStream in = House.class.getResourceAsStream("home/" + file)) {
            if (in == null) {
                throw new IOException("no resource " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Payroll is changed on all days but today and tomorrow, so that these tests never wait for an hour of the day. */
    private static String closedToday() {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        String days = Stream.of(2, 3, 4, 5)
                .map(later -> today.plusDays(later)
                        .getDayOfWeek()
                        .name()
                        .substring(0, 3)
                        .toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        return "guardrails:\n  - { hours: { zone: UTC, from: 08:00, to: 18:00, days: [ " + days
                + " ] }, on: { resource: payroll, action: update } }\n";
    }

    private Person person(String name) {
        return person(name, "admin");
    }

    /** Somebody with a token of that role. */
    Person person(String name, String role) {
        Commands.Ran made = product.reeve("admin", "token", name, "--role", role);
        if (made.exit() != 0) {
            throw new AssertionError(made.err());
        }
        return new Person(http, product.control(), made.out().strip());
    }

    private boolean pinned(List<String> wanted) {
        String tools = ana.get("/v1/tools").body();
        return wanted.stream().allMatch(name -> tools.contains("\"upstream\":\"" + name + "\""));
    }

    /** Returns once it is so; what is waited for must come. */
    static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("it did not happen within a minute");
            }
            Thread.onSpinWait();
        }
    }

    /** A new agent of that role, owned by Ana, who asks for it; Bo agrees. With a key. */
    Agent agent(String role) {
        String name = role + "-" + agents.incrementAndGet();
        Json.Obj wanted = Json.object()
                .put("name", name)
                .put("roles", Json.Arr.ofStrings(List.of(role)))
                .put("owner", "ana@company.example")
                .put("attributes", Json.object().put("department", "sales"))
                .build();
        String waiting = ana.post("/v1/agents", wanted)
                .waits()
                .object("waiting")
                .flatMap(it -> it.string("id"))
                .orElseThrow();
        bo.post("/v1/seconds/" + waiting + "/agree", Json.Obj.EMPTY).done();
        return agent(name, "90d");
    }

    /** Another instance of the same agent. */
    Agent another(Agent agent) {
        return agent(agent.name(), "90d");
    }

    Agent agent(String name, String expires) {
        return with(
                name,
                "/v1/keys",
                Json.object().put("agent", name).put("expires", expires).build());
    }

    /** The same with the key that came in the place of its own. */
    Agent rotated(Agent agent) {
        return with(agent.name(), "/v1/keys/" + agent.keyId() + "/rotate", Json.Obj.EMPTY);
    }

    private Agent with(String name, String path, Json.Obj body) {
        Json.Obj made = ana.post(path, body).done();
        return new Agent(
                this,
                http,
                name,
                made.string("id").orElseThrow(),
                made.string("key").orElseThrow());
    }

    Person ana() {
        return ana;
    }

    Person bo() {
        return bo;
    }

    Person cy() {
        return cy;
    }

    Vendor vendor() {
        return vendor;
    }

    Product product() {
        return product;
    }

    Path folder() {
        return home;
    }

    /** What arrived at the company's systems and at the vendor's, in order. */
    List<String> reached() {
        return offices.reached();
    }

    @Override
    public void close() {
        product.close();
        vendor.close();
        company.close();
        database.close();
    }
}
