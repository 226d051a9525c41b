package dev.reeve.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.approval.Approval;
import dev.reeve.approval.Asked;
import dev.reeve.approval.Demand;
import dev.reeve.gate.Approvals.Hidden;
import dev.reeve.gate.AskTerms;
import dev.reeve.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a chat is told: enough to go and look, and nothing that a chat must not have or would act on. */
final class MessageTest {
    static Approval approval(String agent, String subject, String reason, boolean escalated) {
        return approval(agent, subject, reason, escalated, Optional.empty());
    }

    /** A question of this ticket. */
    static Approval approval(String ticket) {
        return approval(ticket, "clerk", "mail.send", "", false, Optional.empty());
    }

    private static Approval approval(
            String agent, String subject, String reason, boolean escalated, Optional<String> found) {
        return approval("rv_7", agent, subject, reason, escalated, found);
    }

    private static Approval approval(
            String ticket, String agent, String subject, String reason, boolean escalated, Optional<String> found) {
        Asked asked = new Asked(
                "default",
                agent,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                "mail",
                "tool_call",
                subject,
                Optional.of(Json.object().put("body", "a private letter").build()),
                Optional.empty(),
                List.of(),
                List.of(),
                "v1",
                Hidden.NOTHING,
                found);
        Instant now = Instant.parse("2026-11-26T12:00:00.5Z");
        return new Approval(
                ticket,
                "key",
                asked,
                List.of(new Demand("mail-out", "policies/p.yaml:3", reason, List.of(), AskTerms.USUAL)),
                now,
                now.plusSeconds(3_600),
                Approval.State.PENDING,
                List.of(),
                escalated,
                List.of(),
                Optional.empty(),
                0);
    }

    @Test
    void itSaysWhoWantsWhatWhyUntilWhenAndWhereToAnswer() {
        assertEquals(
                "the agent clerk wants mail.send. The rule that asks: mail-out."
                        + " Until 2026-11-26T13:00:00Z. <https://reeve.example.com/approvals/rv_7|Look and answer>",
                Message.text(
                        approval("clerk", "mail.send", "mail leaves the company", false),
                        Optional.of("https://reeve.example.com/approvals/rv_7")));
        assertTrue(Message.text(approval("clerk", "mail.send", "", true), Optional.empty())
                .startsWith("Still waiting: the agent clerk wants mail.send. The rule that asks: mail-out. Until"));
    }

    @Test
    void ofAResultItSaysOnlyThatItWaits() {
        Approval result = approval("clerk", "crm.find", "found: card 2", false, Optional.of("card 2"));
        String chat = Message.text(result, Optional.empty());
        String mail = String.join("\n", Message.lines(result, Optional.empty()));
        assertTrue(chat.startsWith("the agent clerk waits for a result of crm.find. The rule"), chat);
        assertTrue(mail.startsWith("The agent 'clerk' waits for a result of 'crm.find'."), mail);
        assertFalse(chat.contains("card") || mail.contains("card"), chat + mail);
    }

    /** The address of a resource is what an argument is for a tool. */
    @Test
    void ofAResourceItSaysOnlyWhereItIs() {
        Approval tool = approval("clerk", "mail.send", "", false);
        Asked asked = tool.asked();
        Approval resource = new Approval(
                tool.ticket(),
                tool.key(),
                new Asked(
                        asked.tenant(),
                        asked.agent(),
                        asked.user(),
                        asked.actors(),
                        asked.owner(),
                        "crm",
                        "resource_read",
                        "crm://people/anna-smith",
                        asked.arguments(),
                        asked.definition(),
                        asked.labels(),
                        asked.touches(),
                        asked.policy(),
                        asked.hidden(),
                        asked.found()),
                tool.demands(),
                tool.created(),
                tool.until(),
                tool.state(),
                tool.votes(),
                tool.escalated(),
                tool.breakers(),
                tool.intent(),
                tool.version());
        String chat = Message.text(resource, Optional.empty());
        String mail = String.join("\n", Message.lines(resource, Optional.empty()));
        assertFalse(chat.contains("anna") || mail.contains("anna"), chat + mail);
        assertTrue(chat.startsWith("the agent clerk wants a resource'read of crm."), chat);
        assertTrue(mail.contains("wants a 'resource'read' of 'crm'."), mail);
    }

    @Test
    void aMailSaysTheSameInLinesOfAscii() {
        List<String> lines = Message.lines(
                approval(
                        "clerk\r\nBcc: eve@example.com",
                        "mail.send\u202e www.evil.example http://evil.example",
                        "",
                        false),
                Optional.of("https://reeve.example.com/approvals/rv_7"));
        String all = String.join("\n", lines);
        assertEquals(5, lines.size(), all);
        assertTrue(lines.getLast().endsWith(": https://reeve.example.com/approvals/rv_7"), all);
        assertTrue(all.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f)), all);
        assertFalse(all.contains("eve@") || all.contains("www.") || all.contains("http://"), all);
    }

    @Test
    void neitherArgumentsNorReasonsThatMayQuoteThemAreInIt() {
        assertFalse(Message.text(
                        approval("clerk", "mail.send", "the judge sees: a private letter", false), Optional.empty())
                .contains("private"));
    }

    @Test
    void theSameQuestionHasTheSameIdUntilMorePeopleAreAsked() {
        assertEquals("rv_7", Message.id(approval("a", "b", "c", false)));
        assertEquals("rv_7-escalated", Message.id(approval("a", "b", "c", true)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!channel>",
                "<https://evil.example.com|approve here>",
                "https://evil.example.com",
                "@everyone",
                "*bold* _slant_ ~gone~ `code`",
                "\u202Etxet",
                "\u200Bhidden",
                "line\nanother",
                "\u001b[2J"
            })
    void foreignTextIsOnlyText(String hostile) {
        String text = Message.text(approval(hostile, hostile, hostile, false), Optional.empty());
        String foreign = text.substring(0, text.indexOf("`reeve approvals"));
        assertFalse(
                foreign.matches("(?s).*[<>@*_~`\\p{Cntrl}\\x{202E}\\x{200B}].*") || foreign.contains("://"), foreign);
    }

    @Test
    void anAnnouncementHasForeignTextAsText() {
        String foreign = "@here <http://x|y>";
        assertEquals("A title\n(at)here &lt;http: //x'y&gt;", Message.text("A title", List.of(foreign)));
        List<String> lines = Message.lines("A title", List.of(foreign));
        assertEquals("A title", lines.getFirst());
        assertTrue(lines.getLast().chars().allMatch(c -> c >= ' ' && c < 0x7f), lines.getLast());
        assertTrue(!lines.getLast().contains("http://"), lines.getLast());
    }
}
