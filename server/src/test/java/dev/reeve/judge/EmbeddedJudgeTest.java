package dev.reeve.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.action.Access;
import dev.reeve.action.Action;
import dev.reeve.action.Attempt;
import dev.reeve.action.Operation;
import dev.reeve.audit.AuditReader;
import dev.reeve.gate.Facts;
import dev.reeve.gate.Journal;
import dev.reeve.gate.Opinion;
import dev.reeve.gate.Opinion.Level;
import dev.reeve.gate.Recording;
import dev.reeve.identity.Principal;
import dev.reeve.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge that needs nobody: what counts is listed, and what is usual calms it. */
final class EmbeddedJudgeTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    private static final String PAGE = page();

    private History history;
    private Journal journal;

    @BeforeEach
    void open(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("ledger"));
        history = new History(new AuditReader(folder.resolve("ledger")), Runnable::run, incident -> {});
        journal = history.learning(new Journal() {
            @Override
            public String decided(Decision decision) {
                return decision.action().id();
            }

            @Override
            public void completed(Completion completion) {}
        });
        // Nothing is learnt before somebody asks.
        history.habits(java.time.Duration.ZERO);
    }

    private static Facts facts(String verb, String name, Set<String> tags, Set<String> read, Instant when) {
        return new Facts(List.of(new Access(List.of(name), verb, tags)), Set.of(), read, when, false);
    }

    private static Action action(String tool, String argument) {
        Principal principal = new Principal(
                "default", "bot", "bot-1", Optional.empty(), List.of(), Set.of(), Optional.empty(), Map.of());
        Operation call = new Operation.ToolCall(
                "up", tool, Json.object().put("sql", argument).build());
        return Action.of(
                "rv_1", NOON, new Attempt(principal, 0, call, "s", "test", Optional.empty()), call, Optional.empty());
    }

    private void did(int times, Action action, Facts facts) throws Exception {
        for (int i = 0; i < times; i++) {
            journal.decided(new Journal.Decision(
                    attempt(action),
                    action,
                    "v",
                    Optional.of(facts),
                    List.of(),
                    Journal.Ruling.ALLOW,
                    Optional.empty(),
                    Recording.USUAL));
        }
    }

    private static Attempt attempt(Action action) {
        return new Attempt(action.principal(), 0, action.operation(), "s", "test", Optional.empty());
    }

    private Opinion.Given ask(Action action, Facts facts) {
        Opinion.Given given = new EmbeddedJudge(history).ask(action, facts);
        given.features().stream()
                .filter(feature -> feature.points() != 0)
                .forEach(feature -> assertTrue(
                        PAGE.contains("| `" + feature.name() + "` | " + feature.points() + " |"),
                        () -> "docs/soft-guardrails.md has another weight than " + feature));
        return given;
    }

    private static String page() {
        try {
            return Files.readString(Path.of("../docs/soft-guardrails.md"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Set<String> set(String words) {
        return words == null ? Set.of() : Set.of(words.split(" ", -1));
    }

    @ParameterizedTest
    @CsvSource({
        "read, crm, , , MEDIUM, new_tool new_resource",
        "read, crm, pii, , MEDIUM, data_class new_tool new_resource",
        "delete, crm, , , HIGH, deletes new_tool new_resource",
        "create, mail:bob@example.com, , , HIGH, creates leaves_the_house new_tool new_resource",
        "create, mail:bob@example.com, , pii, HIGH, creates leaves_the_house carries_out new_tool new_resource",
        "update, crm, , injection, HIGH, changes injection_signs new_tool new_resource",
    })
    void whatIsNewIsJudgedByWhatItIs(String verb, String name, String tags, String read, Level level, String features) {
        Opinion.Given given = ask(action("t", "x"), facts(verb, name, set(tags), set(read), NOON));
        assertEquals(
                features,
                String.join(
                        " ",
                        given.features().stream()
                                .filter(feature -> feature.points() != 0)
                                .map(Opinion.Feature::name)
                                .toList()));
        assertEquals(level, given.level(), given.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "read, crm, pii, , LOW",
        "delete, crm, , , LOW",
        "create, mail:bob@example.com, , , LOW",
        "create, mail:bob@example.com, , pii, MEDIUM"
    })
    void whatIsUsualIsJudgedMilder(String verb, String name, String tags, String read, Level level) throws Exception {
        Facts facts = facts(verb, name, set(tags), set(read), NOON);
        for (int minute = 1; minute <= 60; minute++) {
            did(1, action("t", "x"), facts(verb, name, set(tags), set(read), NOON.minusSeconds(60L * minute)));
        }
        assertEquals(level, ask(action("t", "y"), facts).level());
    }

    @Test
    void anUnusualHourAndAnUnusualVolumeCount() throws Exception {
        Action call = action("t", "x");
        for (int minute = 0; minute < 25; minute++) {
            did(10, call, facts("read", "crm", Set.of(), Set.of(), NOON.plusSeconds(60L * minute)));
        }
        Instant night = NOON.plusSeconds(12 * 3_600);
        assertTrue(names(ask(call, facts("read", "crm", Set.of(), Set.of(), night)))
                .contains("unusual_hour"));
        did(31, call, facts("read", "crm", Set.of(), Set.of(), night));
        assertTrue(names(ask(call, facts("read", "crm", Set.of(), Set.of(), night)))
                .contains("unusual_volume"));
    }

    private static List<String> names(Opinion.Given given) {
        return given.features().stream().map(Opinion.Feature::name).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "read | crm | select * from customers | a narrower query",
                "query | crm | SELECT name FROM customers | a narrower query",
                "read | crm | select name from customers where id = 1 | ",
                "delete | crm | x | ask whoever gave the task",
                "create | model:big | which day is it? | a smaller model",
                "create | mail | Dear {{name}}, welcome | still has a placeholder",
                "create | mail | Dear [your name here] | still has a placeholder",
                "create | mail | Total: TBD | still has a placeholder",
                "create | mail | todos los dias, <b>your</b> friend | ask whoever gave the task",
                "create | tasks | todo | ask whoever gave the task",
                "create | mail | Gracias por todo | ask whoever gave the task",
                "create | mail | price: TODO | still has a placeholder",
                "read | notes | TODO | ",
                "update | crm | UPDATE customers SET vip = 1 | every row",
                "delete | crm | delete from customers | every row",
                "update | crm | update customers set vip = 1 where id = 3 | ask whoever gave the task",
            })
    void suggestionsSayWhatCouldBeDoneInstead(String verb, String name, String sql, String begin) {
        String suggestion = ask(action("t", sql), facts(verb, name, Set.of(), Set.of(), NOON))
                .suggestion();
        assertTrue(begin == null ? suggestion.isEmpty() : suggestion.contains(begin), suggestion);
    }

    @Test
    void aLongQuestionIsForALargeModel() {
        Action call = action("t", "why? ".repeat(200));
        String suggestion = ask(call, facts("create", "model:big", Set.of(), Set.of(), NOON))
                .suggestion();
        assertFalse(suggestion.contains("smaller model"), suggestion);
    }

    @Test
    void theSameQuestionAgainIsAnswered() throws Exception {
        Action call = action("t", "select name from c where id = 1");
        did(1, call, facts("read", "crm", Set.of(), Set.of(), NOON));
        assertEquals(
                "the same was asked 30 s ago: use that answer",
                ask(call, facts("read", "crm", Set.of(), Set.of(), NOON.plusSeconds(30)))
                        .suggestion());
        assertEquals(
                "",
                ask(call, facts("read", "crm", Set.of(), Set.of(), NOON.plusSeconds(601)))
                        .suggestion());
    }

    @Test
    void theWarningNamesNoPoints() {
        String warning = ask(action("t", "x"), facts("delete", "crm", Set.of(), Set.of(), NOON))
                .warning();
        assertEquals("it deletes something; this agent never used this tool", warning);
    }
}
