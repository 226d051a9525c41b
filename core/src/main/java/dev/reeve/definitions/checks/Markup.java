package dev.reeve.definitions.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Marks that a client hides, obeys or takes for the system's words, and places of secrets: plain searches in the folded text. */
final class Markup {
    private static final List<String> BLOCKS = List.of(
            "<important>",
            "<important ",
            "<system>",
            "<system_prompt>",
            "<system-prompt>",
            "<system-reminder>",
            "<instructions>",
            "<instruction>",
            "<secret>",
            "<hidden>",
            "<critical>",
            "<admin>",
            "<assistant>",
            "<sys>",
            "<<sys>>",
            "<|im_start|>",
            "<|im_end|>",
            "<|system|>",
            "<|user|>",
            "<|assistant|>",
            "<|endoftext|>",
            "<|start_header_id|>",
            "[inst]",
            "[/inst]",
            "[system]",
            "[system message]",
            "[important]",
            "### system",
            "### instruction",
            "\n\nhuman:",
            "\n\nassistant:",
            "begin system prompt",
            "end of tool description");
    private static final List<String> CALLS = List.of(
            "<function_calls",
            "</function_calls",
            "<function_results",
            "<invoke name",
            "<tool_call>",
            "<tool_use",
            "<tool_result",
            "<parameter name",
            "<function=",
            "[tool_calls]",
            "\"tools/call\"",
            "\"tool_calls\"",
            "\"function_call\"",
            "\"method\": \"tools/",
            "\"method\":\"tools/");
    private static final List<String> SECRETS = List.of(
            "~/.ssh",
            "/.ssh/",
            "id_rsa",
            "id_ed25519",
            "/etc/shadow",
            "/etc/passwd",
            ".aws/credentials",
            ".netrc",
            ".git-credentials",
            ".pypirc",
            "/.gnupg",
            "mcp.json",
            "claude_desktop_config",
            "/proc/self/environ",
            "wallet.dat",
            ".bash_history",
            ".zsh_history",
            ".cursor/",
            "library/keychains");
    /** Ordinary by themselves, and no more where they are to be read. */
    private static final List<String> SECRETS_IF_READ =
            List.of(".env", ".kube/config", ".docker/config", ".npmrc", "private key", "secrets.yaml");

    private static final List<Phrase> READING = List.of(
            new Phrase(
                    "read|cat|open|load|include|send|upload|copy|append|attach|exfiltrate ..3 content|contents|file"),
            new Phrase("pass|send|include|put|upload|append|attach ..2 its|the|their ..1 content|contents"));

    private static final int FAR_BLANKS = 60;
    private static final int FAR_LINES = 12;

    private Markup() {}

    static List<Finding> in(Place place, Folded folded, Words words) {
        String text = folded.text();
        List<Finding> findings = new ArrayList<>();
        first(place, folded, text, BLOCKS, Check.ORDER_BLOCK, "it poses as the system's words")
                .ifPresent(findings::add);
        first(place, folded, text, CALLS, Check.CALL_SYNTAX, "it is written as a model writes a call")
                .ifPresent(findings::add);
        first(place, folded, text, SECRETS, Check.SECRET_FILES, "keys or passwords lie there")
                .or(() -> read(place, folded, text, words))
                .ifPresent(findings::add);
        first(place, folded, text, List.of("<!--"), Check.HTML_COMMENT, "clients do not show it, models read it")
                .ifPresent(findings::add);
        outOfSight(place).ifPresent(findings::add);
        return findings;
    }

    private static Optional<Finding> first(
            Place place, Folded folded, String text, List<String> marks, Check check, String reason) {
        for (String mark : marks) {
            int at = text.indexOf(mark);
            if (at >= 0) {
                return Optional.of(place.finding(check, folded.origin(at), folded.origin(at + mark.length()), reason));
            }
        }
        return Optional.empty();
    }

    private static Optional<Finding> read(Place place, Folded folded, String text, Words words) {
        return first(place, folded, text, SECRETS_IF_READ, Check.SECRET_FILES, "it wants such a file to be read")
                .filter(found -> readsSomething(words));
    }

    private static boolean readsSomething(Words words) {
        for (int i = 0; i < words.size(); i++) {
            int at = i;
            if (READING.stream().anyMatch(phrase -> phrase.matches(words, at) >= 0)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Finding> outOfSight(Place place) {
        String text = place.text();
        int blanks = 0;
        int lines = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c) && c != '\u00a0') {
                if (blanks >= FAR_BLANKS || lines >= FAR_LINES) {
                    return Optional.of(
                            place.finding(Check.OUT_OF_SIGHT, i, i + 60, "it stands behind " + blanks + " blanks"));
                }
                blanks = 0;
                lines = 0;
            } else {
                blanks++;
                lines += c == '\n' ? 1 : 0;
            }
        }
        return Optional.empty();
    }
}
