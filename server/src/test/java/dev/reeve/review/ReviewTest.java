package dev.reeve.review;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import dev.reeve.review.Review.Range;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each check on a made-up ledger that has what it looks for, and on one that nearly has it. */
final class ReviewTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** @param expected what must be found; nothing else may be */
    record Case(String what, List<String> expected, Consumer<Book> writes) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Case finds(String what, String expected, Consumer<Book> writes) {
        return new Case(what, List.of(expected), writes);
    }

    private static Case findsNothing(String what, Consumer<Book> writes) {
        return new Case(what, List.of(), writes);
    }

    static Stream<Case> cases() {
        return Stream.of(outcomes(), volumes(), endings(), probing(), approvals(), marks())
                .flatMap(List::stream);
    }

    private static List<Case> outcomes() {
        return List.of(
                findsNothing("a day's work", book -> book.done("ann", "pay.out", "create", "payments")),
                finds("an outcome of nothing", "high no-intent ann", book -> book.ended("rv_x", "ann", "success")),
                finds(
                        "an outcome told twice",
                        "high no-intent ann",
                        book -> book.ended(book.done("ann", "pay.out", "create", "payments"), "ann", "success")),
                finds(
                        "a write of which nobody knows",
                        "high unknown-outcome ann pay.out",
                        book -> book.ended(
                                book.decided("intent", "ann", "pay.out", "create", "payments"),
                                "ann",
                                "outcome_unknown")),
                finds(
                        "a read of which nobody knows",
                        "low unknown-outcome ann crm.get",
                        book -> book.ended(
                                book.decided("intent", "ann", "crm.get", "read", "crm"), "ann", "outcome_unknown")),
                finds("a call that never ended", "high no-outcome ann pay.out", book -> {
                    book.decided("intent", "ann", "pay.out", "create", "payments");
                    book.later(Duration.ofHours(25)).done("bob", "pay.out", "create", "payments");
                }),
                findsNothing("a call that runs for hours", book -> {
                    book.decided("intent", "ann", "pay.out", "create", "payments");
                    book.later(Duration.ofHours(23)).done("bob", "pay.out", "create", "payments");
                }),
                finds("more than was reserved", "high more-than-reserved ann llm.ask", book -> spends(book, 100, 101)),
                findsNothing("as much as was reserved", book -> spends(book, 100, 100)),
                finds("a policy that changed meanwhile", "medium policy-between ann pay.out", book -> {
                    String id = book.decided("intent", "ann", "pay.out", "create", "payments");
                    book.policy("v2").done("bob", "crm.get", "read", "crm");
                    book.ended(id, "ann", "success");
                }),
                finds(
                        "a policy that changed meanwhile, by which nothing was decided",
                        "medium policy-between ann pay.out",
                        book -> {
                            String id = book.decided("intent", "ann", "pay.out", "create", "payments");
                            book.act("policy", "ana", "v2");
                            book.ended(id, "ann", "success");
                        }),
                findsNothing("one that changed before", book -> {
                    book.done("ann", "pay.out", "create", "payments");
                    book.policy("v2").done("ann", "pay.out", "create", "payments");
                }));
    }

    private static void spends(Book book, long reserved, long came) {
        book.add(
                book.decision("intent", "rv_1", "ann", "llm.ask", "execute").with("limits", limit(reserved)), Map.of());
        book.add(
                book.outcome("rv_1", "ann", "success")
                        .put("limits", limit(came))
                        .build(),
                Map.of());
    }

    private static Json.Arr limit(long amount) {
        return new Json.Arr(List.of(Json.object()
                .put("amount", amount)
                .put("id", "a1")
                .put("limit", "tokens")
                .build()));
    }

    private static List<Case> volumes() {
        return List.of(
                finds(
                        "a result as no other before",
                        "high unusually-many-rows ann crm.find",
                        book -> rows(book, 900, "pii")),
                finds("one without labels", "medium unusually-many-rows ann crm.find", book -> rows(book, 900)),
                findsNothing("one that is only large", book -> rows(book, 150)));
    }

    private static void rows(Book book, long last, String... tags) {
        for (int i = 0; i < 60; i++) {
            book.ended(book.decided("intent", "ann", "crm.find", "read", "crm"), "ann", i % 20);
        }
        book.ended(book.decided("intent", "ann", "crm.find", "read", "crm", tags), "ann", last);
    }

    private static List<Case> endings() {
        return List.of(
                finds("a farewell with data", "high busy-before-the-end ann agent_retire ann", book -> {
                    farewell(book, 30, "pii");
                    book.act("agent_retire", "bo", "ann");
                }),
                finds("a busy last hour of a key", "medium busy-before-the-end ann key_revoke k_ann", book -> {
                    farewell(book, 30);
                    book.act("key_revoke", "bo", "k_ann");
                }),
                findsNothing("a last hour as any", book -> {
                    farewell(book, 5, "pii");
                    book.act("agent_retire", "bo", "ann");
                }),
                finds("an action after the end", "high after-the-end ann ann", book -> {
                    book.act("agent_retire", "bo", "ann");
                    book.later(MINUTE).done("ann", "crm.get", "read", "crm");
                }),
                findsNothing("what was decided just before", book -> {
                    book.act("agent_retire", "bo", "ann");
                    book.later(Duration.ofSeconds(2)).done("ann", "crm.get", "read", "crm");
                }),
                findsNothing("one that was let go on", book -> {
                    book.act("agent_suspend", "bo", "ann");
                    book.act("agent_resume", "bo", "ann");
                    book.later(MINUTE).done("ann", "crm.get", "read", "crm");
                }));
    }

    /** Ten hours of five actions each, and a last one. */
    private static void farewell(Book book, int lastHour, String... tags) {
        for (int i = 0; i < 50; i++) {
            book.done("ann", "crm.get", "read", "crm");
            book.later(Duration.ofMinutes(12));
        }
        book.later(Duration.ofMinutes(60));
        for (int i = 0; i < lastHour; i++) {
            book.done("ann", "crm.get", "read", "crm", tags);
            book.later(MINUTE);
        }
    }

    private static List<Case> probing() {
        return List.of(
                finds("another door to the same room", "high probed ann file:/board", book -> {
                    book.decided("denial", "ann", "files.read", "read", "file:/board");
                    book.later(MINUTE).done("ann", "backup.get", "read", "file:/board");
                }),
                finds("another door, behind many others that stayed shut", "high probed ann file:/board", book -> {
                    book.decided("denial", "ann", "files.read", "read", "file:/board");
                    for (int i = 0; i < 500; i++) {
                        book.decided("denial", "ann", "files.read", "read", "file:/other/" + i);
                    }
                    book.later(MINUTE).done("ann", "backup.get", "read", "file:/board");
                }),
                finds("many doors to one room", "high probed ann file:/board", book -> {
                    book.decided("denial", "ann", "files.read", "read", "file:/board");
                    for (int i = 0; i < 20; i++) {
                        book.decided("denial", "ann", "files.t" + i, "read", "file:/board");
                    }
                    book.later(MINUTE).done("ann", "backup.get", "read", "file:/board");
                }),
                findsNothing("the same door, opened", book -> {
                    book.decided("denial", "ann", "files.read", "read", "file:/board");
                    book.later(MINUTE).done("ann", "files.read", "read", "file:/board");
                }),
                findsNothing("another room", book -> {
                    book.decided("denial", "ann", "files.read", "read", "file:/board");
                    book.later(MINUTE).done("ann", "backup.get", "read", "file:/menu");
                }),
                findsNothing("an hour later", book -> {
                    book.decided("denial", "ann", "files.read", "read", "file:/board");
                    book.later(Duration.ofHours(1)).done("ann", "backup.get", "read", "file:/board");
                }),
                findsNothing("somebody else", book -> {
                    book.decided("denial", "ann", "files.read", "read", "file:/board");
                    book.done("bob", "backup.get", "read", "file:/board");
                }));
    }

    private static List<Case> approvals() {
        return List.of(
                finds("five yes in a row", "medium hasty-approvals bo", book -> approves(book, 5, 3)),
                findsNothing("four", book -> approves(book, 4, 3)),
                findsNothing("five that were thought about", book -> approves(book, 5, 60)),
                finds("the glass", "high break-glass rv_1 bo", book -> {
                    book.decided("hold", "ann", "pay.out", "create", "payments");
                    book.act("break_glass", "bo", "rv_1");
                }));
    }

    private static void approves(Book book, int times, int seconds) {
        for (int i = 0; i < times; i++) {
            String ticket = book.decided("hold", "ann", "pay.out", "create", "payments");
            book.later(Duration.ofSeconds(seconds)).act("approval_approve", "bo", ticket);
        }
    }

    private static List<Case> marks() {
        return List.of(
                finds(
                        "a warning",
                        "medium warned ann pay.out watched",
                        book -> book.add(
                                book.decision("hold", "rv_1", "ann", "pay.out", "create")
                                        .with("kind", new Json.Str("verdict"))
                                        .with(
                                                "findings",
                                                new Json.Arr(List.of(Json.object()
                                                        .put("result", "warned")
                                                        .put("code", "judged_medium")
                                                        .put(
                                                                "rule",
                                                                Json.object().put("name", "watched"))
                                                        .build()))),
                                Map.of())),
                finds(
                        "a clock that was behind",
                        "medium doubtful-clock ",
                        book -> book.add(
                                book.decision("denial", "rv_1", "ann", "pay.out", "create")
                                        .with(
                                                "facts",
                                                Json.object()
                                                        .put("clock_doubtful", true)
                                                        .build()),
                                Map.of())));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsWhatIsThereAndNothingElse(Case one) {
        Book book = new Book();
        one.writes().accept(book);
        assertEquals(one.expected(), book.found());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatIsToldInChatAndMailHasNoNames(Case one) {
        Book book = new Book();
        one.writes().accept(book);
        for (Finding finding : book.review().findings()) {
            String told = " " + String.join(" ", Untold.of(finding).lines()).replaceAll("[^\\w.:/]", " ") + " ";
            assertTrue(finding.about().stream().noneMatch(name -> told.contains(" " + name + " ")), told);
            assertFalse(told.contains("files.read") || told.contains("backup.get"), told);
        }
    }

    @Test
    void anIdIsTheSameInEveryReviewAndOthersHaveOthers() {
        Book book = new Book();
        book.ended("rv_x", "ann", "success");
        String alone = book.review().findings().getFirst().id();
        book.ended("rv_y", "bob", "success");
        List<Finding> both = book.review().findings();
        assertEquals(alone, both.getFirst().id());
        assertEquals(2, both.stream().map(Finding::id).distinct().count());
        assertEquals(book.review().json(), book.review().json());
    }

    /** What stands before the range still tells of what is in it. */
    @Test
    void onlyTheRangeIsToldAndWhatIsBeforeIsNotForgotten() {
        Book book = new Book();
        book.ended("rv_early", "eve", "success");
        String open = book.decided("intent", "ann", "pay.out", "create", "payments");
        book.later(MINUTE);
        Range range = new Range(Optional.of(book.now()), Optional.of(book.now().plus(MINUTE)));
        book.ended(open, "ann", "outcome_unknown");
        book.later(MINUTE).ended("rv_late", "eve", "success");
        Report report = book.review(range);
        assertEquals(List.of("high unknown-outcome ann pay.out"), Book.found(report));
        assertEquals(3, report.records(), "what comes after is not read");
    }

    @Test
    void manySubjectsAreKeptUpToALimitAndTheRestIsCounted() {
        Book book = new Book();
        for (int i = 0; i < Findings.MOST + 10; i++) {
            book.ended("rv_" + i, "agent-" + i, "success");
        }
        Report report = book.review();
        assertEquals(Findings.MOST, report.findings().size());
        assertEquals(10, report.dropped());
    }

    @Test
    void aGraveFindingTakesThePlaceOfASmallOneWhereThereAreTooMany() {
        Book book = new Book();
        for (int i = 0; i < Findings.MOST; i++) {
            String agent = "agent-" + i;
            book.ended(book.decided("intent", agent, "crm.get", "read", "crm"), agent, "outcome_unknown");
        }
        book.ended("rv_x", "eve", "success");
        book.ended(book.decided("intent", "late", "crm.get", "read", "crm"), "late", "outcome_unknown");
        Report report = book.review();
        assertEquals("high no-intent eve", Book.found(report).getFirst());
        assertEquals(Findings.MOST, report.findings().size());
        assertEquals(2, report.dropped(), "the one that made room, and the one that found none");
    }

    @Test
    void thePageNamesEveryCheck() throws Exception {
        String page = Files.readString(Path.of("../docs/review.md"));
        for (Check check : Check.values()) {
            assertTrue(page.contains("| `" + check.wire() + "` |"), check.wire() + " is not in docs/review.md");
        }
    }
}
