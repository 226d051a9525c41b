package dev.reeve.approval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.approval.Approval.State;
import dev.reeve.gate.AskTerms;
import dev.reeve.gate.Hours;
import dev.reeve.gate.Journal.Ruling;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.gate.Verdict;
import dev.reeve.identity.Principal;
import dev.reeve.secrets.KnownSecrets;
import dev.reeve.secrets.Secret;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R16 and R17: what people say counts once, for what they saw, and for nothing else. */
final class ApprovalTest {
    private final ApprovalHouse house = open(Limits.USUAL);

    private static ApprovalHouse open(Limits limits) {
        try {
            return new ApprovalHouse(limits);
        } catch (UnrecordableException e) {
            throw new AssertionError(e);
        }
    }

    private static String word(Verdict verdict) {
        return ApprovalHouse.word(verdict);
    }

    @Test
    void whatAPersonApprovedRunsOnceAndTheNextIsAskedAgain() {
        String ticket = house.held(100);
        assertEquals("approved", house.says("ana", ticket, true));
        assertEquals("allow", word(house.pays(100)));
        assertEquals(State.REDEEMED, house.desk().show(ticket).orElseThrow().state());
        String second = house.held(100);
        assertFalse(second.equals(ticket), "the used one is not used again");
        assertEquals("not_pending", house.says("ana", ticket, true));
    }

    @Test
    void itIsUsedUpBeforeTheIntentWhichNamesIt() {
        String ticket = house.held(100);
        house.says("ana", ticket, true);
        house.happened.clear();
        house.pays(100);
        assertEquals(List.of("reserved", "approval_redeem " + ticket + " by reeve", "ALLOW t2"), house.happened);
        var approval = house.decisions.getLast().approval().orElseThrow();
        assertEquals(ticket, approval.ticket());
        assertEquals(List.of("ana"), approval.by());
    }

    @Test
    void theSameCallWaitsUnderOneTicketAndItsRecordNamesIt() {
        String ticket = house.held(100);
        assertEquals(ticket, house.held(100));
        assertEquals(ticket, house.decisions.getLast().approval().orElseThrow().ticket());
        assertEquals(1, house.desk().list(ApprovalDesk.Filter.PENDING).size());
    }

    @Test
    void whatWaitsKeepsItsTicketWhereTheHoldIsOnlyCounted() {
        String ticket = house.held(100);
        house.counted = Optional.of("rv_summary");
        assertEquals(ticket, house.held(100));
    }

    /** An agent may put a secret that Reeve knows into anything that it writes. */
    @Test
    void knownSecretsAreNeitherShownNorStored() {
        house.mask = KnownSecrets.of(List.of(Secret.of("S3cr3t-key-0123")))::mask;
        house.payee = "https://api.example.com/?k=S3cr3t-key-0123";
        house.touched = "url:https://api.example.com/?k=S3cr3t-key-0123";
        house.reason = "to S3cr3t-key-0123";
        Approval stored = house.rows.stored(house.held(100));
        assertFalse(stored.toString().contains("S3cr3t"), stored.toString());
        assertTrue(stored.asked().touches().getFirst().endsWith("url:https://api.example.com/?k=***"));
    }

