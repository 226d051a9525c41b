package dev.reeve.policy;

import static dev.reeve.policy.Written.args;
import static dev.reeve.policy.Written.call;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.approval.Answerer;
import dev.reeve.approval.NotDecidedException;
import dev.reeve.approval.People;
import dev.reeve.approval.Person;
import dev.reeve.gate.Admissions.Admission;
import dev.reeve.gate.Approvals;
import dev.reeve.gate.Denial;
import dev.reeve.gate.Effect;
import dev.reeve.gate.Gate;
import dev.reeve.gate.GateClock;
import dev.reeve.gate.Grants;
import dev.reeve.gate.Judges;
import dev.reeve.gate.Permit;
import dev.reeve.gate.Release;
import dev.reeve.gate.Reservations;
import dev.reeve.gate.Stops;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.gate.Verdict;
import dev.reeve.gate.Voices;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.policy.Guardrail.Response;
import dev.reeve.policy.Guardrail.Where;
import dev.reeve.record.Draft;
import dev.reeve.record.Records;
import dev.reeve.token.Token;
import dev.reeve.token.TokenBook;
import dev.reeve.token.TokenDesk;
import dev.reeve.token.TokenRows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Values that agents get as tokens, through the whole gate: what is released, restored, sent, recorded and shown to people. */
final class TokensTest {
    private static final String MAIL = "grete.holm@holm.example";
    private static final Pattern TOKEN = Pattern.compile("\\[email:t_[0-9a-z]{26}\\]");

    private final Written written = new Written()
            .rule(PolicySource.Effect.ALLOW, Written.resource("mail:*@holm.example", ""), "", false)
            .rule(PolicySource.Effect.ALLOW, Written.resource("crm", ""), "", false)
            .rule(PolicySource.Effect.ALLOW, Written.resource("notes", ""), "", false)
            .maps("up.get", "crm", "read")
            .maps("up.note", "notes", "write")
            .mapsRestoring("up.mail", "mail:{arguments.to}", "create", "to", "email")
            .guarding(tokens("owner", "email", "phone"));
    private final Map<String, Token> rows = new LinkedHashMap<>();
    private final Remembering remembering = new Remembering();
    private final List<String> acts = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private boolean doubtful;
    private boolean full;
    private int ids;
    private TokenBook book = book();

    private static Guardrail tokens(String by, String... find) {
        return guardrail(Where.RESULT, Optional.of(Duration.ofHours(1)), by, find);
    }

    private static Guardrail guardrail(Where in, Optional<Duration> tokens, String by, String... find) {
        return new Guardrail.Content(
                new Guardrail.Common("g", Optional.empty(), "", false, Written.HERE),
                List.of(find),
                in,
                Response.REDACT,
                List.of(by),
                tokens);
    }

    private final class Rows implements TokenRows {
        @Override
        public List<Token> tokens() {
            return List.copyOf(rows.values());
        }

        @Override
        public void put(Collection<Token> tokens) throws UnrecordableException {
            if (full) {
                throw new UnrecordableException("the disk is full");
            }
            tokens.forEach(token -> rows.put(token.id(), token));
        }

        @Override
        public void remove(Collection<Token> tokens) {
            tokens.forEach(token -> rows.remove(token.id()));
        }
    }

    /** Another one over the same rows, as after a restart. */
    private TokenBook book() {
        try {
            return new TokenBook(
                    new Rows(),
                    this::time,
                    () -> "t_%026d".formatted(++ids),
                    text -> text.contains("knownsecret"),
                    digest -> "keyed:" + digest);
        } catch (UnrecordableException e) {
            throw new AssertionError(e);
        }
    }

    private GateClock.Reading time() {
        return new GateClock.Reading(now, doubtful);
    }

    private Gate gate() {
        return gate(written);
    }

    private Gate gate(Written by) {
        return gate(by, Approvals.NOBODY);
    }

    /** One that keeps what it would ask of people. */
    private Gate asking(List<Approvals.Question> asked) {
        return gate(written, new Approvals() {
            @Override
            public Standing standing(Question question) {
                return new Standing.Unasked();
            }

            @Override
            public boolean redeem(String ticket, Question question) {
                return false;
            }

            @Override
            public String open(String ticket, Question question) {
                asked.add(question);
                return ticket;
            }
        });
    }

    private Gate gate(Written by, Approvals approvals) {
        CompiledPolicy policy = by.compiled();
        return new Gate(
                () -> policy,
                operation -> new Admission.Admitted(operation, Optional.empty()),
                (principal, epoch) -> true,
                remembering,
                (action, facts) -> new Reservations.Reserved.Taken(effect -> {}),
                remembering,
                () -> "rv_1",
                this::time,
                Duration.ofSeconds(1),
                List.of(),
                new Voices(Stops.NONE, approvals, Judges.NONE, Grants.NONE, book));
    }

