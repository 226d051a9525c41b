package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.Mutations;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.strict.JsonLimits;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What agents send, changed at random: it is read as one thing or refused with a reason, and never anything else. */
final class MessageFuzzTest {
    private static final long SEED = 32_020;
    private static final int ROUNDS = 40_000;

    private static List<byte[]> bytes(String... texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void aMessageIsOneKindWhoeverReadsItAgain() {
        Mutations mutations = new Mutations(
                SEED,
                bytes(
                        Post.call(
                                        "pg.echo",
                                        "{\"text\":\"h\u00e9llo \\ud83d\\ude00\",\"n\":-1.5e3,\"list\":[1,true,null]}")
                                .text(),
                        Post.initialize().text(),
                        Post.request(1, "tools/list", "\"cursor\":\"abc\""),
                        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"7\"}}",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-1,\"message\":\"\"}}"));
        Map<Class<?>, Integer> kinds = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            byte[] text = mutations.next();
            String where = "seed " + SEED + " round " + round;
            Message message = Message.read(text, JsonLimits.REQUEST);
            kinds.merge(message.getClass(), 1, Integer::sum);
            if (message instanceof Message.Request request) {
                Json.Obj again = Json.object()
                        .put("jsonrpc", "2.0")
                        .put("id", request.id())
                        .put("method", request.method())
                        .put("params", request.params())
                        .build();
                assertEquals(request, Message.read(JsonWriter.bytes(again), JsonLimits.REQUEST), where);
            } else if (message instanceof Message.Unreadable bad) {
                assertTrue(
                        bad.error().message().length() < 200,
                        where + ": " + bad.error().message());
                assertTrue(!bad.code().isEmpty(), where);
            }
        }
        assertEquals(4, kinds.size(), "all kinds came: " + kinds);
    }

    @Test
    void aHeaderValueSaysOneThingOrNothing() {
        Mutations mutations = new Mutations(
                SEED,
                bytes("=?base64?aMOpbGxv?=", "pg.echo", "=?base64?PT9iYXNlNjQ/eD89?=", "file:///a%20b", "=?base64??="));
        int decoded = 0;
        for (int round = 0; round < ROUNDS; round++) {
            // As the server hands it on: a character for each byte.
            String value = new String(mutations.next(), StandardCharsets.ISO_8859_1);
            Optional<String> read = ModernHeaders.decoded(value);
            if (read.isPresent() && value.startsWith("=?base64?") && value.endsWith("?=") && value.length() > 10) {
                decoded++;
                String again = Base64.getEncoder().encodeToString(read.get().getBytes(StandardCharsets.UTF_8));
                assertEquals(value, "=?base64?" + again + "?=", "seed " + SEED + " round " + round);
            } else if (read.isPresent()) {
                assertEquals(value, read.get());
                assertTrue(value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7f)), "round " + round);
            }
        }
        assertTrue(decoded > 1_000, "some are near enough: " + decoded);
    }
}
