package dev.reeve.acceptance;

import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One page of a real Chromium, driven by its DevTools protocol. What it complains of (errors, exceptions, violations of a CSP) is kept. */
final class Chromium implements AutoCloseable {
    private static final Pattern LISTENS = Pattern.compile("DevTools listening on (ws://\\S+)");
    private static final JsonLimits LIMITS = new JsonLimits(64 << 20, 128, 4_000_000, false);
    private static final int SECONDS = 60;

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, CompletableFuture<Json.Obj>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicInteger loaded = new AtomicInteger();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final WebSocket socket;
    private final String session;

    /** @param profile a folder of its own */
    Chromium(Path profile) throws IOException {
        process = new ProcessBuilder(
                        "chromium",
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        socket = http.newWebSocketBuilder()
                .buildAsync(URI.create(address()), new Listening())
                .join();
        String target =
                string(call(Json.object().put("url", "about:blank").build(), "Target.createTarget", ""), "targetId");
        session = string(
                call(Json.object().put("targetId", target).put("flatten", true).build(), "Target.attachToTarget", ""),
                "sessionId");
        for (String domain : List.of("Page", "Runtime", "Log")) {
            call(domain + ".enable", Json.Obj.EMPTY);
        }
    }

    private String address() throws IOException {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            Matcher listens = LISTENS.matcher(line);
            if (listens.find()) {
                Thread.ofVirtual().start(() -> reader.lines().forEach(ignored -> {}));
                return listens.group(1);
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("chromium did not start:\n" + said);
    }

    private final class Listening implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                heard(text.toString());
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }

    private void heard(String text) {
        Json.Obj said = parsed(text);
        said.get("id")
                .ifPresent(id -> Objects.requireNonNull(waiting.remove(Integer.parseInt(id.toString())))
                        .complete(said));
        switch (said.string("method").orElse("")) {
            case "Page.loadEventFired" -> loaded.incrementAndGet();
            case "Log.entryAdded", "Runtime.exceptionThrown" -> complaints.add(text);
            case "Runtime.consoleAPICalled" -> complaints.add(text);
            default -> {}
        }
    }

    private static Json.Obj parsed(String text) {
        try {
            return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), LIMITS);
        } catch (JsonRefusedException e) {
            throw new AssertionError(text, e);
        }
    }

    private static String string(Json.Obj object, String name) {
        return object.string(name).orElseThrow(() -> new AssertionError(name + " of " + object));
    }

    Json.Obj call(String method, Json.Obj params) {
        return call(params, method, session);
    }

    private Json.Obj call(Json.Obj params, String method, String in) {
        int id = ids.incrementAndGet();
        CompletableFuture<Json.Obj> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        Json.Builder message = Json.object().put("id", id).put("method", method).put("params", params);
        if (!in.isEmpty()) {
            message.put("sessionId", in);
        }
        socket.sendText(message.build().toString(), true).join();
        try {
            Json.Obj said = answer.get(SECONDS, TimeUnit.SECONDS);
            return said.object("result").orElseThrow(() -> new AssertionError(method + ": " + said));
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(method, e);
        }
    }

    /** Opens an address and waits until it is loaded. */
    void open(String url) {
        int before = loaded.get();
        call("Page.navigate", Json.object().put("url", url).build());
        await(() -> loaded.get() > before, url);
    }

    /** Does something that leads to another page, and waits until it is loaded. */
    void leading(String script) {
        int before = loaded.get();
        run(script);
        await(() -> loaded.get() > before, script);
    }

    /** The value of a script, which may be a promise. */
    Json run(String script) {
        Json.Obj said = call(
                "Runtime.evaluate",
                Json.object()
                        .put("expression", script)
                        .put("awaitPromise", true)
                        .put("returnByValue", true)
                        .build());
        if (said.get("exceptionDetails").isPresent()) {
            throw new AssertionError(script + ": " + said);
        }
        return said.object("result").flatMap(result -> result.get("value")).orElse(Json.Null.NULL);
    }

    /** Waits until a script is true. */
    void until(String script) {
        await(() -> run(script) == Json.Bool.TRUE, script);
    }

    private interface Condition {
        boolean holds();
    }

    private void await(Condition condition, String what) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("never: " + what + "\n" + complaints);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    void size(int width, int height) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Json.object()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", width < 600)
                        .build());
    }

    void scheme(String scheme) {
        Json feature = Json.object()
                .put("name", "prefers-color-scheme")
                .put("value", scheme)
                .build();
        call(
                "Emulation.setEmulatedMedia",
                Json.object().put("features", new Json.Arr(List.of(feature))).build());
    }

    void type(String text) {
        call("Input.insertText", Json.object().put("text", text).build());
    }

    void press(String key) {
        for (String type : List.of("keyDown", "keyUp")) {
            Json.Builder event = Json.object().put("type", type).put("key", key);
            if (key.length() == 1 && type.equals("keyDown")) {
                event.put("text", key);
            }
            call("Input.dispatchKeyEvent", event.build());
        }
    }

    void screenshot(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(
                file,
                Base64.getDecoder()
                        .decode(string(
                                call(
                                        "Page.captureScreenshot",
                                        Json.object().put("format", "png").build()),
                                "data")));
    }

    /** What the browser complained of since the start. */
    List<String> complaints() {
        return complaints;
    }

    @Override
    public void close() {
        socket.abort();
        http.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
