package dev.reeve.adapter.mcp;

import dev.reeve.action.Operation;
import dev.reeve.definitions.Definitions;
import dev.reeve.http.Request;
import dev.reeve.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * 2026-07-28 repeats parts of the body in headers, so that others may route by them; two that disagree are refused, since somebody
 * else may have believed the header (spec "Standard Headers"; R4).
 */
final class ModernHeaders {
    static final String VERSION = "mcp-protocol-version";
    private static final String METHOD = "mcp-method";
    private static final String NAME = "mcp-name";
    private static final String PARAM = "mcp-param-";
    private static final String CODED = "=?base64?";
    private static final String CODED_END = "?=";

    private final Surroundings around;

    ModernHeaders(Surroundings around) {
        this.around = around;
    }

    /** First the body's own envelope, then headers against it, then the revision; in this order clients find the cause. */
    void check(Request http, Message.Request request, Caller caller) throws RpcException {
        Meta meta = Meta.read(request.params());
        if (meta.protocolVersion().isEmpty() || meta.capabilities().isEmpty()) {
            throw RpcError.invalidParams("`_meta` must have `" + Meta.PROTOCOL_VERSION + "` (a string) and `"
                            + Meta.CAPABILITIES + "` (an object)")
                    .thrown();
        }
        equal(http, VERSION, "MCP-Protocol-Version", meta.protocolVersion().get());
        equal(http, METHOD, "Mcp-Method", request.method());
        Optional<String> name = named(request);
        if (name.isPresent()) {
            equal(http, NAME, "Mcp-Name", name.get());
        }
        served(meta.protocolVersion().get());
        if (request.method().equals(Method.TOOLS_CALL.wire()) && name.isPresent()) {
            params(http, request, caller, name.get());
        }
    }

    static void served(String version) throws RpcException {
        if (!version.equals(Revision.V2026_07_28.wire())) {
            Json.Obj data = Json.object()
                    .put("supported", Json.Arr.ofStrings(Revision.all()))
                    .put("requested", version)
                    .build();
            throw RpcError.of(RpcError.UNSUPPORTED_VERSION, "Unsupported protocol version", data)
                    .thrown();
        }
    }

    private static Optional<String> named(Message.Request request) {
        return switch (request.method()) {
            case "tools/call", "prompts/get" -> request.params().string("name");
            case "resources/read" -> request.params().string("uri");
            case "tasks/get", "tasks/update", "tasks/cancel" -> request.params().string("taskId");
            default -> Optional.empty();
        };
    }

    private static void equal(Request http, String header, String shown, String body) throws RpcException {
        Optional<String> value = http.headers().only(header).flatMap(ModernHeaders::decoded);
        if (!value.equals(Optional.of(body))) {
            throw mismatch("the header `" + shown + "` must be there once and equal the body");
        }
    }

    private static RpcException mismatch(String why) {
        return RpcError.of(RpcError.HEADER_MISMATCH, "Header mismatch: " + why).thrown();
    }

    /**
     * What a header value says. Text that is no plain header value comes as canonical base64 of UTF-8 between marks; bytes that mean
     * different things to different readers mean nothing here.
     */
    static Optional<String> decoded(String value) {
        // Only both marks together make it coded; what has one of them is meant as it stands.
        boolean coded = value.startsWith(CODED)
                && value.endsWith(CODED_END)
                && value.length() >= CODED.length() + CODED_END.length();
        if (!coded) {
            return isPlain(value) ? Optional.of(value) : Optional.empty();
        }
        String inside = value.substring(CODED.length(), value.length() - CODED_END.length());
        try {
            byte[] bytes = Base64.getDecoder().decode(inside);
            boolean canonical = Base64.getEncoder().encodeToString(bytes).equals(inside);
            return canonical
                    ? Optional.of(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString())
                    : Optional.empty();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 0x20 || c >= 0x7f) && c != '\t') {
                return false;
            }
        }
        return true;
    }

    /** Arguments that the pinned schema marks with {@code x-mcp-header}; only of tools that the caller may know of (R10). */
    private void params(Request http, Message.Request request, Caller caller, String name) throws RpcException {
        Optional<Json.Obj> schema = caller.route()
                .named(name)
                .flatMap(target -> around.definitions().tool(target.upstream(), target.name()))
                .filter(tool -> tool.definition()
                        .object("inputSchema")
                        .filter(ModernHeaders::mirrors)
                        .isPresent())
                .filter(tool -> around.visible(
                        caller.principal(), new Operation.ToolCall(tool.upstream(), tool.name(), Json.Obj.EMPTY)))
                .map(Definitions.PinnedTool::definition)
                .flatMap(definition -> definition.object("inputSchema"));
        if (schema.isPresent()) {
            mirrored(http, schema.get(), request.params().object("arguments").orElse(Json.Obj.EMPTY));
        }
    }

    /** Most schemas ask for no header at all. */
    private static boolean mirrors(Json.Obj schema) {
        for (Json declared :
                schema.object("properties").orElse(Json.Obj.EMPTY).members().values()) {
            if (declared instanceof Json.Obj property && (property.has("x-mcp-header") || mirrors(property))) {
                return true;
            }
        }
        return false;
    }

    private static void mirrored(Request http, Json.Obj schema, Json.Obj arguments) throws RpcException {
        Json.Obj properties = schema.object("properties").orElse(Json.Obj.EMPTY);
        for (Map.Entry<String, Json> property : properties.members().entrySet()) {
            if (!(property.getValue() instanceof Json.Obj declared)) {
                continue;
            }
            Optional<Json> argument = arguments.get(property.getKey()).filter(value -> value != Json.Null.NULL);
            Optional<String> header = declared.string("x-mcp-header");
            if (header.isPresent()) {
                mirrored(http, header.get(), argument);
            }
            if (declared.has("properties")) {
                mirrored(
                        http,
                        declared,
                        argument.filter(Json.Obj.class::isInstance)
                                .map(Json.Obj.class::cast)
                                .orElse(Json.Obj.EMPTY));
            }
        }
    }

    private static void mirrored(Request http, String header, Optional<Json> argument) throws RpcException {
        List<String> values = http.headers().all(PARAM + header);
        if (argument.isEmpty() && values.isEmpty()) {
            return;
        }
        Optional<String> value = http.headers().only(PARAM + header).flatMap(ModernHeaders::decoded);
        boolean same = argument.isPresent() && value.isPresent() && same(value.get(), argument.get());
        if (!same) {
            throw mismatch("the header `Mcp-Param-" + header + "` must be there once and equal the argument");
        }
    }

    private static boolean same(String header, Json argument) {
        return switch (argument) {
            case Json.Str text -> text.value().equals(header);
            case Json.Bool bool -> bool.toString().equals(header);
            case Json.Num number -> sameNumber(header, number);
            case Json.Obj ignored -> false;
            case Json.Arr ignored -> false;
            case Json.Null ignored -> false;
        };
    }

    private static boolean sameNumber(String header, Json.Num number) {
        if (!header.matches("-?[0-9]{1,16}(\\.[0-9]{1,16})?")) {
            return false;
        }
        return Double.parseDouble(header) == number.value();
    }
}
