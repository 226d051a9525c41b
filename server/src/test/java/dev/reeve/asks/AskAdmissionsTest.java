package dev.reeve.asks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reeve.action.Operation;
import dev.reeve.action.Operation.Asks;
import dev.reeve.asks.AskPolicy.Elicitation;
import dev.reeve.gate.Admissions.Admission;
import dev.reeve.gate.Denial;
import dev.reeve.json.Json;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server may put before a user: no secrets, no strangers' URLs, and nothing that the operator did not allow. */
final class AskAdmissionsTest {
    private static final AskPolicy SAFE = new AskPolicy(Elicitation.SAFE, true, true, "shop.example.com");

    private static String admitted(AskPolicy policy, Asks kind, Json.Obj params) {
        AskAdmissions admissions = new AskAdmissions(
                operation -> new Admission.Refused(
                        Denial.of("not_asked", Denial.ReasonClass.POLICY, "the definitions were asked")),
                upstream -> policy);
        return switch (admissions.admit(new Operation.Question("up", kind, params))) {
            case Admission.Admitted ignored -> "admitted";
            case Admission.Held ignored -> "held";
            case Admission.Refused(Denial denial) -> denial.code();
        };
    }

    private static Json.Obj form(String name, Json.Builder field) {
        return Json.object()
                .put("message", "Please fill this in")
                .put(
                        "requestedSchema",
                        Json.object().put("properties", Json.object().put(name, field)))
                .build();
    }

    private static Json.Builder text() {
        return Json.object().put("type", "string");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "userPassword",
                "API_KEY",
                "api-key",
                "accessToken",
                "pin",
                "user_pin",
                "User PIN",
                "ssn",
                "otp",
                "secret",
                "credit card",
                "CVV",
                "seedPhrase",
                "\uFF50\uFF41\uFF53\uFF53\uFF57\uFF4F\uFF52\uFF44"
            })
    void aFieldThatIsCalledLikeASecretIsNotPutBeforeAnybody(String name) {
        assertEquals("question_asks_secret", admitted(SAFE, Asks.FORM, form(name, text())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "email", "shipping", "spinning", "monkeys", "city", "opinion", "passenger"})
    void anOrdinaryFieldIs(String name) {
        assertEquals("admitted", admitted(SAFE, Asks.FORM, form(name, text())));
    }

    @Test
    void whatIsSaidAroundAnInnocentNameCountsToo() {
        assertEquals(
                "question_asks_secret",
                admitted(SAFE, Asks.FORM, form("value", text().put("description", "Your GitHub access token"))));
        assertEquals("question_asks_secret", admitted(SAFE, Asks.FORM, form("value", text().put("title", "PIN"))));
        assertEquals(
                "question_asks_secret", admitted(SAFE, Asks.FORM, form("value", text().put("format", "password"))));
        Json.Obj told = form("value", text()).with("message", Json.of("Enter your password to go on"));
        assertEquals("question_asks_secret", admitted(SAFE, Asks.FORM, told));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "To confirm, enter your PIN and the OTP from your phone",
                "Paste your GitHub token (ghp_...)",
                "What are the last four digits of your SSN?",
                "Your P\u0430ssword",
                "Your \u0440\u0430ssw\u043erd",
                "Your p\u00e4ss\u200bw\u00f6rd",
                "Your p@ssw0rd",
                "the T\u041eK\u0415N that you were sent",
                "both secrets"
            })
    void shortWordsAndDisguisedOnesCountInTextsToo(String text) {
        Json.Obj told = form("value", text()).with("message", Json.of(text));
        assertEquals("question_asks_secret", admitted(SAFE, Asks.FORM, told));
        assertEquals("question_asks_secret", admitted(SAFE, Asks.FORM, form("value", text().put("description", text))));
        assertEquals("question_asks_secret", admitted(SAFE, Asks.FORM, form("value", text().put("title", text))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Which key results should Pat see first?",
                "Opinions on shipping 10 monkeys to 1st Street?",
                "\u041a\u0430\u043a\u043e\u0439 \u0433\u043e\u0440\u043e\u0434?"
            })
    void anOrdinaryTextAsksForNothing(String text) {
        Json.Obj told = form("value", text().put("description", text)).with("message", Json.of(text));
        assertEquals("admitted", admitted(SAFE, Asks.FORM, told));
    }

    /** The reference server "everything" asks so. */
    @Test
    void aNumberThatIsNoSecretMayWarnOfTellingOne() {
        String warning = "Your favorite integer (do not give us your phone number, pin, or other sensitive info)";
        Json.Builder narrow = integer(1, 100).put("description", warning);
        assertEquals("admitted", admitted(SAFE, Asks.FORM, form("integer", narrow)));
        Json.Builder wide = integer(0, 9_999).put("description", warning);
        assertEquals("question_asks_secret", admitted(SAFE, Asks.FORM, form("integer", wide)));
        assertEquals("question_asks_secret", admitted(SAFE, Asks.FORM, form("pin", integer(0, 9))));
        Json.Builder plain = integer(0, 9).put("description", "the first letter of your password");
        assertEquals("question_asks_secret", admitted(SAFE, Asks.FORM, form("letter", plain)));
    }

    private static Json.Builder integer(long least, long most) {
        return Json.object().put("type", "integer").put("minimum", least).put("maximum", most);
    }

    @Test
    void anOperatorWhoTrustsAServerWithAllOfItMaySaySo() {
        AskPolicy any = new AskPolicy(Elicitation.ANY, false, false, "");
        assertEquals("admitted", admitted(any, Asks.FORM, form("password", text())));
        assertEquals("admitted", admitted(any, Asks.URL, url("https://elsewhere.example.org/")));
        assertEquals("question_not_offered", admitted(any, Asks.SAMPLING, Json.Obj.EMPTY));
        assertEquals("question_not_offered", admitted(any, Asks.ROOTS, Json.Obj.EMPTY));
    }

    private static Json.Obj url(String url) {
        return Json.object().put("mode", "url").put("url", url).build();
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example.com/pay, admitted",
        "https://pay.shop.example.com/x, admitted",
        "https://SHOP.example.com/, admitted",
        "http://shop.example.com/pay, question_url_elsewhere",
        "https://example.com/, question_url_elsewhere",
        "https://evilshop.example.com/, question_url_elsewhere",
        "https://shop.example.com.evil.org/, question_url_elsewhere",
        "https://shop.example.com@evil.org/, question_url_elsewhere",
        "https://user@shop.example.com/, question_url_elsewhere",
        "javascript:alert(1), question_url_elsewhere",
        "'', question_url_elsewhere",
        "'https://shop.example.com /', question_url_elsewhere"
    })
    void aUrlMustBelongToTheServer(String url, String expected) {
        assertEquals(expected, admitted(SAFE, Asks.URL, url(url)));
    }

    @Test
    void aServerWithoutAHostIsOfferedNoUrls() {
        assertEquals(Set.of(Asks.FORM), new AskPolicy(Elicitation.SAFE, false, false, "").offered());
        assertEquals(Set.of(), AskPolicy.NOTHING.offered());
    }

    @Test
    void everythingElseIsForTheDefinitionsToSay() {
        AskAdmissions admissions = new AskAdmissions(
                operation -> new Admission.Admitted(operation, Optional.of("f")), upstream -> AskPolicy.NOTHING);
        Operation call = new Operation.ToolCall("up", "t", Json.Obj.EMPTY);
        assertEquals(new Admission.Admitted(call, Optional.of("f")), admissions.admit(call));
    }
}
