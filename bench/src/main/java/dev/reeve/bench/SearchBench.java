package dev.reeve.bench;

import dev.reeve.audit.EventQuery;
import dev.reeve.audit.EventQuery.Part;
import dev.reeve.audit.Scope;
import dev.reeve.json.Json;
import dev.reeve.ledger.Commitment;
import dev.reeve.ledger.Disclosure;
import dev.reeve.ledger.Entry;
import dev.reeve.ledger.Ledger;
import dev.reeve.ledger.LedgerSettings;
import dev.reeve.ledger.SigningKeys;
import dev.reeve.search.EventSearch;
import dev.reeve.search.Pace;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Searching a large record through the index: how fast it is made, how large it is, how long a page takes.
 * {@code java ... SearchBench FOLDER RECORDS}; a ledger that is in the folder already is used as it is.
 */
public final class SearchBench {
    private static final int PAGE = 100;
    private static final int ROUNDS = 15;
    private static final int MAKINGS = 3;
    private static final List<String> WORDS = List.of(
            "invoice",
            "customer",
            "refund",
            "select",
            "name",
            "from",
            "where",
            "order",
            "ship",
            "address",
            "table",
            "report",
            "quarter",
            "number",
            "email",
            "contract",
            "amount",
            "euro",
            "paid",
            "open",
            "closed",
            "note");

