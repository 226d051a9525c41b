package dev.reeve.grant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.approval.Answerer;
import dev.reeve.approval.NotDecidedException;
import dev.reeve.approval.People;
import dev.reeve.approval.Person;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.policy.Glob;
import dev.reeve.policy.Offer;
import dev.reeve.policy.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GrantDeskTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final MemoryGrants rows = new MemoryGrants();
    private final List<String> acts = new ArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    private Instant now = Instant.parse("2026-11-26T10:00:00Z");
    private boolean full;

    @SuppressWarnings("NullAway.Init")
    private GrantDesk desk;

    @BeforeEach
    void open() throws UnrecordableException {
        desk = new GrantDesk(
                rows,
                this::act,
                new Persons(),
                () -> new GateClock.Reading(now, false),
                () -> "g_" + ids.incrementAndGet());
        desk.onChange(changes::incrementAndGet);
    }

    private void act(String person, String act, String subject, Json.Obj difference) throws UnrecordableException {
        if (full) {
            throw new UnrecordableException("the disk is full");
        }
        acts.add(act + " " + subject + " by " + person);
    }

    /** Whose tokens ended. */
    private final Set<String> gone = new HashSet<>();

    private final class Persons implements People {
        @Override
        public Optional<Person> person(String name) {
            return gone.contains(name) ? Optional.empty() : known(name);
        }

        private static Optional<Person> known(String name) {
            return switch (name) {
                case "ana", "bo", "olga" -> Optional.of(new Person(name, Set.of("admin", "approver"), Set.of()));
                case "lea" -> Optional.of(new Person(name, Set.of("approver"), Set.of("leads")));
                default -> Optional.empty();
            };
        }

        @Override
        public boolean several() {
            return true;
        }
    }

    private static Answerer as(String person) {
        return new Answerer(person, Set.of("admin", "approver"));
    }

    private static Offer offer(int quorum, String... by) {
        return new Offer(
                "refunds",
                Place.BUILT_IN,
                List.of(Glob.of("support-*")),
                List.of(by),
                HOUR,
                quorum,
                Set.of("create"),
                List.of("create on money"),
                "terms");
    }

    private static Wish wish(String agent, Optional<String> user, Duration length) {
        return new Wish(
                new Recipient("default", agent, Optional.empty(), user, Optional.empty()),
                Optional.of("olga"),
                length,
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Json.Obj.EMPTY);
    }

    /** The state, or the code of the refusal. */
    private String gives(Offer offer, Wish wish, String person) {
        try {
            return desk.give(offer, wish, as(person), "ticket 4711").state().wire();
        } catch (NotDecidedException e) {
            return e.code();
        }
    }

    private String gives(String person, String... by) {
        return gives(offer(1, by), wish("support-1", Optional.empty(), HOUR), person);
    }

    private static Principal principal(String agent, String instance, Optional<String> user) {
        return new Principal("default", agent, instance, user, List.of(), Set.of(), Optional.of("olga"), Map.of());
    }

    private int has(String agent, Optional<String> user) {
        return desk.of(principal(agent, "k_1", user), now).size();
    }

    private int has() {
        return has("support-1", Optional.empty());
    }

    private String revokes(String id, String person) {
        try {
            return desk.revoke(id, as(person), "done").state().wire();
        } catch (NotDecidedException e) {
            return e.code();
        }
    }

    @Test
    void itIsGivenToThisAgentForThisLong() {
        assertEquals("given", gives("ana"));
        assertEquals(List.of("grant_give g_1 by ana"), acts);
        assertEquals(1, has());
        assertEquals(0, has("support-2", Optional.empty()));
        now = now.plus(HOUR).minusNanos(1);
        assertEquals(1, has());
        now = now.plusNanos(1);
        assertEquals(0, has(), "R7");
    }

    @Test
    void onlyThoseWhomThePolicyNamesGive() {
        assertEquals("not_asked", gives("lea"), "administrators, where nobody is named");
        assertEquals("given", gives("lea", "group:leads"));
        assertEquals("not_asked", gives("ana", "group:leads"));
        assertEquals("no_person", gives("eve", "user:eve"));
    }

    @Test
    void nobodyGivesToThemselves() {
        assertEquals("not_asked", gives("olga"), "the owner");
        assertEquals("given", gives("olga", "owner"), "named by the policy");
        Wish forAna = wish("support-1", Optional.of("ana"), HOUR);
        assertEquals("not_asked", gives(offer(1, "user:ana"), forAna, "ana"), "it would act for her");
        assertEquals("given", gives(offer(1), forAna, "bo"));
        assertEquals(2, has("support-1", Optional.of("ana")), "for everybody and for her");
        assertEquals(1, has("support-1", Optional.of("cy")), "what is given for one user is for no other");
    }

    @Test
    void nothingWiderOrLongerThanThePolicySays() {
        assertEquals("not_grantable", gives(offer(1), wish("clerk", Optional.empty(), HOUR), "ana"));
        Wish tooLong = wish("support-1", Optional.empty(), HOUR.plusSeconds(1));
        assertEquals("invalid", gives(offer(1), tooLong, "ana"));
        Wish tooShort = wish("support-1", Optional.empty(), Duration.ofSeconds(59));
        assertEquals("invalid", gives(offer(1), tooShort, "ana"));
        Wish unknown = new Wish(
                tooShort.to(),
                Optional.empty(),
                HOUR,
                Optional.empty(),
                Optional.empty(),
                Set.of("fly"),
                Json.Obj.EMPTY);
        assertEquals("invalid", gives(offer(1), unknown, "ana"));
        assertEquals(List.of(), acts);
    }

    @Test
    void severalAgreeWhereThePolicyWantsThat() throws Exception {
        assertEquals("proposed", gives(offer(2), wish("support-1", Optional.empty(), HOUR), "ana"));
        assertEquals(0, has());
        assertEquals("decided_already", agrees("ana"));
        assertEquals("not_asked", agrees("olga"));
        now = now.plus(Duration.ofMinutes(30));
        assertEquals("given", agrees("bo"));
        assertEquals(now.plus(HOUR), desk.show("g_1").orElseThrow().until(), "from the last yes on");
        assertEquals(
                List.of("ana", "bo"),
                desk.of(principal("support-1", "k_1", Optional.empty()), now)
                        .getFirst()
                        .by());
        assertEquals("not_open", agrees("bo"));
    }

    @Test
    void whoseTokenEndedCountsNoMoreThoughTheyProposedIt() {
        assertEquals(
                "proposed",
                gives(offer(2, "user:ana", "user:bo", "user:lea"), wish("support-1", Optional.empty(), HOUR), "ana"));
        gone.add("ana");
        assertEquals("proposed", agrees("bo"));
        assertEquals(0, has());
        assertEquals("given", agrees("lea"));
    }

    private String agrees(String person) {
        try {
            return desk.agree("g_1", as(person), "seen").state().wire();
        } catch (NotDecidedException e) {
            return e.code();
        }
    }

    @Test
    void whatNobodyAgreesToLapses() throws Exception {
        assertEquals("proposed", gives(offer(2), wish("support-1", Optional.empty(), HOUR), "ana"));
        now = now.plus(HOUR);
        assertEquals("not_open", agrees("bo"));
        desk.tick();
        assertEquals("grant_end g_1 by reeve", acts.getLast());
    }

    @Test
    void whatIsTakenBackCountsNoMoreThoughTheRecordIsDown() throws Exception {
        assertEquals("given", gives("ana"));
        full = true;
        assertEquals("revoked", revokes("g_1", "bo"));
        assertEquals(0, has(), "R14");
        assertTrue(desk.isBusy());
        assertEquals("unrecordable", gives("ana"), "what narrows is recorded first");
        full = false;
        rows.broken = true;
        assertEquals("unrecordable", gives("ana"));
        rows.broken = false;
        desk.tick();
        assertEquals(List.of("grant_give g_1 by ana", "grant_revoke g_1 by bo"), acts, "recorded once");
        assertEquals(Grant.State.REVOKED, rows.grants().getFirst().state());
        assertTrue(!desk.isBusy());
        assertEquals("not_open", revokes("g_1", "bo"));
    }

    @Test
    void whoGaveItAndAdministratorsTakeItBack() {
        assertEquals("given", gives("lea", "group:leads"));
        assertEquals("given", gives("ana"));
        assertEquals("not_asked", revokes("g_2", "lea"));
        assertEquals("revoked", revokes("g_1", "lea"));
        assertEquals("no_person", revokes("g_2", "eve"));
        assertEquals("revoked", revokes("g_2", "bo"));
    }

    @Test
    void nothingIsGivenThatCannotBeRecorded() {
        full = true;
        assertEquals("unrecordable", gives("ana"));
        assertEquals(0, has());
        assertEquals(List.of(), rows.grants());
    }

    @Test
    void itOutlivesTheProcessAndWhatTheRecordEndedStaysEnded() throws Exception {
        assertEquals("given", gives("ana"));
        open();
        assertEquals(1, has());
        assertTrue(desk.endAgain("grant_revoke", "g_1"));
        assertEquals(0, has());
        assertTrue(!desk.endAgain("grant_end", "g_1"));
        assertTrue(!desk.endAgain("grant_give", "g_1"), "a record never grants");
        open();
        assertEquals(0, has());
    }

    @Test
    void timeEndsItInTheRecordAndForgetsIt() throws Exception {
        assertEquals("given", gives("ana"));
        now = now.plus(HOUR);
        int before = changes.get();
        desk.tick();
        assertEquals("grant_end g_1 by reeve", acts.getLast());
        assertTrue(changes.get() > before, "what runs by it is decided again");
        desk.tick();
        assertEquals(2, acts.size(), "once");
        now = now.plus(Duration.ofDays(8));
        desk.tick();
        assertEquals(List.of(), rows.grants());
        assertEquals(Optional.empty(), desk.show("g_1"));
    }

    @Test
    void oneKeyOfTheAgentMayBeNamed() throws Exception {
        Wish one = new Wish(
                new Recipient("default", "support-1", Optional.of("k_7"), Optional.empty(), Optional.empty()),
                Optional.empty(),
                HOUR,
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                Json.Obj.EMPTY);
        assertEquals("given", gives(offer(1), one, "ana"));
        assertEquals(0, has());
        assertEquals(
                1, desk.of(principal("support-1", "k_7", Optional.empty()), now).size());
    }

    @Test
    void anAgentHasOnlySoMany() {
        for (int i = 0; i < GrantDesk.MOST_OF_AGENT; i++) {
            assertEquals("given", gives("ana"));
        }
        assertEquals("too_many_grants", gives("ana"));
        assertEquals("given", gives(offer(1), wish("support-2", Optional.empty(), HOUR), "ana"));
    }
}
