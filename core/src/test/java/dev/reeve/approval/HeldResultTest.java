package dev.reeve.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Action;
import dev.reeve.approval.Approval.State;
import dev.reeve.gate.AskTerms;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Finding;
import dev.reeve.gate.Obligation;
import dev.reeve.gate.Permit;
import dev.reeve.gate.Release;
import dev.reeve.gate.ResultFinding;
import dev.reeve.gate.ResultStage;
import dev.reeve.gate.RuleRef;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.gate.Verdict;
import dev.reeve.json.Json;
import dev.reeve.record.Records;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Results that wait for people, through the whole gate: kept, released once, and no call made twice because of it. */
final class HeldResultTest {
    private static final Json.Obj SAID = result("account 4711");
    private static final String IBAN = "iban DE89";

    private final ApprovalHouse house = open();
    /** How often a call was really made. */
    private int ran;

    private final Holds holds = new Holds();

    private static ApprovalHouse open() {
        try {
            return new ApprovalHouse();
        } catch (UnrecordableException e) {
            throw new AssertionError(e);
        }
    }

    private static Json.Obj result(String text) {
        return Json.object().put("text", text).build();
    }

    /** Holds what has an account in it; takes out what has an IBAN. */
    private static final class Holds implements ResultStage {
        String rule = "accounts";
        boolean asks = true;
        boolean changes;

        @Override
        public String name() {
            return "content";
        }

        @Override
        public ResultFinding examine(Action action, Facts facts, Json.Obj result) {
            String text =
                    result.string("text").or(() -> result.string("message")).orElse("");
            Json.Obj out = text.contains(IBAN) || changes
                    ? result.with("text", Json.of(text.replace(IBAN, "[iban]") + (changes ? "!" : "")))
                    : result;
            if (!asks || !text.contains("account")) {
                return out.equals(result)
                        ? new ResultFinding.Unchanged(name())
                        : new ResultFinding.Changed(name(), "taken out", out);
            }
            Denial why = Denial.of("content_held", Denial.ReasonClass.APPROVAL, "found: account 1")
                    .withRule(new RuleRef(rule, "policies/a.yaml", 7));
            Finding.Ask ask = new Finding.Ask(name(), why, List.of("ana"), Optional.of(AskTerms.USUAL));
            return new ResultFinding.Held(name(), List.of(ask), out, result("[account]"), "account 1", Set.of("pii"));
        }
    }

    @BeforeEach
    void hold() {
        house.asks = false;
        house.results.add(holds);
    }

    private Release call(long amount, Json.Obj says) {
        return call(house.pays(amount), says);
    }

    private Release call(Verdict verdict, Json.Obj says) {
        Permit permit = assertInstanceOf(Verdict.Allow.class, verdict).permit();
        Effect effect = permit.kept().orElseGet(() -> {
            assertEquals(Optional.empty(), permit.use());
            ran++;
            return new Effect.Answered(says, false);
        });
        return house.gate.release(permit, effect, Duration.ZERO);
    }

    private String held(long amount) {
        Release.Withheld withheld = assertInstanceOf(Release.Withheld.class, call(amount, SAID));
        assertTrue(withheld.waits(), withheld.denial().reason());
        assertEquals("content_held", withheld.denial().code());
        return withheld.ticket();
    }

    private String code(long amount) {
        return switch (house.pays(amount)) {
            case Verdict.Allow allow -> "allow" + (allow.permit().kept().isPresent() ? " kept" : "");
            case Verdict.Deny deny -> deny.denial().code();
            case Verdict.Hold hold -> "hold " + hold.ticket() + (hold.ran() ? " ran" : "");
        };
    }

    private State state(String ticket) {
        return house.desk().show(ticket).orElseThrow().state();
    }

    private void after(Duration time) throws UnrecordableException {
        house.now = house.now.plus(time);
        house.room.tick();
    }

    @Test
    void whatPeopleReleasedGoesOutOnceAndTheCallIsMadeOnce() {
        String ticket = held(1);
        assertEquals("hold " + ticket + " ran", code(1), "it waits, and does not run");
        assertEquals("approved", house.says("ana", ticket, true));
        assertEquals(new Release.Result(SAID), call(1, result("another")));
        assertEquals(1, ran);
        assertEquals(State.REDEEMED, state(ticket));
        assertEquals(List.of(), house.kept.sizes(), "nothing of it is kept");
        assertNotEquals(ticket, held(1), "the next one is made, and held anew");
        assertEquals(2, ran);
    }