    static Stream<Arguments> between() {
        return Stream.<Consumer<ApprovalHouse>>of(
                        house -> house.definition = Optional.of("sha256:2"),
                        house -> house.rule = "other",
                        house -> house.by = List.of("user:bo"),
                        house -> house.terms =
                                new AskTerms(2, Duration.ofHours(1), Optional.empty(), Optional.empty(), false),
                        house -> house.read = Set.of("pii"))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("between")
    void anotherDefinitionRuleOrLabelInBetweenIsAnotherQuestion(Consumer<ApprovalHouse> change) {
        String ticket = house.held(100);
        house.says("ana", ticket, true);
        change.accept(house);
        assertFalse(house.held(100).equals(ticket));
        assertEquals(State.APPROVED, house.desk().show(ticket).orElseThrow().state(), "nothing used it");
    }

    @Test
    void anotherArgumentOrUserIsAnotherQuestion() {
        String ticket = house.held(100);
        house.says("ana", ticket, true);
        assertEquals("hold", word(house.pays(101)));
        assertEquals("hold", word(house.decide(Optional.of("ugo"), 100)));
        assertEquals("allow", word(house.pays(100)));
    }

    @Test
    void anApprovalDoesNotOutweighADenyOrALimitAndIsNotUsedByThem() {
        String ticket = house.held(100);
        house.says("ana", ticket, true);
        house.denies = true;
        assertEquals("denied_by_rule", word(house.pays(100)));
        house.denies = false;
        house.refuses = true;
        assertEquals("budget", word(house.pays(100)));
        house.refuses = false;
        assertEquals("allow", word(house.pays(100)));
    }

    @Test
    void whatNobodyAnsweredInTimeExpiresAndIsAskedAnew() throws Exception {
        String ticket = house.held(100);
        house.now = house.now.plus(Duration.ofHours(1));
        assertEquals("not_pending", house.says("ana", ticket, true));
        house.room.tick();
        assertTrue(house.happened.contains("approval_expire " + ticket + " by reeve"));
        assertFalse(house.held(100).equals(ticket));
    }

    @Test
    void whatWasApprovedAndNotUsedInTimeExpires() {
        String ticket = house.held(100);
        house.now = house.now.plus(Duration.ofMinutes(50));
        house.says("ana", ticket, true);
        house.now = house.now.plus(Duration.ofMinutes(59));
        assertEquals(State.APPROVED, house.desk().show(ticket).orElseThrow().state());
        house.now = house.now.plus(Duration.ofMinutes(1));
        assertEquals("hold", word(house.pays(100)));
    }

    @Test
    void whereTheClockIsDoubtfulNothingApprovedIsUsed() {
        house.says("ana", house.held(100), true);
        house.doubtful = true;
        assertEquals("clock_doubtful", word(house.pays(100)));
    }

    @Test
    void aQuorumWantsDifferentPeople() {
        house.terms = new AskTerms(2, Duration.ofHours(1), Optional.empty(), Optional.empty(), false);
        String ticket = house.held(100);
        assertEquals("pending", house.says("ana", ticket, true));
        assertEquals("decided_already", house.says("ana", ticket, true));
        assertEquals("hold", word(house.pays(100)));
        assertEquals("approved", house.says("bo", ticket, true));
        assertEquals("allow", word(house.pays(100)));
    }

    @Test
    void whoseTokenEndedCountsNoMore() {
        house.terms = new AskTerms(2, Duration.ofHours(1), Optional.empty(), Optional.empty(), false);
        String ticket = house.held(100);
        house.says("ana", ticket, true);
        house.persons.remove("ana");
        assertEquals("pending", house.says("bo", ticket, true));
        assertEquals("no_person", house.says("ana", ticket, true));
    }

    @Test
    void aYesOfSomebodyWhoseTokenEndedIsNotUsed() throws Exception {
        String ticket = house.held(100);
        assertEquals("approved", house.says("ana", ticket, true));
        Person ana = Objects.requireNonNull(house.persons.remove("ana"));
        String other = house.held(100);
        assertFalse(other.equals(ticket), "others are asked anew");
        assertEquals(State.WITHDRAWN, house.desk().show(ticket).orElseThrow().state());
        house.persons.put("ana", ana);
        assertEquals("hold", word(house.pays(100)), "what ended stays ended");
        house.says("bo", other, true);
        assertEquals("allow", word(house.pays(100)));
    }

    @Test
    void whatNobodyWhoMayApprovesAnyMoreIsEndedWithTime() throws Exception {
        String ticket = house.held(100);
        house.says("ana", ticket, true);
        house.room.tick();
        assertEquals(State.APPROVED, house.desk().show(ticket).orElseThrow().state());
        house.persons.remove("ana");
        house.room.tick();
        assertTrue(house.happened.contains("approval_withdraw " + ticket + " by reeve"));
    }

    @Test
    void whoseTokenEndedBreaksNoGlass() throws Exception {
        house.by = List.of("user:nobody");
        String ticket = house.held(100);
        house.desk().breakGlass(ticket, house.as("ana"), "site down");
        house.persons.remove("ana");
        assertFalse(house.desk().breakGlass(ticket, house.as("bo"), "site down").isBrokenGlass());
        assertEquals("hold", word(house.pays(100)));
        assertTrue(house.desk().breakGlass(ticket, house.as("cy"), "site down").isBrokenGlass());
        house.persons.remove("bo");
        assertEquals("hold", word(house.pays(100)), "nor does one of the two afterwards");
    }

    @Test
    void nobodyAnswersForHisOwnAgentOrForHimselfUnlessNamed() {
        house.persons.put("olga", new Person("olga", Set.of("admin", "approver"), Set.of()));
        assertEquals("self_approval", house.says("olga", house.held(1), true));
        house.by = List.of("role:admin");
        assertEquals("self_approval", house.says("olga", house.held(2), true));
        house.by = List.of("owner");
        assertEquals("approved", house.says("olga", house.held(3), true));
        assertEquals("not_asked", house.says("ana", house.held(4), true));
        // An owner for whom it is done is asked by name only.
        String own = house.decide(Optional.of("olga"), 5) instanceof Verdict.Hold hold ? hold.ticket() : "";
        assertEquals("self_approval", house.says("olga", own, true));
        house.by = List.of("user:olga");
        String named = house.decide(Optional.of("olga"), 6) instanceof Verdict.Hold hold ? hold.ticket() : "";
        assertEquals("approved", house.says("olga", named, true));
    }

    /** Files name owners by mail address; a token of the bare name is no second person. */
    @Test
    void aPersonUnderTwoNamesIsOne() {
        house.persons.put("olga@example.com", new Person("olga@example.com", Set.of("admin", "approver"), Set.of()));
        house.persons.put("ana@example.com", new Person("ana@example.com", Set.of("admin", "approver"), Set.of()));
        house.by = List.of("role:admin");
        assertEquals("self_approval", house.says("olga@example.com", house.held(1), true));
        house.terms = new AskTerms(2, Duration.ofHours(1), Optional.empty(), Optional.empty(), false);
        String ticket = house.held(2);
        assertEquals("pending", house.says("ana", ticket, true));
        assertEquals("pending", house.says("ana@example.com", ticket, true));
        assertEquals("approved", house.says("bo", ticket, true));
    }

    @Test
    void groupsAndRolesAreAskedByName() {
        house.persons.put("gil", new Person("gil", Set.of("approver"), Set.of("supervisors")));
        house.by = List.of("group:supervisors");
        String ticket = house.held(1);
        assertEquals("not_asked", house.says("ana", ticket, true));
        assertEquals("approved", house.says("gil", ticket, true));
        house.by = List.of("role:admin");
        assertEquals("not_asked", house.says("gil", house.held(2), true));
    }

    @Test
    void oneNoEndsItAndAskingAgainAtOnceDoesNotHelp() {
        house.terms = new AskTerms(2, Duration.ofHours(1), Optional.empty(), Optional.empty(), false);
        String ticket = house.held(100);
        house.says("ana", ticket, true);
        assertEquals("denied", house.says("bo", ticket, false));
        assertEquals("approval_denied", word(house.pays(100)));
        house.now = house.now.plus(Duration.ofHours(1));
        assertEquals("hold", word(house.pays(100)));
    }

    private static Principal agent(String name) {
        return new Principal("default", name, "k_2", Optional.empty(), List.of(), Set.of(), Optional.empty(), Map.of());
    }

    @Test
    void anAgentTakesItsOwnQuestionBackAndNobodyElses() throws Exception {
        String ticket = house.held(100);
        assertFalse(house.room.takeBack(ticket, agent("intern")), "another agent's");
        assertFalse(house.room.takeBack("t99", agent("clerk")), "there is none");
        assertEquals(State.PENDING, house.desk().show(ticket).orElseThrow().state());
        assertTrue(house.room.takeBack(ticket, agent("clerk")), "with whichever key");
        assertTrue(house.happened.contains("approval_withdraw " + ticket + " by reeve"));
        assertEquals("not_pending", house.says("ana", ticket, true));
        assertEquals(
                "approval_withdrawn",
                ApprovalRoom.ended(house.desk().show(ticket).orElseThrow())
                        .orElseThrow()
                        .code());
        String second = house.held(100);
        house.says("ana", second, true);
        assertTrue(house.room.takeBack(second, agent("clerk")), "a yes that is not used");
        assertEquals("hold", word(house.pays(100)), "is none any more");
        String third = house.held(200);
        house.says("ana", third, true);
        house.pays(200);
        assertFalse(house.room.takeBack(third, agent("clerk")), "what was used stays used");
        assertEquals(State.REDEEMED, house.desk().show(third).orElseThrow().state());
    }

    @Test
    void whatAnAgentTookBackStillCountsAsAsked() throws Exception {
        ApprovalHouse small = open(new Limits(20, 3, 60));
        for (int i = 0; i < 3; i++) {
            assertTrue(small.room.takeBack(small.held(i), agent("clerk")));
        }
        assertEquals("too_many_approvals", word(small.pays(9)));
    }

    @Test
    void whatCannotBeRecordedIsNotTakenBack() {
        String ticket = house.held(100);
        house.full = true;
        assertThrows(UnrecordableException.class, () -> house.room.takeBack(ticket, agent("clerk")));
        house.full = false;
        assertEquals("approved", house.says("ana", ticket, true));
    }

    @Test
    void afterAWhileOthersAreAskedToo() throws Exception {
        house.by = List.of("user:nobody");
        house.terms = new AskTerms(
                1,
                Duration.ofHours(1),
                Optional.of(new AskTerms.Escalation(Duration.ofMinutes(15), List.of("role:admin"))),
                Optional.empty(),
                false);
        String ticket = house.held(100);
        house.room.tick();
        assertEquals("not_asked", house.says("ana", ticket, true));
        house.now = house.now.plus(Duration.ofMinutes(15));
        house.room.tick();
        assertTrue(house.happened.contains("approval_escalate " + ticket + " by reeve"));
        assertEquals("approved", house.says("ana", ticket, true));
    }

    @Test
    void whoeverMayAnswerMayStillDoSoWhenOthersAreAskedToo() throws Exception {
        house.by = List.of();
        house.terms = new AskTerms(
                1,
                Duration.ofHours(1),
                Optional.of(new AskTerms.Escalation(Duration.ofMinutes(15), List.of("user:nobody"))),
                Optional.empty(),
                false);
        String ticket = house.held(100);
        house.now = house.now.plus(Duration.ofMinutes(15));
        house.room.tick();
        assertEquals("approved", house.says("ana", ticket, true));
    }

    @Test
    void aYesCountsInWorkingHoursAndWithAReasonWhereTheRuleWantsThem() {
        Hours hours = new Hours(Set.of(DayOfWeek.WEDNESDAY), LocalTime.of(11, 0), LocalTime.of(12, 0), ZoneOffset.UTC);
        house.terms = new AskTerms(1, Duration.ofHours(5), Optional.empty(), Optional.of(hours), true);
        String ticket = house.held(100);
        assertEquals("outside_hours", house.says("ana", ticket, true));
        house.now = house.now.plus(Duration.ofHours(1));
        NotDecidedException refused =
                assertThrows(NotDecidedException.class, () -> house.desk().decide(ticket, house.as("ana"), true, " "));
        assertEquals("reason_required", refused.code());
        assertEquals("approved", house.says("ana", ticket, true));
        assertFalse(hours.contain(house.now.plus(Duration.ofHours(1))), "the end is not in it");
    }

    @Test
    void ceilingsKeepPeopleFromBeingWornOut() {
        ApprovalHouse strict = open(new Limits(2, 3, 1));
        strict.held(1);
        String second = strict.held(2);
        assertEquals("too_many_approvals", word(strict.pays(3)));
        assertEquals("approved", strict.says("ana", second, true));
        assertEquals("hold", word(strict.pays(3)), "one waits less");
        assertEquals("too_many_approved", strict.says("ana", strict.held(3), true));
        strict.persons.put("ana@example.com", new Person("ana@example.com", Set.of("approver"), Set.of()));
        assertEquals("too_many_approved", strict.says("ana@example.com", strict.held(3), true), "she may be ana");
        assertEquals("approved", strict.says("bo", strict.held(3), true));
        assertEquals("too_many_approvals", word(strict.pays(4)), "three were asked this hour");
        strict.now = strict.now.plus(Duration.ofHours(1));
        assertEquals("approved", strict.says("ana", strict.held(4), true));
    }

    @Test
    void whoComesWithATokenOfOneRoleIsThatRoleAndNoMore() throws Exception {
        Answerer approving = new Answerer("ana", Set.of("approver"));
        house.by = List.of("role:admin");
        String ticket = house.held(100);
        assertEquals("not_asked", refused(() -> house.desk().decide(ticket, approving, true, "")));
        assertEquals("not_asked", refused(() -> house.desk().breakGlass(ticket, approving, "site down")));
        assertEquals("approved", house.says("ana", ticket, true), "as the administrator that she is");
        Answerer lost = new Answerer("lea", Set.of("admin"));
        house.persons.put("lea", new Person("lea", Set.of("approver"), Set.of()));
        String other = house.held(200);
        assertEquals("not_asked", refused(() -> house.desk().decide(other, lost, true, "")), "she is none any more");
    }

    /** What was answered as an approver is no answer to a rule that asks administrators. */
    @Test
    void anAnswerCountsAsWhatItWasGivenForGood() throws Exception {
        house.by = List.of("role:approver");
        house.terms = new AskTerms(2, Duration.ofHours(1), Optional.empty(), Optional.empty(), false);
        Approval one = house.desk().decide(house.held(100), new Answerer("ana", Set.of("approver")), true, "");
        for (String role : List.of("approver", "admin")) {
            Approval asked = new Approval(
                    one.ticket(),
                    one.key(),
                    one.asked(),
                    List.of(new Demand("money", "p.yaml:1", "", List.of("role:" + role), AskTerms.USUAL)),
                    one.created(),
                    one.until(),
                    one.state(),
                    one.votes(),
                    one.escalated(),
                    one.breakers(),
                    one.intent(),
                    one.version());
            assertEquals(role.equals("approver"), Eligibility.isSatisfied(asked, house.new Persons()), role);
        }
    }

    private static String refused(Executable act) {
        return assertThrows(NotDecidedException.class, act).code();
    }

    @Test
    void twoAdministratorsBreakTheGlassAndThatIsARecordOfItsOwn() throws Exception {
        house.by = List.of("user:nobody");
        String ticket = house.held(100);
        assertThrows(NotDecidedException.class, () -> house.desk().breakGlass(ticket, house.as("ana"), " "));
        house.desk().breakGlass(ticket, house.as("ana"), "site down");
        assertThrows(NotDecidedException.class, () -> house.desk().breakGlass(ticket, house.as("ana"), "site down"));
        assertEquals("hold", word(house.pays(100)));
        assertTrue(house.desk().breakGlass(ticket, house.as("bo"), "site down").isBrokenGlass());
        assertTrue(house.happened.contains("break_glass " + ticket + " by bo"));
        assertEquals("allow", word(house.pays(100)));
        assertEquals(
                List.of("ana", "bo"),
                house.decisions.getLast().approval().orElseThrow().by());
    }

    @Test
    void whatCannotBeRecordedIsNotAnsweredAndNotUsed() {
        String ticket = house.held(100);
        house.full = true;
        assertEquals("unrecordable", house.says("ana", ticket, true));
        house.full = false;
        house.says("ana", ticket, true);
        house.full = true;
        assertEquals("audit_unavailable", word(house.pays(100)));
        assertEquals("settled", house.happened.get(house.happened.size() - 2), "what was reserved is given back");
        house.full = false;
        assertEquals("allow", word(house.pays(100)));
    }

    @Test
    void whatIsUsedUpStaysUsedIfTheIntentDoesNotFollow() {
        house.says("ana", house.held(100), true);
        house.broken = true;
        assertEquals("audit_unavailable", word(house.pays(100)));
        house.broken = false;
        assertEquals("hold", word(house.pays(100)));
        assertTrue(house.decisions.stream().noneMatch(one -> one.ruling() == Ruling.ALLOW), "nothing ran");
    }

    @Test
    void whoChangedTheRowFirstWins() throws Exception {
        String ticket = house.held(100);
        house.says("ana", ticket, true);
        ApprovalRoom other = house.room(Limits.USUAL);
        other.desk().withdraw(ticket, house.as("ana"), "changed my mind");
        assertEquals("hold", word(house.pays(100)), "another process has withdrawn it");
        assertEquals(State.WITHDRAWN, house.rows.stored(ticket).state());
    }

    @Test
    void whatIsInTheRowsIsThereAfterARestartAndWhatTheRecordEndedStaysEnded() throws Exception {
        String ticket = house.held(100);
        house.says("ana", ticket, true);
        ApprovalRoom again = house.room(Limits.USUAL);
        assertEquals(State.APPROVED, again.desk().show(ticket).orElseThrow().state());
        assertFalse(again.endAgain("approval_approve", ticket), "a record never grants");
        assertTrue(again.endAgain("approval_redeem", ticket));
        assertEquals(State.REDEEMED, house.rows.stored(ticket).state());
        assertFalse(again.endAgain("approval_redeem", ticket));
    }

    @Test
    void whatRunsByAnApprovalIsNotCutOffBecauseItIsUsed() {
        house.says("ana", house.held(100), true);
        Verdict.Allow allow = assertInstanceOf(Verdict.Allow.class, house.pays(100));
        assertEquals(Optional.empty(), house.gate.reconsider(allow.permit()));
        house.terms = new AskTerms(2, Duration.ofHours(1), Optional.empty(), Optional.empty(), false);
        assertEquals(
                "approval_required",
                house.gate.reconsider(allow.permit()).orElseThrow().code());
    }

    @Test
    void ofManyThatComeAtOnceOneUsesIt() throws Exception {
        house.says("ana", house.held(100), true);
        List<String> words = atOnce(8, () -> word(house.pays(100)));
        assertEquals(1, words.stream().filter("allow"::equals).count(), words.toString());
        assertEquals(7, words.stream().filter("hold"::equals).count(), words.toString());
        assertEquals(
                1,
                house.decisions.stream()
                        .filter(one -> one.ruling() == Ruling.ALLOW)
                        .count());
        assertEquals(1, house.desk().list(ApprovalDesk.Filter.PENDING).size(), "the others wait under one ticket");
    }

    @Test
    void ofManyQuestionsThatComeAtOnceNoMoreWaitThanMay() throws Exception {
        for (int round = 0; round < 20; round++) {
            ApprovalHouse strict = open(new Limits(3, 60, 60));
            AtomicLong amounts = new AtomicLong();
            List<String> words = atOnce(12, () -> word(strict.pays(amounts.incrementAndGet())));
            assertEquals(3, words.stream().filter("hold"::equals).count(), words.toString());
            assertEquals(9, words.stream().filter("too_many_approvals"::equals).count(), words.toString());
            assertEquals(3, strict.desk().list(ApprovalDesk.Filter.PENDING).size());
            assertEquals(
                    "approved",
                    strict.says(
                            "ana",
                            strict.decisions.stream()
                                    .filter(one -> one.ruling() == Ruling.HOLD)
                                    .findFirst()
                                    .orElseThrow()
                                    .action()
                                    .id(),
                            true));
            assertEquals("hold", word(strict.pays(100)), "no place was lost");
        }
    }

    @Test
    void aQuestionThatCouldNotBeRecordedTakesNoPlace() {
        ApprovalHouse strict = open(new Limits(1, 60, 60));
        strict.broken = true;
        assertEquals("audit_unavailable", word(strict.pays(1)));
        strict.broken = false;
        assertEquals("hold", word(strict.pays(2)));
    }

    @Test
    void ofTwoWhoAnswerAtOnceBothCountOnce() throws Exception {
        house.terms = new AskTerms(3, Duration.ofHours(1), Optional.empty(), Optional.empty(), false);
        String ticket = house.held(100);
        List<Callable<String>> both = List.of(
                () -> house.says("ana", ticket, true),
                () -> house.says("ana", ticket, true),
                () -> house.says("bo", ticket, true));
        List<String> said = atOnce(both);
        assertEquals(2, said.stream().filter("pending"::equals).count(), said.toString());
        assertEquals(1, said.stream().filter("decided_already"::equals).count(), said.toString());
        assertEquals(2, house.desk().show(ticket).orElseThrow().votes().size());
    }

    private static List<String> atOnce(int times, Callable<String> what) throws Exception {
        List<Callable<String>> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            all.add(what);
        }
        return atOnce(all);
    }

    private static List<String> atOnce(List<Callable<String>> all) throws Exception {
        CyclicBarrier start = new CyclicBarrier(all.size());
        try (ExecutorService threads = Executors.newFixedThreadPool(all.size())) {
            List<Future<String>> answers = new ArrayList<>();
            for (Callable<String> one : all) {
                answers.add(threads.submit(() -> {
                    start.await();
                    return one.call();
                }));
            }
            List<String> words = new ArrayList<>();
            for (Future<String> answer : answers) {
                words.add(answer.get());
            }
            return words;
        }
    }
}