    private static Principal instance(String id, String... user) {
        return new Principal(
                "default",
                "clerk",
                id,
                List.of(user).stream().findFirst(),
                List.of(),
                Set.of(),
                Optional.of("olga"),
                Map.of());
    }

    private Verdict decide(Principal who, Operation operation) {
        return gate().decide(new Attempt(who, 0, operation, "s", "test", Optional.empty()));
    }

    private Permit allowed(Principal who, Operation operation) {
        return switch (decide(who, operation)) {
            case Verdict.Allow(Permit permit) -> permit;
            case Verdict.Deny deny -> throw new AssertionError(deny.denial());
            case Verdict.Hold hold -> throw new AssertionError(hold.why());
        };
    }

    private String denied(Principal who, Operation operation) {
        return decide(who, operation) instanceof Verdict.Deny deny
                ? deny.denial().code()
                : "not denied";
    }

    private String answer(Principal who, Operation operation, String text) {
        Permit permit = allowed(who, operation);
        Json.Obj result = Json.object().put("text", text).build();
        Release release = gate().release(permit, new Effect.Answered(result, false), Duration.ZERO);
        return switch (release) {
            case Release.Result passed -> passed.result().string("text").orElseThrow();
            case Release.UpstreamError error -> error.message();
            case Release.Withheld withheld -> withheld.denial().code();
        };
    }

    private String reads(Principal who, String text) {
        return answer(who, call("up.get", args("id", "1")), text);
    }

    private static String token(String text) {
        Matcher matcher = TOKEN.matcher(text);
        assertTrue(matcher.find(), text);
        return matcher.group();
    }

    private static Operation mail(String to, String body) {
        return call("up.mail", args("to", to).with("body", new Json.Str(body)));
    }

    private String recorded() {
        Draft draft = Records.decided(remembering.decided.getLast());
        StringBuilder all = new StringBuilder(JsonWriter.text(draft.body()));
        draft.hidden().values().forEach(value -> all.append(JsonWriter.text(value)));
        return all.toString();
    }

    @Test
    void theSameValueIsTheSameTokenForOneInstanceAndAnotherForAnybodyElse() {
        Principal one = instance("k_1");
        String first = reads(one, "write to " + MAIL + " and " + MAIL);
        assertFalse(first.contains(MAIL));
        assertEquals("write to " + token(first) + " and " + token(first), first);
        assertEquals(token(first), token(reads(one, "again " + MAIL)));
        assertNotEquals(token(first), token(reads(one, "other.person@holm.example")));
        assertNotEquals(token(first), token(reads(instance("k_2"), MAIL)));
        assertNotEquals(token(first), token(reads(instance("k_1", "bob"), MAIL)));
        assertEquals(Set.of(), remembering.read, "what was taken out was not received");
    }

    @Test
    void aToolThatMayHaveItGetsTheValueAndTheRecordTheToken() {
        Principal one = instance("k_1");
        String token = token(reads(one, MAIL));
        Permit permit = allowed(one, mail(token, "hello " + token));
        assertEquals(
                args("to", MAIL).with("body", new Json.Str("hello " + token)),
                permit.action().operation().arguments(),
                "only where the catalogue says so");
        String record = recorded();
        assertFalse(record.contains("holm"), record);
        assertTrue(record.contains("\"restored\":[\"t_"), record);
        assertTrue(record.contains("mail:" + token), record);
        assertNotEquals(
                remembering.decided.getLast().action().digest(), permit.action().digest());
        assertTrue(
                record.contains("keyed:" + permit.action().digest()),
                "whoever reads it must not try values against it");
    }

    @Test
    void whatIsDecidedLaterTellsNothingOfItEither() {
        Principal one = instance("k_1");
        String token = token(reads(one, MAIL));
        Permit permit = allowed(one, mail(token, ""));
        Written later = new Written()
                .rule(PolicySource.Effect.ALLOW, Written.resource("mail:*@other.example", ""), "", false)
                .mapsRestoring("up.mail", "mail:{arguments.to}", "create", "to", "email");
        Denial why = gate(later).reconsider(permit).orElseThrow();
        assertTrue(why.reason().contains(token), why.reason());
        assertFalse(why.toString().contains("holm"), why.toString());
    }