    @Test
    void theRecordSaysThatNothingRanAndWhoReleasedIt() {
        String ticket = held(1);
        assertEquals("withheld", status());
        house.says("ana", ticket, true);
        house.happened.clear();
        call(1, SAID);
        assertEquals("released", status());
        var intent = house.decisions.getLast();
        assertEquals(List.of("ana"), intent.approval().orElseThrow().by());
        assertEquals(ticket, intent.approval().orElseThrow().ticket());
        assertEquals(
                List.of(
                        "approval_redeem " + ticket + " by reeve",
                        "ALLOW " + intent.action().id()),
                house.happened,
                "used up, then recorded; no limit is asked again");
        assertEquals(Set.of("pii"), house.received, "what went out is remembered, and only now");
    }

    @Test
    void theOutcomeOfWhatPeopleReleasedNeverRidesBehind() {
        house.lazy = true;
        house.says("ana", held(1), true);
        assertTrue(house.completions.getLast().recording().lazy());
        call(1, SAID);
        assertFalse(house.completions.getLast().recording().lazy());
    }

    private String status() {
        return Records.completed(house.completions.getLast(), Instant.EPOCH, digest -> digest)
                .body()
                .string("status")
                .orElse("");
    }

    @Test
    void aPermitForAResultIsForNothingElse() {
        house.says("ana", held(1), true);
        Permit permit = assertInstanceOf(Verdict.Allow.class, house.pays(1)).permit();
        assertEquals("permit_for_result", permit.use().orElseThrow().code());
    }

    @Test
    void whoIsRevokedBetweenTheDecisionAndTheResultGetsNothing() {
        house.says("ana", held(1), true);
        Permit permit = assertInstanceOf(Verdict.Allow.class, house.pays(1)).permit();
        house.known = false;
        Effect effect = permit.kept().orElseThrow();
        Release.Withheld late =
                assertInstanceOf(Release.Withheld.class, house.gate.release(permit, effect, Duration.ZERO));
        assertEquals("revoked", late.denial().code());
        assertEquals(List.of(), house.kept.sizes());
    }

    @Test
    void whatOthersTakeOutStaysOutAndErrorsWaitToo() {
        Release.Withheld withheld = assertInstanceOf(Release.Withheld.class, call(1, result("account of " + IBAN)));
        house.says("ana", withheld.ticket(), true);
        assertEquals(new Release.Result(result("account of [iban]")), call(1, SAID));
        Permit permit = assertInstanceOf(Verdict.Allow.class, house.pays(2)).permit();
        Effect refused = new Effect.Refused(7, "no account", Optional.of(Json.of("4711")));
        Release.Withheld error =
                assertInstanceOf(Release.Withheld.class, house.gate.release(permit, refused, Duration.ZERO));
        house.says("ana", error.ticket(), true);
        assertEquals(new Release.UpstreamError(7, "no account", Optional.of(Json.of("4711"))), call(2, SAID));
    }

    @Test
    void whoMayAnswerSeesItWithPlaceholdersAndNobodyElse() throws Exception {
        String ticket = held(1);
        assertEquals(Optional.of(result("[account]")), house.desk().result(ticket, house.as("ana")));
        house.mask = json -> json.equals(result("[account]")) ? result("[secret]") : json;
        assertEquals(
                Optional.of(result("[secret]")), house.desk().result(ticket, house.as("ana")), "a secret since then");
        assertEquals(
                "not_asked",
                assertThrows(NotDecidedException.class, () -> house.desk().result(ticket, house.as("bo")))
                        .code());
        assertEquals(
                "account 1",
                house.desk().show(ticket).orElseThrow().asked().found().orElseThrow());
        house.says("ana", ticket, false);
        assertThrows(NotDecidedException.class, () -> house.desk().result(ticket, house.as("ana")));
    }

    @Test
    void whoSeesAResultIsRecordedBefore() throws Exception {
        String ticket = held(1);
        house.full = true;
        assertEquals(
                "unrecordable",
                assertThrows(NotDecidedException.class, () -> house.desk().result(ticket, house.as("ana")))
                        .code());
        house.full = false;
        house.desk().result(ticket, house.as("ana"));
        house.desk().result(ticket, house.as("ana"));
        assertEquals(
                List.of("result_shown " + ticket + " by ana"),
                house.happened.stream()
                        .filter(one -> one.startsWith("result_shown"))
                        .toList(),
                "whoever looks again and again fills nothing");
    }

    @Test
    void aNoWipesItAndTheCallIsNotMadeAgainBeforeTheQuestionWouldHaveEnded() throws Exception {
        String ticket = held(1);
        assertEquals("denied", house.says("ana", ticket, false));
        assertEquals(List.of(), house.kept.sizes());
        assertEquals("result_refused", code(1));
        assertEquals("result_refused", code(1));
        after(Duration.ofMinutes(61));
        assertEquals("allow", code(1));
    }

