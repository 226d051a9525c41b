package dev.reeve.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.approval.Approval.Proposal;
import dev.reeve.approval.Approval.State;
import dev.reeve.gate.AskTerms;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Permit;
import dev.reeve.gate.Veil;
import dev.reeve.gate.Verdict;
import dev.reeve.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** "Allow calls like this for an hour": a yes to a pattern is a grant, and satisfies what the rule asked as long as that lasts. */
final class PatternTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @SuppressWarnings("NullAway.Init")
    private ApprovalHouse house;

    @BeforeEach
    void open() throws Exception {
        house = new ApprovalHouse();
        house.terms = terms(1, Optional.of(HOUR));
    }

    private static AskTerms terms(int quorum, Optional<Duration> grant) {
        return new AskTerms(quorum, HOUR, Optional.empty(), Optional.empty(), false, grant);
    }

    /** The state, or the code of the refusal; what is granted is given, as the control API does it. */
    private String allows(String person, String ticket, Duration length, String... free) throws Exception {
        try {
            Approval done = house.desk()
                    .decide(
                            ticket,
                            house.as(person),
                            true,
                            "for an hour",
                            Optional.of(new Proposal(length, Set.of(free))));
            if (done.state() == State.GRANTED) {
                house.grants.answer(done);
            }
            return done.state().wire();
        } catch (NotDecidedException e) {
            return e.code();
        }
    }

    private String pays(long amount) {
        return ApprovalHouse.word(house.pays(amount));
    }

    @Test
    void callsLikeThisRunForAnHour() throws Exception {
        assertEquals("granted", allows("ana", house.held(5), HOUR));
        assertEquals("allow", pays(5));
        assertEquals("allow", pays(5), "not once only");
        assertEquals("hold", pays(6), "another amount is another call");
        house.now = house.now.plus(HOUR);
        assertEquals("hold", pays(5));
    }

    @Test
    void whatIsLetFreeMayBeAnythingAndTheRestMayNot() throws Exception {
        assertEquals("granted", allows("ana", house.held(5), HOUR, "amount"));
        assertEquals("allow", pays(6));
        house.payee = "eve";
        assertEquals("hold", pays(6));
    }

    @Test
    void theVerdictNamesTheGrantAndWhoGaveIt() throws Exception {
        assertEquals("granted", allows("ana", house.held(5), HOUR));
        assertEquals("allow", pays(5));
        Finding.Pass pass = house.decisions.getLast().findings().stream()
                .filter(one -> one.stage().equals("grant"))
                .map(Finding.Pass.class::cast)
                .findFirst()
                .orElseThrow();
        assertTrue(pass.rule().orElseThrow().name().startsWith("g_"), pass.toString());
        assertTrue(pass.reason().contains("granted for a time by ana"), pass.reason());
        assertEquals(Optional.empty(), house.decisions.getLast().approval(), "no approval was used up");
    }

    @Test
    void onlyAsFarAsTheRuleLetsPeople() throws Exception {
        assertEquals("invalid", allows("ana", house.held(5), HOUR.plusSeconds(1)));
        house.terms = terms(1, Optional.empty());
        String ticket = house.held(5);
        assertEquals("no_pattern", allows("ana", ticket, HOUR));
        assertEquals("approved", house.says("ana", ticket, true), "for this call");
    }

    @Test
    void asManyAsTheRuleWantsSayYesToTheSame() throws Exception {
        house.terms = terms(2, Optional.of(HOUR));
        String ticket = house.held(5);
        assertEquals("pending", allows("ana", ticket, HOUR));
        assertEquals("granted", allows("bo", ticket, Duration.ofMinutes(10)));
        house.now = house.now.plus(Duration.ofMinutes(10));
        assertEquals("hold", pays(5), "the shorter time counts");
    }

    @Test
    void whoDoNotAgreeOnOnePatternSayYesToThisCallOnly() throws Exception {
        house.terms = terms(2, Optional.of(HOUR));
        String ticket = house.held(5);
        assertEquals("pending", allows("ana", ticket, HOUR, "amount"));
        assertEquals("approved", allows("bo", ticket, HOUR));
        assertEquals(List.of(), house.grants.list(Optional.empty(), Optional.empty()));
        assertEquals("allow", pays(5));
        assertEquals("hold", pays(5));
    }

    @Test
    void anythingElseThatIsBoundMakesItAnotherQuestion() throws Exception {
        assertEquals("granted", allows("ana", house.held(5), HOUR));
        assertEquals("hold", ApprovalHouse.word(house.decide(Optional.of("cy"), 5)), "on behalf of somebody");
        house.read = Set.of("pii");
        assertEquals("hold", pays(5), "more was read");
        house.read = Set.of();
        house.definition = Optional.of("sha256:2");
        assertEquals("hold", pays(5), "another definition");
        house.definition = Optional.of("sha256:1");
        house.by = List.of("user:bo");
        assertEquals("hold", pays(5), "the rule asks others");
        house.by = List.of();
        house.doubtful = true;
        assertTrue(!pays(5).equals("allow"), "R7");
        house.doubtful = false;
        house.denies = true;
        assertEquals("denied_by_rule", pays(5), "what denies goes on to");
        house.denies = false;
        assertEquals("allow", pays(5));
    }

    @Test
    void whatRunsByItIsCutWhenItIsTakenBack() throws Exception {
        assertEquals("granted", allows("ana", house.held(5), HOUR));
        Permit permit = ((Verdict.Allow) house.pays(5)).permit();
        assertEquals(Optional.empty(), house.gate.reconsider(permit));
        house.grants.revoke(
                house.grants.list(Optional.empty(), Optional.empty()).getFirst().id(), house.as("ana"), "enough");
        assertEquals(
                "approval_required", house.gate.reconsider(permit).orElseThrow().code());
        assertEquals("hold", pays(5));
    }

    /** Puts a placeholder in the place of one text, wherever it stands. */
    private static UnaryOperator<Json> hides(String text) {
        return value -> switch (value) {
            case Json.Obj object -> {
                Json.Builder seen = Json.object();
                object.members()
                        .forEach((name, member) ->
                                seen.put(hidden(name, text), hides(text).apply(member)));
                yield seen.build();
            }
            case Json.Str(String said) -> new Json.Str(hidden(said, text));
            default -> value;
        };
    }

    private static String hidden(String said, String text) {
        return said.equals(text) ? "[email]" : said;
    }

    /** A grant that binds a placeholder is for no call that ever comes. */
    @Test
    void whatAGuardrailHidesIsLetFreeOrNotGranted() throws Exception {
        house.payee = "eve@example.com";
        house.veil = Veil.over(List.of("email"), hides("eve@example.com"));
        String ticket = house.held(5);
        assertEquals("hidden_argument", allows("ana", ticket, HOUR));
        assertEquals("hidden_argument", allows("ana", ticket, HOUR, "amount"));
        NotDecidedException refused = assertThrows(
                NotDecidedException.class,
                () -> house.desk()
                        .decide(
                                ticket,
                                house.as("ana"),
                                true,
                                "for an hour",
                                Optional.of(new Proposal(HOUR, Set.of("amount")))));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("`to`")
                        && refused.fix().contains("--free to"),
                String.valueOf(refused.getMessage()));
        assertEquals("granted", allows("ana", ticket, HOUR, "to"));
        assertEquals("allow", pays(5));
        assertEquals("hold", pays(6), "what is seen is bound");
    }

    @Test
    void aKnownSecretIsHiddenTooAndAYesForTheOneCallStays() throws Exception {
        house.mask = hides("olga");
        String ticket = house.held(5);
        assertEquals("hidden_argument", allows("ana", ticket, HOUR));
        assertEquals("approved", house.says("ana", ticket, true));
        assertEquals("allow", pays(5));
    }

    @Test
    void whatIsHiddenInANameIsGrantedToNobody() throws Exception {
        house.mask = hides("to");
        assertEquals("no_pattern", allows("ana", house.held(5), HOUR, "amount"));
        house.mask = hides("bank.pay");
        assertEquals("no_pattern", allows("ana", house.held(6), HOUR, "amount", "to"));
    }
}