    @Test
    void whatPeopleAllowIsBoundToWhatIsSentAndNotToHowItLooks() {
        Principal one = instance("k_1");
        String token = token(reads(one, MAIL));
        List<Approvals.Question> asked = new ArrayList<>();
        written.rule(PolicySource.Effect.REQUIRE_APPROVAL, Written.resource("mail:*", ""), "", false);
        for (String body : List.of(token, MAIL, token)) {
            asking(asked).decide(new Attempt(one, 0, mail(token, body), "s", "test", Optional.empty()));
        }
        List<String> keys = asked.stream()
                .map(Approvals.Question::sent)
                .map(Optional::orElseThrow)
                .toList();
        assertEquals(asked.get(0).action().operation(), asked.get(1).action().operation(), "they look alike");
        assertNotEquals(keys.get(0), keys.get(1));
        assertEquals(keys.get(0), keys.get(2));
    }

    @Test
    void theRulesDecideOnTheValueAndTellNothingOfIt() {
        Principal one = instance("k_1");
        String outside = token(reads(one, "eve@collector.example"));
        Verdict verdict = decide(one, mail(outside, "x"));
        assertTrue(verdict instanceof Verdict.Deny, "the rule allows holm.example only");
        assertFalse(verdict.toString().contains("collector"), verdict.toString());
        assertFalse(recorded().contains("collector"), recorded());
    }

    @Test
    void aTokenOfSomebodyElseAForgedOneAndAnExpiredOneAreTheSame() {
        Principal one = instance("k_1");
        String token = token(reads(one, MAIL));
        assertEquals("token_unknown", denied(instance("k_2"), mail(token, "")));
        assertEquals("token_unknown", denied(instance("k_1", "bob"), mail(token, "")));
        assertEquals("token_unknown", denied(one, mail("[email:t_" + "z".repeat(26) + "]", "")));
        allowed(one, mail(token, ""));
        doubtful = true;
        assertEquals("token_unknown", denied(one, mail(token, "")));
        doubtful = false;
        now = now.plus(Duration.ofHours(1));
        assertEquals("token_unknown", denied(one, mail(token, "")));
    }

    @Test
    void whatWasPutInComesBackAsTheSameTokenWhateverGuardrailsSay() {
        Principal one = instance("k_1");
        String token = token(reads(one, MAIL));
        Operation mail = mail(token, "");
        written.guarding();
        assertEquals("sent to " + token, answer(one, mail, "sent to " + MAIL));
        assertEquals("sent to " + token, answer(one, mail, "sent to Grete.Holm@HOLM.example"));
        assertEquals("?to=" + token, answer(one, mail, "?to=grete.holm%40holm.example"));
        book = book();
        assertEquals("kept: " + token, answer(one, call("up.note", args("text", "x")), "kept: " + MAIL));
        assertEquals(MAIL, reads(instance("k_2"), MAIL), "who never had the token sees what the policy shows");
    }

    @Test
    void aTaskIsDecidedAsTheCallThatBeganIt() {
        Principal one = instance("k_1");
        Operation.ToolCall begun = (Operation.ToolCall) mail(token(reads(one, MAIL)), "");
        Operation asked = new Operation.Task("theirs", Operation.Task.Does.GET, begun, Optional.empty());
        assertEquals("done: " + token(begun.arguments().toString()), answer(one, asked, "done: " + MAIL));
        assertFalse(recorded().contains("holm"), recorded());
        assertEquals("token_unknown", denied(instance("k_2"), asked));
    }

    @Test
    void aTaskWhoseTokensHaveExpiredCanStillBeEnded() {
        Principal one = instance("k_1");
        Operation.ToolCall begun = (Operation.ToolCall) mail(token(reads(one, MAIL)), "");
        now = now.plus(Duration.ofHours(1));
        assertEquals(
                "token_unknown",
                denied(one, new Operation.Task("theirs", Operation.Task.Does.GET, begun, Optional.empty())));
        Operation end = new Operation.Task("theirs", Operation.Task.Does.CANCEL, begun, Optional.empty());
        assertEquals("ended", answer(one, end, "ended"));
        doubtful = true;
        assertEquals("ended", answer(one, end, "ended"));
    }

    @Test
    void whatComesBeyondTheLimitsIsAPlaceholderOrDenied() {
        Principal one = instance("k_1");
        StringBuilder many = new StringBuilder();
        for (int i = 0; i <= 100; i++) {
            many.append(reads(one, "grete%d@holm.example".formatted(i))).append(' ');
        }
        assertEquals("token_unknown", denied(one, mail(many.toString(), "")), "at most 100 in one call");
        for (int i = 0; i < 5_000; i++) {
            book.exchange(instance("k_2"))
                    .token("email", "kim%d@holm.example".formatted(i), List.of(), Duration.ofHours(1));
        }
        assertEquals("[email]", reads(instance("k_2"), MAIL), "at most 5,000 of one instance");
        assertTrue(TOKEN.matcher(reads(instance("k_3"), MAIL)).find(), "others have their own room");
        String longest = "a".repeat(64) + "@" + ("b".repeat(60) + ".").repeat(8) + "example";
        assertFalse(TOKEN.matcher(reads(one, longest)).find(), "longer values get none");
    }

