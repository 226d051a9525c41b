package dev.reeve.config;

import static dev.reeve.config.Shape.choice;
import static dev.reeve.config.Shape.either;
import static dev.reeve.config.Shape.may;
import static dev.reeve.config.Shape.must;
import static dev.reeve.config.Shape.struct;
import static dev.reeve.config.Shape.text;

import java.util.regex.Pattern;

/** Every key of the files of the folder {@code tests}: what the policies should say. */
final class CaseShape {
    private static final Pattern MEMBER = Pattern.compile("[^\\p{Cntrl}]{1,256}");
    private static final Shape VERDICT = choice("allow", "deny", "hold");
    private static final Shape TEXTS = new Shape.ListOf(text(), 0, true);
    private static final Shape OBJECT = new Shape.MapOf("a name", MEMBER, new Shape.Free());

    private static final Shape AMOUNT = new Shape.Text(
            "a number, or a size as 10MiB",
            Pattern.compile("[0-9]{1,16}(\\.[0-9]{1,9})?|[0-9]{1,12}(KiB|MiB|GiB)"),
            true);

    private static final Shape.Struct GIVEN = struct(
            may(
                    "agent",
                    text("the name of an agent", PolicyShape.AGENT.pattern()),
                    "Who acts. Of an agent in `policies`, roles, owner and attributes are those of its entry."),
            may("roles", TEXTS, "Its roles, instead of those of its entry."),
            may("owner", text(), "The person who answers for it."),
            may("attributes", new Shape.MapOf("an attribute", MEMBER, text()), "Further attributes of the agent."),
            may("user", text(), "On whose behalf it acts."),
            may("session_read", TEXTS, "Tags of everything that its key has received so far."),
            may(
                    "time",
                    text("a time as 2027-01-31T00:00:00Z", "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,12}Z"),
                    "2026-01-05T12:00:00Z",
                    "When. The default is a Monday at noon."),
            may(
                    "used",
                    new Shape.MapOf("the name of a limit", MEMBER, AMOUNT),
                    "What was used up just before, of limits by their names: a number, a size as 10MiB, or money as 12.50."),
            may(
                    "opinions",
                    new Shape.MapOf("the name of a judge", MEMBER, choice("low", "medium", "high", "down")),
                    "What judges say of it, by their names. Without any, no judge is heard."),
            may("clock_doubtful", new Shape.Flag(), "false", "Whether the clock stepped back: rules about time deny."));

    private static final Shape.Struct WHEN = struct(
            may(
                    "tool",
                    text("a tool as `upstream.tool`", "[^\\p{Cntrl}\\s.]+\\.[^\\p{Cntrl}\\s]+"),
                    "The tool that is called."),
            may("arguments", OBJECT, "Its arguments, as the agent sends them; of a prompt, too."),
            may(
                    "prompt",
                    text("a prompt as `upstream.name`", "[^\\p{Cntrl}\\s.]+\\.[^\\p{Cntrl}\\s]+"),
                    "The prompt that is got."),
            may(
                    "read",
                    struct(
                            must("upstream", text(), "The server."),
                            must("uri", text(), "The resource of it that is read.")),
                    "A resource that is read."),
            may("result", OBJECT, "What the server would answer, as structured content: for what is left out of it."),
            may("text", text(), "What the server would answer, as a text; beside `result`, or alone."));

    private static final Shape.Struct THEN = struct(
            must("verdict", VERDICT, "What becomes of it."),
            may(
                    "rule",
                    text(),
                    "The rule, role, limit or guardrail that decides; of a denial by none, that which came nearest."),
            may("code", text(), "The code of the denial, as the agent gets it."),
            may("reason", text(), "A part of the reason for operators."),
            may(
                    "treatment",
                    TEXTS,
                    "Everything that is done to it or its result: `rows`, `rewritten`, `client_asks`. Nothing: []."),
            may("arguments", OBJECT, "What is sent: the arguments after rewriting."),
            may("warned", TEXTS, "Every rule that warns before it runs. None: []."),
            may(
                    "outcome",
                    choice("unchanged", "noted", "changed", "withheld"),
                    "What becomes of the answer: `noted` goes out as it is. Of `withheld`, `rule`, `code` and `reason` say why."),
            may("found", text(), "A part of what is said of the answer for operators."),
            may("result", OBJECT, "What is left of `when.result`."),
            may("text", text(), "What is left of `when.text`."));

    private static final Shape.Struct CASE = struct(
            may("name", text(), "What it is about. File and line if it is not there."),
            may("given", GIVEN, "Who, and in which situation."),
            must("when", WHEN, "What it wants to do: one of `tool`, `prompt`, `read`."),
            must("then", either(VERDICT, THEN), "What the policy should say: a verdict, or more."));

    static final Shape.Struct ROOT = struct(
            ReeveShape.VERSION,
            may("given", GIVEN, "What holds for all cases of this file, unless they say otherwise."),
            may("cases", new Shape.ListOf(CASE, 0, false), "One by one; each stands for itself."));

    private CaseShape() {}
}
