package dev.reeve.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ApprovalWatchTest {
    private static final Json.Obj FIRST = approval("rv_1", "pending");
    private static final Json.Obj SECOND = approval("rv_2", "pending");

    private final StringWriter written = new StringWriter();
    private final PrintWriter out = new PrintWriter(written);
    private final Map<String, Json.Obj> ended = new HashMap<>();

    private static Json.Obj approval(String ticket, String state) {
        Json.Obj rule = Json.object().put("name", "mail-outside").build();
        return Json.object()
                .put("ticket", ticket)
                .put("state", state)
                .put("agent", "clerk")
                .put("subject", "mail.send\u001b[2J")
                .put("rules", new Json.Arr(List.of(rule)))
                .put("until", "2026-01-01T01:00:00Z")
                .build();
    }

    /** Each look finds the next of these, newest first; after the last the watch ends. */
    private void watch(ApprovalWatch.View view, Json.Obj[]... looks) throws CommandException {
        Deque<Json.Obj[]> left = new ArrayDeque<>(Arrays.asList(looks));
        ApprovalWatch.Look look = new ApprovalWatch.Look() {
            @Override
            public Json.Obj list() {
                return Json.object()
                        .put("approvals", new Json.Arr(List.of(left.removeFirst())))
                        .build();
            }

            @Override
            public Optional<Json.Obj> one(String ticket) {
                return Optional.ofNullable(ended.get(ticket));
            }
        };
        new ApprovalWatch(look, view).run(() -> !left.isEmpty());
    }

    private static Json.Obj[] look(Json.Obj... approvals) {
        return approvals;
    }

    @Test
    void eachChangeIsALineAlsoThatItEnded() throws Exception {
        ended.put("rv_1", approval("rv_1", "approved"));
        watch(
                ApprovalWatch.lines(new Screen(out, false)),
                look(FIRST),
                look(FIRST),
                look(SECOND, FIRST),
                look(SECOND),
                look(SECOND));
        List<String> lines = written.toString().lines().toList();
        assertEquals(3, lines.size(), written.toString());
        assertTrue(lines.get(0).startsWith("rv_1  pending  clerk  mail.send"), lines.get(0));
        assertTrue(lines.get(1).startsWith("rv_2  pending"), lines.get(1));
        assertTrue(lines.get(2).startsWith("rv_1  approved"), lines.get(2));
        assertFalse(written.toString().contains("\u001b"), "foreign text is shown, not obeyed");
    }

    @Test
    void forAProgramEachLineIsJson() throws Exception {
        watch(ApprovalWatch.json(out), look(), look(FIRST), look(approval("rv_1", "approved")), look());
        List<String> lines = written.toString().lines().toList();
        assertEquals(2, lines.size(), "what is forgotten is no line: " + written);
        assertTrue(lines.get(1).startsWith("{\"ticket\":\"rv_1\",\"state\":\"approved\""), lines.get(1));
    }

    @Test
    void atATerminalItIsDrawnAgainOnlyWhenItChanges() throws Exception {
        ended.put("rv_1", approval("rv_1", "denied"));
        watch(ApprovalWatch.drawn(new Screen(out, false)), look(), look(), look(FIRST), look(FIRST), look());
        String[] drawn = written.toString().split("\u001b\\[H\u001b\\[J", -1);
        assertEquals(4, drawn.length, "three times, and nothing before the first");
        assertTrue(drawn[1].startsWith("0 wait for people"), drawn[1]);
        assertTrue(drawn[2].startsWith("1 waits for people") && drawn[2].contains("rv_1"), drawn[2]);
        assertTrue(drawn[3].contains("rv_1: denied"), drawn[3]);
        assertFalse(written.toString().contains("\u001b[2J"), "foreign text is shown, not obeyed");
    }

    @Test
    void anEndOfTheProcessThatIsWatchedEndsIt() {
        ApprovalWatch.Look gone = new ApprovalWatch.Look() {
            @Override
            public Json.Obj list() throws CommandException {
                throw new CommandException(ExitCodes.UNREACHABLE, "the process does not answer");
            }

            @Override
            public Optional<Json.Obj> one(String ticket) {
                return Optional.empty();
            }
        };
        CommandException told = assertThrows(
                CommandException.class, () -> new ApprovalWatch(gone, (all, changed) -> {}).run(() -> true));
        assertEquals(ExitCodes.UNREACHABLE, told.exitCode());
    }
}