    @Test
    void aServerDoesNotAskTheClientWithTheValue() {
        Principal one = instance("k_1");
        allowed(one, mail(token(reads(one, MAIL)), ""));
        Operation asked = new Operation.Question(
                "up",
                Operation.Asks.FORM,
                Json.object().put("message", "send to " + MAIL + "?").build());
        assertEquals("content_denied", denied(one, asked));
    }

    @Test
    void noAnswerGoesOutWhoseTokensAreNotKept() {
        full = true;
        assertEquals("audit_unavailable", reads(instance("k_1"), MAIL));
        assertEquals(Map.of(), rows);
    }

    @Test
    void nothingGoesOutIfItCannotBeKeptThatItMustComeBackAsAToken() {
        Principal one = instance("k_1");
        String token = token(reads(one, MAIL));
        full = true;
        assertEquals("audit_unavailable", denied(one, mail(token, "")));
    }

    @Test
    void secretsAndWhatLiesInThemGetNoToken() {
        Principal one = instance("k_1");
        String login = reads(one, "postgres://admin:hunter2-secret@db.holm.example/x");
        assertFalse(TOKEN.matcher(login).find(), login);
        assertEquals("[email]", reads(one, "knownsecret@holm.example"));
        assertEquals(List.of(), List.copyOf(rows.values()));
    }

    @Test
    void tokensAreForPersonalDataInResultsOnly() {
        written.guarding(tokens("owner", "secrets"));
        assertTrue(written.errors().contains("only personal data"), written.errors());
        written.guarding(guardrail(Where.BOTH, Optional.of(Duration.ofHours(1)), "owner", "email"));
        assertTrue(written.errors().contains("not of what it sends"), written.errors());
    }

    @Test
    void aGuardrailThatTakesOutForGoodIsStronger() {
        written.guarding(tokens("owner", "email"), guardrail(Where.RESULT, Optional.empty(), "owner", "email"));
        assertEquals("[email]", reads(instance("k_1"), MAIL));
    }

    @Test
    void tokensThatExpiredAreWiped() throws UnrecordableException {
        reads(instance("k_1"), MAIL);
        TokenDesk desk = desk();
        desk.tick();
        assertEquals(1, rows.size());
        now = now.plus(Duration.ofHours(1));
        assertEquals(List.of(), desk.list(Optional.empty(), 10));
        now = now.plus(Duration.ofMinutes(10));
        desk.tick();
        assertEquals(0, rows.size());
        assertEquals(0, desk.size());
    }

    private TokenDesk desk() {
        People people = new People() {
            @Override
            public Optional<Person> person(String name) {
                return Optional.of(new Person(name, Set.of("admin"), Set.of()));
            }

            @Override
            public boolean several() {
                return true;
            }
        };
        return new TokenDesk(
                book,
                (person, act, subject, difference) -> acts.add(person + " " + act + " " + subject + difference),
                people,
                this::time);
    }

    private static Answerer as(String person) {
        return new Answerer(person, Set.of("admin", "approver"));
    }

    @Test
    void whoTheGuardrailNamesTurnsItBackAndItIsRecorded() throws NotDecidedException {
        String token = token(reads(instance("k_1"), MAIL));
        TokenDesk desk = desk();
        NotDecidedException refused =
                assertThrows(NotDecidedException.class, () -> desk.reveal(token, as("ana"), "curious"));
        assertEquals("not_for_you", refused.code());
        assertThrows(NotDecidedException.class, () -> desk.reveal(token, as("olga"), " "));
        assertThrows(NotDecidedException.class, () -> desk.reveal("[email:t_" + "z".repeat(26) + "]", as("olga"), "x"));
        assertEquals(List.of(), acts);
        Token shown = desk.reveal(token, as("olga"), "ticket 1");
        assertEquals(MAIL, shown.value().exposed());
        assertEquals(1, acts.size());
        assertTrue(acts.getFirst().contains("olga token_revealed t_"), acts.getFirst());
        assertFalse(acts.getFirst().contains("holm") || shown.toString().contains("holm"), acts.getFirst());
    }
}
