package dev.reeve.notice;

import dev.reeve.approval.Approval;
import dev.reeve.approval.Asked;
import dev.reeve.approval.Demand;
import dev.reeve.audit.EventText;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What people are told of one question: who wants what, by which rule, until when, and where to answer. No arguments, and no reasons: these
 * may quote what a chat must not have, as a judge's do.
 */
final class Message {
    private static final int LONGEST = 200;

    /** Kinds of which the subject is a name that a server gave, and nothing that an agent wrote. */
    private static final Set<String> NAMED = Set.of(
            "tool_call",
            "tool_evaluation",
            "prompt_get",
            "host_call",
            "question",
            "task_get",
            "task_cancel",
            "task_update");

    private Message() {}

    /** The same for the same question; another once more people are asked. */
    static String id(Approval approval) {
        return approval.ticket() + (approval.escalated() ? "-escalated" : "");
    }

    /** As plain text, each line of it ASCII. */
    static List<String> lines(Approval approval, Optional<String> page) {
        return List.of(
                "The agent " + ascii(approval.asked().agent()) + wants(approval) + what(approval, Message::ascii) + ".",
                "The rule that asks: " + ascii(rules(approval)) + ".",
                "It waits until " + approval.until().truncatedTo(ChronoUnit.SECONDS) + ".",
                "",
                page.map(url -> "Look and answer, signed in: " + url)
                        .orElse("Look: reeve approvals show " + approval.ticket()));
    }

    /** Of a result no more is said than that it waits. */
    private static String wants(Approval approval) {
        return approval.asked().isAboutResult() ? " waits for a result of " : " wants ";
    }

    /** Of a resource or a host the name itself may say what a chat must not have, as an argument does: only where it is. */
    private static String what(Approval approval, UnaryOperator<String> escaped) {
        Asked asked = approval.asked();
        return NAMED.contains(asked.kind())
                ? escaped.apply(asked.subject())
                : "a " + escaped.apply(asked.kind()) + " of " + escaped.apply(asked.upstream());
    }

    /** Nothing in it is taken for an address by a program that shows mail. */
    private static String ascii(String text) {
        StringBuilder ascii = new StringBuilder();
        plain(text).codePoints().forEach(point -> {
            if (point >= ' ' && point < 0x7f) {
                ascii.appendCodePoint(point);
            } else {
                ascii.append("U+%04X".formatted(point));
            }
        });
        return "'" + ascii.toString().replaceAll("(?i)www\\.", "www .") + "'";
    }

    /** As plain text, each line of it ASCII. */
    static List<String> lines(String title, List<String> lines) {
        return Stream.concat(Stream.of(title), lines.stream().map(Message::ascii))
                .toList();
    }

    /** As a chat takes it. */
    static String text(String title, List<String> lines) {
        return Stream.concat(Stream.of(title), lines.stream().map(Message::plain))
                .collect(Collectors.joining("\n"));
    }

    private static String rules(Approval approval) {
        return approval.demands().stream().map(Demand::rule).distinct().collect(Collectors.joining(", "));
    }

    /**
     * As a chat takes it.
     *
     * @param page where to answer; it demands that one signs in
     */
    static String text(Approval approval, Optional<String> page) {
        String rules = approval.demands().stream()
                .map(Demand::rule)
                .distinct()
                .map(Message::plain)
                .collect(Collectors.joining(", "));
        List<String> parts = List.of(
                (approval.escalated() ? "Still waiting: " : "") + "the agent "
                        + plain(approval.asked().agent()) + wants(approval)
                        + what(approval, Message::plain) + ".",
                "The rule that asks: " + rules + ".",
                "Until " + approval.until().truncatedTo(ChronoUnit.SECONDS) + ".",
                page.map(url -> "<" + url + "|Look and answer>")
                        .orElse("`reeve approvals show " + approval.ticket() + "`"));
        return String.join(" ", parts);
    }

    /** Foreign text as text: hidden characters are seen, nothing mentions anybody, links or formats (R9). */
    private static String plain(String text) {
        String escaped = EventText.escape(text);
        String cut = escaped.codePointCount(0, escaped.length()) > LONGEST
                ? escaped.substring(0, escaped.offsetByCodePoints(0, LONGEST)) + "…"
                : escaped;
        return cut.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "(at)")
                .replaceAll("[`*_~|]", "'")
                .replace("://", ": //");
    }
}
