package dev.reeve.policy;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The checks of what is written. Their ids stand in reports, in {@code ignore:} and in other people's baselines: they never change. */
public enum LintRule {
    INVALID("A file is not what the language says", "see docs/language.md and the schemas in schemas/"),
    UNKNOWN_ROLE("A role is named that is not defined", "define it under `agent_roles:`, or correct the name"),
    UNKNOWN_RESOURCE("A permission names a resource that no catalogue knows", "describe it under `resources:`"),
    NEVER_MATCHES("A rule can never match anything", "correct the tool, resource or action that it names"),
    CONTRADICTION("A condition can never hold", "correct one of the parts that exclude each other"),
    SHADOWED("A deny covers it whole, so it never takes effect", "take it away, or narrow the deny"),
    REDUNDANT("Another one says the same and more", "take it away, or narrow the other one"),
    CONFLICTING("Two rules of opposite effect meet, and neither is the narrower one", "narrow one of them"),
    ALLOWS_EVERYTHING("Everything there is, is allowed", "name what is needed"),
    ALLOWS_EVERY_ACTION("A rule allows a resource without saying which action", "add `action:`"),
    WRITES_LABELLED("Labelled data can be changed without a condition", "add a condition, or leave the action out"),
    OPEN_WAY_OUT("Data can be sent anywhere", "name the hosts or addresses, or add an `except` or a condition"),
    FILE_AT_ANY_SERVER(
            "A file is allowed at more than one server",
            "write `mcp:SERVER/file:///...` for one server's file, or deny `mcp:*/file:**` if none is to be read from a server"),
    ACTION_NEVER_HAPPENS("An action is granted that no tool does to this resource", "take the action away"),
    UNUSED_ROLE("Nobody has this role", "give it to an agent, or take it away"),
    UNUSED_CONDITION("Nothing names this condition", "take it away"),
    IGNORE_UNUSED("An `ignore` names a finding that is not there", "take it away"),
    BROKEN_INVARIANT("Something under `never:` can happen", "narrow what allows it"),
    TOO_MANY_TO_COMPARE("There is more to compare than is compared", "split the installation");

    private final String about;
    private final String help;

    LintRule(String about, String help) {
        this.about = about;
        this.help = help;
    }

    /** {@code never-matches}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<LintRule> of(String id) {
        return Stream.of(values()).filter(rule -> rule.id().equals(id)).findFirst();
    }

    /** One sentence without its full stop. */
    public String about() {
        return about;
    }

    /** What to do in general. */
    public String help() {
        return help;
    }
}