    @Test
    void whoseResultExpiredIsToldOnceBeforeTheCallIsMadeAgain() throws Exception {
        String ticket = held(1);
        after(Duration.ofMinutes(61));
        assertEquals(State.EXPIRED, state(ticket));
        assertEquals(List.of(), house.kept.sizes());
        assertEquals("result_gone", code(1));
        assertEquals("allow", code(1));
        String released = held(2);
        house.says("ana", released, true);
        after(Duration.ofMinutes(61));
        assertEquals("result_gone", code(2), "nobody fetched it in time");
        assertEquals(List.of(), house.kept.sizes());
    }

    @Test
    void othersHaveTheirOwnCalls() {
        String ticket = held(1);
        house.says("ana", ticket, true);
        assertEquals("allow", code(2), "another argument");
        assertEquals(
                Optional.empty(),
                assertInstanceOf(Verdict.Allow.class, house.decide(Optional.of("eve"), 1))
                        .permit()
                        .kept(),
                "another user");
        house.read = Set.of("crm");
        assertEquals("allow kept", code(1), "what was read since changes nothing: nothing is sent");
    }

    @Test
    void anotherDefinitionKeepsItBackAndTheCallIsNotMade() {
        house.says("ana", held(1), true);
        house.definition = Optional.of("sha256:2");
        assertEquals("result_kept_back", code(1));
        house.definition = Optional.of("sha256:1");
        assertEquals("allow kept", code(1));
    }

    @Test
    void whatThePolicyDeniesNowIsDeniedAndTheYesStays() {
        String ticket = held(1);
        house.says("ana", ticket, true);
        house.denies = true;
        assertEquals("denied_by_rule", code(1));
        assertEquals(State.APPROVED, state(ticket));
        house.denies = false;
        house.asks = true;
        assertEquals("result_kept_back", code(1), "a rule asks that did not ask before");
        assertEquals(State.APPROVED, state(ticket));
    }

    @Test
    void whatPeopleApprovedBeforeTheCallRanIsNotAskedAgain() {
        house.asks = true;
        String call = house.held(1);
        assertEquals("approved", house.says("ana", call, true));
        String ticket = held(1);
        assertNotEquals(call, ticket);
        house.says("ana", ticket, true);
        assertEquals(new Release.Result(SAID), call(1, SAID));
        assertEquals(1, ran);
    }

    @Test
    void anotherPolicyLetsItOutOnlyWhereItWouldDoNothingToIt() {
        house.says("ana", held(1), true);
        house.version = "v2";
        assertEquals(new Release.Result(SAID), call(1, SAID), "the same guardrail");
        house.says("ana", held(2), true);
        house.version = "v3";
        holds.changes = true;
        Release.Withheld changed = assertInstanceOf(Release.Withheld.class, call(2, SAID));
        assertEquals("result_kept_back", changed.denial().code());
        assertEquals("withheld", status());
        holds.changes = false;
        house.says("ana", held(3), true);
        house.version = "v4";
        holds.rule = "others";
        assertInstanceOf(Release.Withheld.class, call(3, SAID), "another guardrail holds it");
        assertEquals(3, ran);
    }

    @Test
    void whatAPolicyTreatedGoesOutUnderThatPolicyOnly() {
        house.obliges = List.of(new Obligation() {
            @Override
            public String name() {
                return "mask";
            }

            @Override
            public ResultFinding apply(Action action, Json.Obj result) {
                return new ResultFinding.Changed(name(), "masked", result.with("masked", Json.of(true)));
            }
        });
        String ticket = held(1);
        house.says("ana", ticket, true);
        house.version = "v2";
        assertEquals("result_kept_back", code(1));
        assertEquals(State.APPROVED, state(ticket));
        house.version = "v1";
        List<Obligation> masks = house.obliges;
        house.obliges = List.of();
        assertEquals("result_kept_back", code(1), "the same policy, and another way to treat it");
        house.obliges = masks;
        assertEquals(new Release.Result(SAID.with("masked", Json.of(true))), call(1, SAID));
    }

    @Test
    void aRestartKeepsWhatWaitsAndForgetsNothingThatWasGivenOut() throws Exception {
        String ticket = held(1);
        house.says("ana", ticket, true);
        ApprovalRoom again = house.room(Limits.USUAL);
        assertEquals(1, again.results().size());
        assertFalse(again.results().isEmpty());
        assertEquals(new Release.Result(SAID), call(1, SAID));
        assertTrue(house.room(Limits.USUAL).results().isEmpty());
    }

