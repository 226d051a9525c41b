package dev.reeve.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class HeaderValuesTest {
    private static Json.Obj json(String text) throws Exception {
        return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.ANSWER);
    }

    private static Json.Obj tool(String properties) throws Exception {
        return json("{\"name\":\"t\",\"inputSchema\":{\"type\":\"object\",\"properties\":" + properties + "}}");
    }

    @Test
    void whatAHeaderCannotHoldIsEncoded() {
        assertEquals("plain value", HeaderValues.encode("plain value"));
        assertEquals("=?base64?IHg=?=", HeaderValues.encode(" x"));
        assertEquals("=?base64?w6k=?=", HeaderValues.encode("é"));
        assertEquals("=?base64?YQ0KSG9zdDogYg==?=", HeaderValues.encode("a\r\nHost: b"));
        assertEquals("=?base64?PT9iYXNlNjQ/eD89?=", HeaderValues.encode("=?base64?x?="));
        assertEquals("=?base64?PT9iYXNlNjQ/eA==?=", HeaderValues.encode("=?base64?x"), "a reader would miss its end");
        assertEquals("=?base64??=", HeaderValues.encode(""));
    }

    @Test
    void noValueEverBreaksOutOfItsHeader() {
        long seed = 7;
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            StringBuilder value = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                value.append((char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(0xD800)));
            }
            String encoded = HeaderValues.encode(value.toString());
            assertTrue(
                    encoded.matches("[\\x21-\\x7E]([\\x20-\\x7E]*[\\x21-\\x7E])?"), "seed " + seed + " round " + round);
        }
    }

    @Test
    void argumentsGoIntoTheHeadersThatTheSchemaNames() throws Exception {
        Json.Obj tool = tool("""
                {"region":{"type":"string","x-mcp-header":"Region"},
                 "dry":{"type":"boolean","x-mcp-header":"Dry"},
                 "deep":{"type":"object","properties":{"n":{"type":"integer","x-mcp-header":"N"}}},
                 "other":{"type":"string"}}""");
        List<HeaderValues.Param> params = HeaderValues.asked(tool).orElseThrow();
        assertEquals(
                Map.of("Mcp-Param-Region", "eu", "Mcp-Param-Dry", "true", "Mcp-Param-N", "42"),
                HeaderValues.of(
                        params, json("{\"region\":\"eu\",\"dry\":true,\"deep\":{\"n\":42.0},\"other\":\"x\"}")));
        assertEquals(Map.of(), HeaderValues.of(params, json("{\"region\":null,\"deep\":3}")));
    }

    @Test
    void aToolThatAsksForAHeaderInAForbiddenWayCannotBeCalled() throws Exception {
        for (String properties : List.of(
                "{\"a\":{\"type\":\"object\",\"x-mcp-header\":\"A\"}}",
                "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A b\"}}",
                "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"\"}}",
                "{\"a\":{\"type\":\"string\",\"x-mcp-header\":\"A\"},\"b\":{\"type\":\"string\",\"x-mcp-header\":\"a\"}}",
                "{\"a\":{\"type\":\"array\",\"items\":{\"type\":\"string\",\"x-mcp-header\":\"A\"}}}",
                "{\"a\":{\"anyOf\":[{\"type\":\"string\",\"x-mcp-header\":\"A\"}]}}")) {
            assertEquals(Optional.empty(), HeaderValues.asked(tool(properties)), properties);
        }
        assertEquals(Optional.of(List.of()), HeaderValues.asked(tool("{\"a\":{\"type\":\"string\"}}")));
    }
}