    private SearchBench() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        long records = Long.parseLong(arguments[1]);
        Files.createDirectories(folder);
        if (!Files.exists(folder.resolve("ledger"))) {
            write(folder, records);
        }
        SigningKeys key = SigningKeys.loadOrCreate(folder.resolve("keys").resolve("ledger.key"));
        try (Ledger ledger =
                Ledger.open(folder.resolve("ledger"), LedgerSettings.of("n1"), key, InstantSource.system())) {
            measure(folder, ledger);
        }
    }

    private static void measure(Path folder, Ledger ledger) throws Exception {
        Path file = folder.resolve("search.db");
        // The first rounds are what a process that has just begun pays: its code is not compiled yet.
        for (int round = 0; round < MAKINGS; round++) {
            Files.deleteIfExists(file);
            try (EventSearch search = makeAnew(file, folder, ledger)) {
                if (round == MAKINGS - 1) {
                    pages(search);
                }
            }
        }
        System.out.printf(
                "size: %.0f bytes a record (%d MB); the log has %.0f%n",
                (double) Files.size(file) / ledger.size(),
                Files.size(file) >> 20,
                (double) bytes(folder.resolve("ledger")) / ledger.size());
    }

    private static EventSearch makeAnew(Path file, Path folder, Ledger ledger) throws Exception {
        long begun = System.nanoTime();
        long cpu = cpu();
        EventSearch search = EventSearch.open(
                file,
                folder.resolve("ledger"),
                ledger::size,
                Pace.always(Duration.ofSeconds(1)),
                line -> System.err.println(line));
        while (search.indexed() < ledger.size()) {
            search.await(ledger.size() - 1, Duration.ofSeconds(1));
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
                "made anew: %d records in %.1f s, %.0f records/s, %.2f s CPU per 10,000 records, %.2f s of it the thread that follows%n",
                ledger.size(),
                seconds,
                ledger.size() / seconds,
                (cpu() - cpu) / 1e9 / ledger.size() * 10_000,
                following() / 1e9 / ledger.size() * 10_000);
        return search;
    }

    /** CPU time of the thread that follows, in nanoseconds. */
    private static long following() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().equals("search-index"))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()))
                .sum();
    }

    private static long bytes(Path ledger) throws Exception {
        try (var files = Files.list(ledger)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("wal-"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static void pages(EventSearch search) throws Exception {
        Map<String, Map<Part, String>> all = new java.util.LinkedHashMap<>();
        all.put("everything", Map.of());
        all.put("common agent", Map.of(Part.AGENT, "agent1"));
        all.put("rare agent", Map.of(Part.AGENT, "rare"));
        all.put("agent and denied", Map.of(Part.AGENT, "agent1", Part.STATUS, "denied"));
        all.put("session", Map.of(Part.SESSION, "s_77"));
        all.put("tool", Map.of(Part.TOOL, "send"));
        all.put("resource", Map.of(Part.RESOURCE, "file:/srv/reports/77.pdf"));
        all.put("common word", Map.of(Part.TEXT, "invoice"));
        all.put("three common words in a row", Map.of(Part.TEXT, "invoice customer refund"));
        all.put("rare word", Map.of(Part.TEXT, "needle4242"));
        all.put("beginning of words", Map.of(Part.TEXT, "need"));
        all.put("no such word", Map.of(Part.TEXT, "nowheretobefound"));
        all.put("common agent, rare word", Map.of(Part.AGENT, "agent1", Part.TEXT, "needle4242"));
        for (Map.Entry<String, Map<Part, String>> one : all.entrySet()) {
            page(search, one.getKey(), EventQuery.of(one.getValue()));
        }
    }

    private static void page(EventSearch search, String what, EventQuery query) throws Exception {
        List<Long> times = new ArrayList<>();
        int found = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long begun = System.nanoTime();
            found = search.page(query, Scope.ALL, Optional.empty(), PAGE)
                    .events()
                    .size();
            times.add(System.nanoTime() - begun);
        }
        long begun = System.nanoTime();
        EventSearch.Count count = search.count(query, Scope.ALL);
        double counting = (System.nanoTime() - begun) / 1e6;
        long first = times.getFirst();
        times.sort(null);
        System.out.printf(
                "page of %d, %s: %d found, first %.1f ms, middle %.1f ms, slowest %.1f ms; %d counted in %.1f ms%n",
                PAGE,
                what,
                found,
                first / 1e6,
                times.get(ROUNDS / 2) / 1e6,
                times.getLast() / 1e6,
                count.value(),
                counting);
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void write(Path folder, long records) throws Exception {
        SigningKeys key = SigningKeys.loadOrCreate(folder.resolve("keys").resolve("ledger.key"));
        Random random = new Random(1);
        Deque<CompletableFuture<Long>> waiting = new ArrayDeque<>();
        try (Ledger ledger =
                Ledger.open(folder.resolve("ledger"), LedgerSettings.of("n1"), key, InstantSource.system())) {
            for (long i = 0; i < records / 2; i++) {
                String id = "rv_" + Long.toString(random.nextLong() & Long.MAX_VALUE, 36) + Long.toString(i, 36);
                waiting.add(ledger.appendAsync(decided(random, i, id)));
                waiting.add(ledger.appendAsync(outcome(random, i, id)));
                while (waiting.size() > 2_000) {
                    waiting.removeFirst().join();
                }
            }
            waiting.forEach(CompletableFuture::join);
        }
    }

    private static String agent(long i) {
        return i % 100_000 == 77 ? "rare" : "agent" + i % 20;
    }

    private static Entry decided(Random random, long i, String id) {
        List<String> text = new ArrayList<>();
        for (int word = 0; word < 12; word++) {
            text.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        if (i % 1_000 == 242) {
            text.add("needle" + i % 10_000);
        }
        Json.Obj arguments = Json.object()
                .put("path", "/srv/reports/" + i % 5_000 + ".pdf")
                .put("sql", String.join(" ", text))
                .put("limit", random.nextInt(1_000))
                .build();
        Json.Obj reasons = Json.object()
                .put("findings", Json.Arr.ofStrings(List.of("the role `reader` may read `files`")))
                .build();
        Json.Arr resources =
                new Json.Arr(List.of(Json.Arr.ofStrings(List.of("files", "file:/srv/reports/" + i % 5_000 + ".pdf"))));
        List<Disclosure> hidden = List.of(
                disclosure(random, "arguments", arguments),
                disclosure(random, "reasons", reasons),
                disclosure(random, "resources", resources));
        Json.Builder commitments = Json.object();
        hidden.forEach(one -> commitments.put(one.name(), Commitment.of(one)));
        Json.Obj rule = Json.object()
                .put("file", "policies/roles.yaml")
                .put("line", 12)
                .put("name", "reader")
                .build();
        Json.Obj finding = Json.object()
                .put("result", "allowed")
                .put("rule", rule)
                .put("stage", "authorise")
                .build();
        Json.Obj operation = Json.object()
                .put("kind", "tool_call")
                .put("subject", i % 3 == 0 ? "mail.send" : "files.read_file")
                .put("upstream", i % 3 == 0 ? "mail" : "files")
                .build();
        Json.Obj body = Json.object()
                .put("agent", agent(i))
                .put("channel", "mcp-http")
                .put("definition", "sha256:" + i % 7)
                .put("findings", new Json.Arr(List.of(finding)))
                .put("hidden", commitments.build())
                .put("id", id)
                .put("instance", "k_" + i % 20)
                .put("kind", "intent")
                .put("operation", operation)
                .put("policy", "v1")
                .put("session", "s_" + i % 20_000)
                .put("tenant", "default")
                .put("time", time(i))
                .put("user", "user" + i % 50)
                .put("v", 1)
                .build();
        return Entry.stamped("n1", body, hidden);
    }

    private static Entry outcome(Random random, long i, String id) {
        List<Disclosure> hidden =
                List.of(disclosure(random, "result_digest", new Json.Str("sha256:" + random.nextLong())));
        Json.Obj body = Json.object()
                .put("agent", agent(i))
                .put("elapsed_us", random.nextInt(10_000))
                .put("findings", Json.Arr.EMPTY)
                .put("hidden", Json.object().put("result_digest", Commitment.of(hidden.getFirst())))
                .put("id", id)
                .put("kind", "outcome")
                .put("status", i % 500 == 3 ? "tool_error" : "success")
                .put("tenant", "default")
                .put("time", time(i))
                .put("v", 1)
                .build();
        return Entry.stamped("n1", body, hidden);
    }

    private static String time(long i) {
        return Instant.parse("2026-01-01T00:00:00Z").plusMillis(i * 20).toString();
    }

    private static Disclosure disclosure(Random random, String name, Json value) {
        byte[] salt = new byte[Disclosure.SALT_BYTES];
        random.nextBytes(salt);
        return new Disclosure(salt, name, value.toString().getBytes(StandardCharsets.UTF_8));
    }
}
