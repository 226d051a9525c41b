package dev.reeve.adapter.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.action.Operation.Asks;
import dev.reeve.json.Json;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R4: only what a question's answer may hold goes to the server that asked, and only what a question may hold to the client. */
final class ClientAnswersTest {
    private static Json.Obj json(String text) throws Exception {
        return (Json.Obj) StrictJson.read(text.getBytes(StandardCharsets.UTF_8), JsonLimits.REQUEST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FORM | {\"action\":\"accept\",\"content\":{\"a\":1,\"b\":[\"x\"]},\"_meta\":{}} | {\"action\":\"accept\",\"content\":{\"a\":1,\"b\":[\"x\"]}}",
                "FORM | {\"action\":\"decline\",\"content\":{\"a\":1}} | {\"action\":\"decline\"}",
                "FORM | {\"action\":\"accept\",\"content\":{\"a\":{}}} | ''",
                "FORM | {\"action\":\"accept\",\"content\":{\"a\":[1]}} | ''",
                "FORM | {\"action\":\"yes\"} | ''",
                "URL | {\"action\":\"accept\",\"content\":{\"token\":\"x\"}} | {\"action\":\"accept\"}",
                "SAMPLING | {\"role\":\"assistant\",\"content\":{\"type\":\"text\",\"text\":\"t\"},\"model\":\"m\",\"stopReason\":\"endTurn\",\"x\":1} | {\"role\":\"assistant\",\"content\":{\"type\":\"text\",\"text\":\"t\"},\"model\":\"m\",\"stopReason\":\"endTurn\"}",
                "SAMPLING | {\"content\":{}} | ''",
                "ROOTS | {\"roots\":[{\"uri\":\"file:///a\",\"name\":\"n\",\"x\":1}]} | {\"roots\":[{\"uri\":\"file:///a\",\"name\":\"n\"}]}",
                "ROOTS | {\"roots\":[{\"uri\":\"https://a\"}]} | ''",
                "ROOTS | {\"roots\":[1]} | ''",
                "ROOTS | {} | ''"
            })
    void anAnswerHoldsWhatItsKindHas(Asks kind, String given, String kept) throws Exception {
        Optional<Json.Obj> expected = kept.isEmpty() ? Optional.empty() : Optional.of(json(kept));
        assertEquals(expected, ClientAnswers.checked(kind, json(given)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FORM | V2025_06_18 | {\"mode\":\"form\",\"message\":\"m\",\"requestedSchema\":{},\"task\":{}} | {\"message\":\"m\",\"requestedSchema\":{}}",
                "FORM | V2025_11_25 | {\"mode\":\"form\",\"message\":\"m\",\"_meta\":{}} | {\"mode\":\"form\",\"message\":\"m\"}",
                "URL | V2025_11_25 | {\"mode\":\"url\",\"url\":\"https://a\",\"elicitationId\":\"theirs\"} | {\"mode\":\"url\",\"url\":\"https://a\",\"elicitationId\":\"ours\"}",
                "URL | V2026_07_28 | {\"mode\":\"url\",\"url\":\"https://a\",\"elicitationId\":\"theirs\"} | {\"mode\":\"url\",\"url\":\"https://a\"}",
                "ROOTS | V2025_11_25 | {\"x\":1} | {}"
            })
    void aQuestionHoldsWhatItsRevisionHas(Asks kind, Revision revision, String asked, String shown) throws Exception {
        assertEquals(json(shown), ClientAnswers.shown(kind, json(asked), revision, "ours"));
    }
}