    @Test
    void whatWasLostWhileItWasGivenOutIsToldBeforeTheCallIsMadeAgain() throws Exception {
        house.says("ana", held(1), true);
        house.losesOutcomes = true;
        Release.Withheld lost = assertInstanceOf(Release.Withheld.class, call(1, SAID));
        assertEquals("audit_unavailable", lost.denial().code());
        house.losesOutcomes = false;
        assertFalse(house.room(Limits.USUAL).results().isEmpty(), "also after a restart");
        assertEquals("result_gone", code(1));
        assertEquals("allow", code(1));
        house.room.tick();
        assertEquals(List.of(), house.kept.sizes());
        assertEquals(1, ran);
    }

    @Test
    void whatCannotBeRecordedIsNotAskedAbout() {
        house.losesOutcomes = true;
        Release.Withheld lost = assertInstanceOf(Release.Withheld.class, call(1, SAID));
        assertEquals("audit_unavailable", lost.denial().code());
        assertEquals(List.of(), house.kept.sizes());
        house.losesOutcomes = false;
        assertEquals("result_gone", code(1), "it was made all the same");
    }

    @Test
    void whatDoesNotFitIsWithheldAndSaysSo() throws Exception {
        Release.Withheld large =
                assertInstanceOf(Release.Withheld.class, call(1, result("account " + "x".repeat(300_000))));
        assertFalse(large.waits());
        assertTrue(
                large.denial().reason().contains("at most 262144"),
                large.denial().reason());
        house.kept.full = true;
        Release.Withheld full = assertInstanceOf(Release.Withheld.class, call(2, SAID));
        assertFalse(full.waits());
        assertTrue(
                full.denial().reason().contains("the disk is full"),
                full.denial().reason());
        house.kept.full = false;
        Release.Withheld asks = assertInstanceOf(
                Release.Withheld.class,
                call(3, SAID.with("resultType", Json.of("input_required"))),
                "a question of the server is none that can wait");
        assertFalse(asks.waits());
        assertEquals(List.of(), house.desk().list(ApprovalDesk.Filter.ALL));
        assertEquals("allow", code(1));
    }

    @Test
    void oneAgentKeepsNoMoreThanItsShare() {
        Json.Obj big = result("account " + "x".repeat(200_000));
        int kept = 0;
        Release.Withheld last = new Release.Withheld(Denial.of("none", Denial.ReasonClass.LIMIT, "none"), "", true);
        while (last.waits()) {
            last = assertInstanceOf(Release.Withheld.class, call(kept, big));
            kept++;
        }
        assertEquals(11, kept, "2 MiB");
        assertTrue(
                last.denial().reason().contains("2097152 bytes of one agent"),
                last.denial().reason());
    }

    @Test
    void whatAnAgentLeavesBehindIsWipedWhenItEnds() throws Exception {
        String ticket = held(1);
        house.says("ana", ticket, true);
        house.room.results().agents(agent -> !agent.equals("clerk"));
        house.room.tick();
        assertEquals(State.WITHDRAWN, state(ticket));
        assertEquals(List.of(), house.kept.sizes());
    }

    @Test
    void twoResultsOfTheSameCallWaitOneAfterTheOther() {
        Permit first = assertInstanceOf(Verdict.Allow.class, house.pays(1)).permit();
        Permit second = assertInstanceOf(Verdict.Allow.class, house.pays(1)).permit();
        for (Permit one : List.of(first, second)) {
            one.use();
            Release.Withheld held = assertInstanceOf(
                    Release.Withheld.class, house.gate.release(one, new Effect.Answered(SAID, false), Duration.ZERO));
            house.says("ana", held.ticket(), true);
        }
        assertEquals(new Release.Result(SAID), call(1, SAID));
        assertEquals(new Release.Result(SAID), call(1, SAID));
        assertEquals(0, ran);
        assertEquals("allow", code(1));
    }

