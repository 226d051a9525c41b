package dev.reeve.definitions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.definitions.ArgumentSchema.Checked;
import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentSchemaTest {
    private static final String MAIL = """
            {"type":"object","properties":{"to":{"type":"string"},"count":{"type":"integer","default":3},
             "options":{"type":"object","properties":{"urgent":{"type":"boolean","default":false}}}},"required":["to"]}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|required",
                "{\"to\":1}|should be [string]",
                "{\"to\":\"a\",\"cc\":\"b\"}|not declared",
                "{\"to\":\"a\",\"To\":\"b\"}|capitals",
                "{\"to\":\"a\",\"options\":{\"x\":1}}|not declared",
                "{\"to\":\"a\",\"count\":1.5}|`arguments/count`",
            })
    void refusesWhatTheSchemaDoesNotAdmit(String arguments, String part) {
        Checked.Invalid invalid = assertInstanceOf(Checked.Invalid.class, check(MAIL, arguments));
        assertTrue(invalid.problem().contains(part), invalid.problem());
    }

    @Test
    void fillsInDefaultsAtEveryDeclaredDepth() {
        assertEquals(
                "{\"to\":\"a\",\"options\":{\"urgent\":false},\"count\":3}",
                valid(MAIL, "{\"to\":\"a\",\"options\":{}}").toString());
    }

    @Test
    void aDefaultOfNullIsNotSent() {
        String schema = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"default\":null}}}";
        assertEquals("{}", valid(schema, "{}").toString());
    }

    @Test
    void nullForWhatMayBeLeftOutIsLeftOut() {
        assertEquals(
                "{\"to\":\"a\",\"options\":{\"urgent\":false},\"count\":3}",
                valid(MAIL, "{\"to\":\"a\",\"count\":null,\"options\":{\"urgent\":null}}")
                        .toString());
        assertInstanceOf(Checked.Invalid.class, check(MAIL, "{\"to\":null}"));
        String nullable = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":[\"string\",\"null\"]},\"b\":{}}}";
        assertEquals(
                "{\"a\":null,\"b\":null}",
                valid(nullable, "{\"a\":null,\"b\":null}").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"object\"}",
                "{\"type\":[\"object\",\"null\"],\"description\":\"any\"}",
                "{\"anyOf\":[{\"type\":\"object\"},{\"type\":\"null\"}]}",
                "{\"$ref\":\"#/$defs/Free\"}",
            })
    void anArgumentThatIsAnObjectWithNothingDeclaredTakesAnyMember(String free) {
        String schema = "{\"type\":\"object\",\"properties\":{\"a\":" + free
                + ",\"list\":{\"type\":\"array\",\"items\":" + free + "}},\"$defs\":{\"Free\":{\"type\":\"object\"}}}";
        valid(schema, "{\"a\":{\"x\":{\"y\":[1]}},\"list\":[{\"z\":1}]}");
        assertInstanceOf(Checked.Invalid.class, check(schema, "{\"a\":{\"x\":1,\"X\":2}}"));
        assertInstanceOf(Checked.Invalid.class, check(schema, "{\"b\":{}}"));
    }

    /** What declares some members, or is the arguments themselves, takes no others (R4). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"object\"}",
                "{\"anyOf\":[{\"type\":\"object\"}]}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"object\",\"properties\":{}}}}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"object\",\"required\":[\"x\"]}}}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"allOf\":[{\"type\":\"object\"},{\"properties\":{\"y\":{}}}]}}}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"properties\":{\"y\":{}},\"anyOf\":[{\"type\":\"object\"}]}}}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/A\"}},\"$defs\":{\"A\":{\"type\":\"object\",\"properties\":{\"y\":{}}}}}",
            })
    void anObjectThatDeclaresSomethingTakesNothingElse(String schema) {
        assertInstanceOf(Checked.Invalid.class, check(schema, "{\"a\":{\"x\":1}}"));
    }

    @Test
    void wholeNumbersWrittenAsDecimalsAreIntegers() {
        assertEquals(
                "{\"to\":\"a\",\"count\":2.0}",
                valid(MAIL, "{\"to\":\"a\",\"count\":2.0}").toString());
    }

    @Test
    void alternativesOfTypeCheckersPass() {
        String schema = """
                {"type":"object","properties":{"who":{"anyOf":[{"type":"object","properties":{"id":{"type":"string"}}},{"type":"null"}]},
                 "by":{"$ref":"#/$defs/By"}},"$defs":{"By":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}}}""";
        valid(schema, "{\"who\":null}");
        valid(schema, "{\"who\":{\"id\":\"x\"},\"by\":{\"name\":\"n\"}}");
        assertInstanceOf(Checked.Invalid.class, check(schema, "{\"who\":{\"idd\":\"x\"}}"));
        assertInstanceOf(Checked.Invalid.class, check(schema, "{\"by\":{\"name\":\"n\",\"more\":1}}"));
    }

    @Test
    void explicitAdditionalPropertiesAdmitMoreButNoTwinOfADeclaredName() {
        String schema =
                "{\"type\":\"object\",\"properties\":{\"to\":{\"type\":\"string\"}},\"additionalProperties\":{\"type\":\"string\"}}";
        valid(schema, "{\"to\":\"a\",\"x-y\":\"b\"}");
        assertInstanceOf(Checked.Invalid.class, check(schema, "{\"x\":1}"));
        assertInstanceOf(Checked.Invalid.class, check(schema, "{\"TO\":\"b\"}"));
    }

    @Test
    void draft7TuplesAreUnderstood() {
        String schema = """
                {"$schema":"http://json-schema.org/draft-07/schema#","type":"object",
                 "properties":{"pair":{"type":"array","items":[{"type":"string"},{"type":"integer"}],"additionalItems":false}}}""";
        valid(schema, "{\"pair\":[\"a\",1]}");
        assertInstanceOf(Checked.Invalid.class, check(schema, "{\"pair\":[\"a\",\"b\"]}"));
        assertInstanceOf(Checked.Invalid.class, check(schema, "{\"pair\":[\"a\",1,2]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"http://127.0.0.1/schema\"}}}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"other.json\"}}}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$id\":\"http://x\",\"type\":\"string\"}}}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"(a)\\\\1\"}}}",
                "{\"type\":\"object\",\"patternProperties\":{\"(?=x)\":{}}}",
                "{\"$schema\":\"http://json-schema.org/draft-04/schema#\",\"type\":\"object\"}",
                "{\"type\":\"object\",\"properties\":[]}",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/missing\"}}}",
            })
    void hidesAToolWhoseSchemaCannotBeHandledSafely(String schema) {
        assertThrows(UnsafeSchemaException.class, () -> {
            ArgumentSchema compiled = ArgumentSchema.compile(object(schema));
            compiled.check(object("{\"a\":\"x\"}"));
        });
    }

    @Test
    void aPatternThatBacktracksElsewhereRunsInLinearTime() {
        String schema = "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"^(a+)+$\"}}}";
        String hostile = "{\"a\":\"" + "a".repeat(50_000) + "!\"}";
        assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> assertInstanceOf(Checked.Invalid.class, check(schema, hostile)));
    }

    @Test
    void aSchemaNestedWithoutEndIsRefused() {
        StringBuilder deep = new StringBuilder("{\"type\":\"object\"");
        StringBuilder end = new StringBuilder("}");
        for (int i = 0; i < 40; i++) {
            deep.append(",\"properties\":{\"a\":{\"type\":\"object\"");
            end.append("}}");
        }
        Json.Obj schema = object(deep.append(end).toString());
        assertThrows(UnsafeSchemaException.class, () -> ArgumentSchema.compile(schema));
    }

    @Test
    void aSchemaThatRefersToItselfEndsInADenialNotInACrash() {
        String schema =
                "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/A\"}},\"$defs\":{\"A\":{\"$ref\":\"#/$defs/A\"}}}";
        assertThrows(
                Throwable.class, () -> ArgumentSchema.compile(object(schema)).check(object("{\"a\":1}")));
    }

    private static Json.Obj valid(String schema, String arguments) {
        Checked checked = check(schema, arguments);
        return assertInstanceOf(Checked.Valid.class, checked, checked.toString())
                .arguments();
    }

    private static Checked check(String schema, String arguments) {
        return ArgumentSchema.compile(object(schema)).check(object(arguments));
    }

    static Json.Obj object(String text) {
        try {
            return StrictJson.readObject(
                    text.getBytes(StandardCharsets.UTF_8), new JsonLimits(1 << 20, 200, 100_000, false));
        } catch (dev.reeve.strict.JsonRefusedException e) {
            throw new AssertionError(e);
        }
    }
}
