package dev.reeve.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.reeve.demo.Desk.DeskException;
import dev.reeve.demo.Desk.DeskTool;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A company: its systems as MCP servers (revision 2026-07-28, streamable HTTP) on one loopback port. */
public final class Company implements AutoCloseable {
    private static final String REVISION = "2026-07-28";

    private final List<Desk> desks;
    private final HttpServer server;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();

    private Company(int port, List<Desk> desks) throws IOException {
        this.desks = List.copyOf(desks);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 64);
        server.setExecutor(workers);
        for (Desk desk : desks) {
            Map<String, DeskTool> tools =
                    desk.tools().stream().collect(Collectors.toMap(DeskTool::name, Function.identity()));
            server.createContext("/" + desk.name(), exchange -> answer(desk, tools, exchange));
        }
        server.start();
    }

    /** @param port 0 for any free one */
    public static Company open(int port, List<Desk> desks) throws IOException {
        return new Company(port, desks);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public List<String> names() {
        return desks.stream().map(Desk::name).toList();
    }

    /** How many tools all systems have together. */
    int tools() {
        return desks.stream().mapToInt(desk -> desk.tools().size()).sum();
    }

    private static void answer(Desk desk, Map<String, DeskTool> tools, HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            Json.Obj request = StrictJson.readObject(exchange.getRequestBody().readNBytes(1 << 20), JsonLimits.REQUEST);
            reply(exchange, 200, respond(desk, tools, request));
        } catch (JsonRefusedException e) {
            exchange.sendResponseHeaders(400, -1);
        }
    }

    private static Json.Obj respond(Desk desk, Map<String, DeskTool> tools, Json.Obj request) {
        Json id = request.get("id").orElse(Json.Null.NULL);
        Json.Obj params = request.object("params").orElse(Json.Obj.EMPTY);
        return switch (request.string("method").orElse("")) {
            case "server/discover" -> result(id, discover(desk));
            case "tools/list" -> result(id, list(desk));
            case "tools/call" -> call(id, tools, params);
            case "initialize" -> error(id, -32022, "this server speaks " + REVISION + " only");
            default -> error(id, -32601, "method not found");
        };
    }

    private static Json.Obj discover(Desk desk) {
        return cacheable()
                .put("supportedVersions", Json.Arr.ofStrings(List.of(REVISION)))
                .put("capabilities", Json.object().put("tools", Json.object()))
                .put(
                        "_meta",
                        Json.object()
                                .put(
                                        "io.modelcontextprotocol/serverInfo",
                                        Json.object()
                                                .put("name", "sample-" + desk.name())
                                                .put("version", "1")))
                .build();
    }

    private static Json.Obj list(Desk desk) {
        List<Json> definitions = new ArrayList<>();
        desk.tools().forEach(tool -> definitions.add(tool.definition()));
        return cacheable().put("tools", new Json.Arr(definitions)).build();
    }

    private static Json.Builder cacheable() {
        return Json.object().put("resultType", "complete").put("ttlMs", 0).put("cacheScope", "private");
    }

    private static Json.Obj call(Json id, Map<String, DeskTool> tools, Json.Obj params) {
        DeskTool tool = tools.get(params.string("name").orElse(""));
        if (tool == null) {
            return error(id, -32602, "unknown tool");
        }
        try {
            Json.Obj answer = tool.handler().call(params.object("arguments").orElse(Json.Obj.EMPTY));
            return result(
                    id,
                    said(JsonWriter.text(answer), false)
                            .put("structuredContent", answer)
                            .build());
        } catch (DeskException e) {
            return result(id, said(String.valueOf(e.getMessage()), true).build());
        }
    }

    private static Json.Builder said(String text, boolean failed) {
        Json.Obj block = Json.object().put("type", "text").put("text", text).build();
        return Json.object()
                .put("resultType", "complete")
                .put("content", new Json.Arr(List.of(block)))
                .put("isError", failed);
    }

    private static Json.Obj result(Json id, Json.Obj result) {
        return Json.object()
                .put("jsonrpc", "2.0")
                .put("id", id)
                .put("result", result)
                .build();
    }

    private static Json.Obj error(Json id, int code, String message) {
        return Json.object()
                .put("jsonrpc", "2.0")
                .put("id", id)
                .put("error", Json.object().put("code", code).put("message", message))
                .build();
    }

    private static void reply(HttpExchange exchange, int status, Json.Obj body) throws IOException {
        byte[] bytes = JsonWriter.bytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        workers.close();
    }
}
