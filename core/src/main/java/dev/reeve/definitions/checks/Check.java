package dev.reeve.definitions.checks;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What is looked for in a definition. The page for operators, docs/reviewing-tools.md, has this table; a test compares the two. */
public enum Check {
    OVERRIDES_ORDERS(
            Severity.HIGH,
            "orders to drop or replace earlier instructions, rules or the model's role",
            "refuse the server; ask its author why a tool speaks to the model about its instructions"),
    HIDES_FROM_USER(
            Severity.HIGH,
            "orders to keep something from the user, or to act silently",
            "refuse the server, unless the sentence protects a secret from being shown"),
    ORDER_BLOCK(
            Severity.HIGH,
            "blocks that pose as the system's words: `<IMPORTANT>`, `[SYSTEM]`, marks of chat templates",
            "read the whole block; a description needs none"),
    CALL_SYNTAX(
            Severity.HIGH,
            "the syntax in which models write calls of tools",
            "refuse the server, unless the tool is about that syntax"),
    EXFILTRATION_ORDER(
            Severity.HIGH,
            "orders to put the conversation, the system prompt or what was read somewhere into an argument, or to change recipients",
            "refuse the server; deny the argument by a rule if the tool is needed"),
    SECRET_FILES(
            Severity.HIGH,
            "places of keys and passwords, as `~/.ssh`, `.aws/credentials`, `mcp.json`",
            "approve only if the tool's task is that very file"),
    FOREIGN_TOOL_ORDER(
            Severity.HIGH,
            "orders about a tool of another server",
            "refuse: a server has nothing to say about another one's tools"),
    SIDE_PARAMETER(
            Severity.HIGH,
            "arguments that ask for the conversation or the prompt, as `sidenote`, `chat_history`, `system_prompt`",
            "deny the argument by a rule, or refuse the tool"),
    INVISIBLE_CHARACTERS(
            Severity.HIGH,
            "characters that draw nothing: zero width, soft hyphens, fillers",
            "look at the excerpt, where they are written out; refuse if they split words or carry text"),
    DIRECTION_CHARACTERS(
            Severity.HIGH,
            "characters that turn the direction of writing, so that people read something else than models",
            "refuse, unless the text is in a script written from right to left"),
    TAG_CHARACTERS(
            Severity.HIGH,
            "tag characters (U+E0000 to U+E007F), which carry text that no person sees",
            "refuse; the reason shows what they spell"),
    VARIATION_SELECTORS(Severity.HIGH, "runs of variation selectors, which carry bytes behind a letter", "refuse"),
    CONTROL_CHARACTERS(
            Severity.HIGH,
            "escape sequences of terminals and other control characters",
            "refuse; a description has none"),
    MIXED_SCRIPTS(
            Severity.HIGH,
            "words with letters of another script that look like Latin ones",
            "refuse; the name or word is not what it looks like"),
    HTML_COMMENT(Severity.HIGH, "HTML comments, which clients hide and models read", "read what stands in the comment"),
    LINK_WITH_DATA(
            Severity.HIGH,
            "links or images whose address is to be filled with data",
            "refuse: showing such an image sends the data"),
    OUT_OF_SIGHT(
            Severity.HIGH,
            "text behind a long run of blanks or empty lines",
            "read to the end: what stands there was meant to be overlooked"),
    LOOK_ALIKE_NAME(
            Severity.HIGH,
            "names that look like a tool of another server when read quickly (`l` and `1`, `O` and `0`, `rn` and `m`)",
            "find out which of the two servers is the real one"),
    TOO_MUCH(
            Severity.HIGH,
            "definitions that are larger than the checks read",
            "read it yourself; what lies behind the limit was not checked"),
    BEFORE_OTHER_WORK(
            Severity.MEDIUM,
            "orders to do something before, after or with other calls",
            "see whether the order stays within the server's own tools"),
    FOREIGN_TOOL_NAME(
            Severity.MEDIUM,
            "the name of a tool of another server",
            "see whether the text only compares, or wants to steer that tool"),
    NEAR_NAME(
            Severity.MEDIUM,
            "names that differ from another server's tool by a letter, a plural or separators",
            "see that policies and people cannot confuse the two"),
    ENCODED_TEXT(
            Severity.MEDIUM,
            "long runs of base64 or hexadecimal digits outside of icons",
            "decode it; a description has no use for it"),
    IMAGE_LINK(Severity.MEDIUM, "images in texts, which clients fetch when they show them", "see whose address it is"),
    STYLED_LETTERS(
            Severity.MEDIUM,
            "letters in mathematical, circled or full-width form, which models read as plain ones",
            "read the excerpt as plain letters"),
    CONVERSATION_PARAMETER(
            Severity.MEDIUM,
            "arguments whose name invites the model to put in more than the task needs, as `context`, `reasoning`",
            "see what the server needs it for; personal data goes there"),
    READS_ONLY_CLAIM(
            Severity.MEDIUM,
            "tools that say that they only read, with a name that says otherwise",
            "do not let a draft allow it for its annotation"),
    LONG_TEXT(Severity.LOW, "texts of more than 8,000 characters", "read it to the end before you approve"),
    FOREIGN_LINK(
            Severity.LOW,
            "addresses outside of the server's own domain",
            "see that the model has no reason to fetch them");

    private final String id;
    private final Severity severity;
    private final String looksFor;
    private final String whatToDo;

    Check(Severity severity, String looksFor, String whatToDo) {
        this.id = name().toLowerCase(Locale.ROOT).replace('_', '-');
        this.severity = severity;
        this.looksFor = looksFor;
        this.whatToDo = whatToDo;
    }

    /** Its name in files, commands and records; never changes. */
    public String id() {
        return id;
    }

    public Severity severity() {
        return severity;
    }

    public String looksFor() {
        return looksFor;
    }

    public String whatToDo() {
        return whatToDo;
    }

    public static Optional<Check> find(String id) {
        return Arrays.stream(values()).filter(check -> check.id.equals(id)).findFirst();
    }

    /** All that can hold, for files and commands. */
    public static String[] holdingIds() {
        return Arrays.stream(values())
                .filter(check -> check.severity == Severity.HIGH)
                .map(Check::id)
                .toArray(String[]::new);
    }
}