    /** Results of calls that were all let run before one of them came back; the newest last. */
    private List<String> heldAtOnce(int calls) {
        List<Permit> permits = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            permits.add(assertInstanceOf(Verdict.Allow.class, house.pays(1)).permit());
        }
        List<String> tickets = new ArrayList<>();
        for (Permit one : permits) {
            house.now = house.now.plusSeconds(1);
            one.use();
            tickets.add(assertInstanceOf(
                            Release.Withheld.class,
                            house.gate.release(one, new Effect.Answered(SAID, false), Duration.ZERO))
                    .ticket());
        }
        return tickets;
    }

    @Test
    void aNoToOneOfTwoResultsLeavesTheOtherWhereItsCallFindsIt() throws Exception {
        List<String> tickets = heldAtOnce(2);
        house.says("ana", tickets.getLast(), false);
        assertEquals("hold " + tickets.getFirst() + " ran", code(1));
        house.says("ana", tickets.getFirst(), true);
        assertEquals(new Release.Result(SAID), call(1, SAID));
        assertEquals("result_refused", code(1), "the no still stands");
        assertFalse(house.room(Limits.USUAL).results().isEmpty(), "also after a restart");
        after(Duration.ofMinutes(61));
        assertEquals("allow", code(1));
        assertEquals(0, ran);
    }

    @Test
    void aNewerResultThatIsTakenBackLeavesTheOlderOne() throws Exception {
        List<String> tickets = heldAtOnce(2);
        house.desk().withdraw(tickets.getLast(), house.as("ana"), "no need");
        assertEquals("hold " + tickets.getFirst() + " ran", code(1));
        assertEquals(1, house.room(Limits.USUAL).results().size());
        house.says("ana", tickets.getFirst(), false);
        assertEquals("result_refused", code(1));
    }

    @Test
    void whoComesWhileAnotherGetsTheResultMakesNoCallAndIsNotToldThatItIsGone() {
        house.says("ana", held(1), true);
        Permit first = assertInstanceOf(Verdict.Allow.class, house.pays(1)).permit();
        assertEquals("result_kept_back", code(1));
        house.now = house.now.plusSeconds(1);
        assertEquals("result_kept_back", code(1), "as long as it is on its way");
        assertEquals(
                new Release.Result(SAID), house.gate.release(first, first.kept().orElseThrow(), Duration.ZERO));
        assertEquals("allow", code(1), "it was given out: this is the next call");
    }

    @Test
    void whatIsTakenForAnIntentThatCannotBeRecordedIsToldAsLost() {
        house.says("ana", held(1), true);
        house.broken = true;
        assertEquals("audit_unavailable", code(1));
        house.broken = false;
        assertEquals("result_gone", code(1));
        assertEquals("allow", code(1));
    }

    @Test
    void whatRanOutIsWipedAlsoWhileNothingCanBeRecorded() throws Exception {
        held(1);
        house.full = true;
        house.now = house.now.plus(Duration.ofMinutes(61));
        assertThrows(UnrecordableException.class, house.room::tick);
        assertEquals(List.of(), house.kept.sizes());
        house.full = false;
        held(2);
        house.now = house.now.plus(Duration.ofMinutes(61));
        house.room(Limits.USUAL);
        assertEquals(List.of(), house.kept.sizes(), "a start does not wait for anybody to look");
    }

    @Test
    void aResultOfWhichNobodyCanBeAskedIsNotLeftInTheStore() throws Exception {
        house.rows.broken = true;
        assertFalse(assertInstanceOf(Release.Withheld.class, call(1, SAID)).waits());
        assertEquals(List.of(), house.kept.sizes());
        house.kept.stuck = true;
        assertFalse(assertInstanceOf(Release.Withheld.class, call(2, SAID)).waits());
        assertEquals(1, house.room.results().size(), "it takes its room as long as it is there");
        house.kept.stuck = false;
        house.rows.broken = false;
        house.room.tick();
        assertEquals(List.of(), house.kept.sizes());
        assertEquals(0, house.room.results().size());
    }

    @Test
    void guardrailsLookAgainAtWhatGoesOutAlsoUnderTheSamePolicy() {
        house.says("ana", held(1), true);
        holds.changes = true;
        assertEquals(new Release.Result(result("account 4711!")), call(1, SAID), "more is taken out");
        holds.changes = false;
        house.says("ana", held(2), true);
        holds.rule = "others";
        Release.Withheld back = assertInstanceOf(Release.Withheld.class, call(2, SAID));
        assertEquals("result_kept_back", back.denial().code(), "it is for others to release it now");
        assertEquals(2, ran);
    }

    @Test
    void ofManyThatComeAtOnceOneGetsTheResultAndNobodyMakesTheCall() throws Exception {
        house.says("ana", held(1), true);
        CountDownLatch ready = new CountDownLatch(8);
        Callable<String> comes = () -> {
            ready.countDown();
            ready.await();
            return code(1);
        };
        List<String> told = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<String> one : threads.invokeAll(Collections.nCopies(8, comes))) {
                told.add(one.get());
            }
        }
        assertEquals(1, Collections.frequency(told, "allow kept"), told.toString());
        assertEquals(7, Collections.frequency(told, "result_kept_back"), told.toString());
    }
}
