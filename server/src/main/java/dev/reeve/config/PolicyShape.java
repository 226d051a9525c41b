package dev.reeve.config;

import static dev.reeve.config.Shape.choice;
import static dev.reeve.config.Shape.either;
import static dev.reeve.config.Shape.may;
import static dev.reeve.config.Shape.must;
import static dev.reeve.config.Shape.struct;
import static dev.reeve.config.Shape.text;

import dev.reeve.gate.AskTerms;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Every key of the files of the folder {@code policies}: what may be done. */
final class PolicyShape {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    static final Pattern AGENT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final String WORD = "[a-z][a-z0-9_]{0,63}|\\*";
    /** A multi-line expression keeps its line ends. */
    private static final Shape EXPRESSION = new Shape.Text(
            "a condition of at most 4096 characters",
            Pattern.compile("[^\\p{Cntrl}\\s][^\\p{Cntrl}&&[^\\n\\t]]{0,4095}"),
            true);

    private static final Shape.Field IGNORE = may(
            "ignore",
            new Shape.MapOf("the id of a finding", Pattern.compile("[a-z]+(-[a-z]+)*"), text()),
            "Findings of `reeve check` that are known, each with the reason why it stays so. Errors are never ignored.");

    private static final Shape.Struct PERMISSION = struct(
            must(
                    "resource",
                    text(),
                    "A resource of the catalogue, or a form: `url:**`, `mail:*@example.com`, `tool:pg.*`."),
            must(
                    "actions",
                    new Shape.ListOf(text("a word of small letters", WORD), 1, false),
                    "What may be done to it. `read` covers `query`; `write` covers `create`, `update` and `delete`."),
            may(
                    "conditions",
                    new Shape.ListOf(EXPRESSION, 0, false),
                    "Names of conditions, or expressions. All must hold."),
            TreatmentShape.COLUMNS,
            TreatmentShape.REDACT,
            TreatmentShape.LIMIT,
            TreatmentShape.WARN,
            IGNORE);

    private static final Shape.Struct TARGET = struct(
            may("tool", text(), "A tool as `upstream.tool`; `*` stands for any part of a name."),
            may("resource", text(), "A resource, or a form."),
            may("action", text("a word of small letters", WORD), "What is done to it."),
            may("agent", text(), "Only this agent."),
            may("role", text(), "Only agents of this role."),
            may("except", text(), "A resource that is left out."));

    private static final Shape MOMENT =
            text("a time as 2027-01-31T00:00:00Z", "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,12}Z");
    static final Shape.Struct RULE = struct(
                    may(
                            "name",
                            text("letters, digits, `_`, `.` and `-`", NAME.pattern()),
                            "What records call it. File and line if it is not there."),
                    may("allow", TARGET, "What the rule allows."),
                    may("deny", TARGET, "What the rule denies. Wins over everything else."),
                    may("require_approval", TARGET, "What a person must decide. Wins over `allow`."),
                    may("when", EXPRESSION, "The rule holds only when this expression is true."),
                    may("reason", text(), "Why, for operators, and for the agent where `tell` says so."),
                    may("tell", choice("agent"), "Lets the agent read the reason. Otherwise it gets its class only."),
                    may(
                            "by",
                            ApprovalTerms.BY,
                            "Who may approve: `owner`, `user:NAME`, `group:NAME`, `role:admin`. Anybody who may approve at all, if it is not there."),
                    may(
                            "quorum",
                            new Shape.Whole(1, AskTerms.MOST_PEOPLE),
                            "1",
                            "How many different people must say yes."),
                    may(
                            "expires",
                            new Shape.Time(Duration.ofMinutes(1), AskTerms.LONGEST),
                            "1h",
                            "How long is waited for them, and then for the agent to come back."),
                    may("escalate", ApprovalTerms.ESCALATE, "Who is asked too when nobody answered."),
                    may("hours", ApprovalTerms.HOURS, "When a yes counts, as `Mon-Fri 09:00-17:30 Europe/Berlin`."),
                    may("reason_required", new Shape.Flag(), "false", "Whether a yes needs a reason."),
                    may(
                            "grant",
                            ApprovalTerms.GRANT,
                            "Lets those who approve say yes to a pattern of calls for a time. A yes is for one call if it is not there."),
                    may(
                            "ask",
                            choice("client"),
                            "With `allow`, for what a coding agent does itself: its program must ask the person in front of it first. That is no approval, and the record says so."),
                    may("mode", choice("enforce", "shadow"), "enforce", "`shadow` records what would have happened."),
                    may(
                            "until",
                            MOMENT,
                            "When `mode: shadow` ends and a deny or require_approval is in force. No date puts an allow in force."),
                    TreatmentShape.COLUMNS,
                    TreatmentShape.REDACT,
                    TreatmentShape.LIMIT,
                    TreatmentShape.WARN,
                    IGNORE)
            .later("secret", "priority")
            .others(Map.of("rows", "a condition of a permission filters rows: `conditions: NAME: { rows: ... }`"));

    private static final Shape.Struct RECORD = struct(
            may("less", TARGET, "No arguments, input or reasoning: their digest only."),
            may("full", TARGET, "The result too, as the agent got it, up to 1 MiB."),
            may(
                    "lazy",
                    TARGET,
                    "The outcome of a read may be recorded up to 5 ms after its answer. Never for labelled data, delegated users, secrets, writes or what leaves the house."));

    private static final Shape.Struct SOFT = struct(
            may("name", text("letters, digits, `_`, `.` and `-`", NAME.pattern()), "What records call it."),
            must("on", TARGET, "What the judge sees before it is done."),
            must(
                    "judge",
                    text("the name of a judge", "[a-z0-9][a-z0-9_-]{0,63}"),
                    "`embedded`, or a name under `judges` of `reeve.yaml`."),
            may(
                    "by",
                    new Shape.ListOf(text(), 1, true),
                    "Who decides what is judged high: `owner`, `role:NAME`, a person."),
            may(
                    "when_down",
                    choice("hold", "continue"),
                    "When the judge cannot be heard. Reads go on with a mark and the rest is held if it is not there."),
            may("tell", choice("agent"), "Lets the agent read the judge's warning and suggestion."),
            may("reason", text(), "Why, for operators."));
    private static final Shape.Choice PER = new Shape.Choice(
            List.of("agent", "instance", "role", "tenant", "tool", "model", "user", "session", "everything"), Set.of());

    static final Shape.Struct LIMIT = struct(
            may(
                    "name",
                    text("letters, digits, `_`, `.` and `-`", NAME.pattern()),
                    "What records and denials call it. File and line if it is not there."),
            must(
                    "per",
                    new Shape.ListOf(PER, 1, true),
                    "By what it counts apart. Of several, by all of them together: `[agent, tool]`."),
            must(
                    "count",
                    choice("calls", "rows", "bytes", "tokens", "money", "concurrent", "repeats", "failures"),
                    "What it counts. `concurrent`: what runs at once. `repeats`: the same call with the same arguments. `failures`: denials and errors."),
            must(
                    "max",
                    new Shape.Text(
                            "a number, or a size as 10MiB",
                            Pattern.compile("[0-9]{1,15}(\\.[0-9]{1,9})?|[0-9]{1,12}(KiB|MiB|GiB)"),
                            true),
                    "Never more than this. What would cross it is refused."),
            may(
                    "window",
                    new Shape.Time(Duration.ofSeconds(1), Duration.ofDays(31)),
                    "Over how long it counts, at every moment anew."),
            may(
                    "rest",
                    new Shape.Time(Duration.ofSeconds(1), Duration.ofDays(31)),
                    "With `failures`: for how long nothing is let through. As long as the window if it is not there."),
            may(
                    "worst",
                    new Shape.Text(
                            "a number, or a size as 10MiB",
                            Pattern.compile("[0-9]{1,15}|[0-9]{1,12}(KiB|MiB|GiB)"),
                            true),
                    "With `rows` and `bytes`: what one result may come to. All that is left if it is not there, and then one call runs at a time."),
            may("currency", text("a currency as EUR", "[A-Z]{3}"), "With `money`; that of the prices."),
            may("of", TARGET, "Which actions it counts. All if it is not there."),
            may("reason", text(), "Why, for operators, and for the agent where `tell` says so."),
            may(
                    "tell",
                    choice("agent"),
                    "Lets the agent read the limit, and when to try again. Otherwise it gets the class of reason only."));

    private static final Shape.Struct NEVER = struct(
            may("role", text("the name of a role", NAME.pattern()), "Agents of this role."),
            may("agent", text(), "Agents of this name. Neither: anybody."),
            must("action", text("a word of small letters", WORD), "What must not be done. `*` is anything."),
            must("resource", text(), "A resource, or a form. What is a part of it is meant too."),
            may("unless", choice("approval"), "What a person approved may happen."),
            may("reason", text(), "Why."));

    private static final Shape.Struct ASSIGN = struct(
            must("role", text("the name of a role", NAME.pattern()), "The role."),
            must("to", new Shape.ListOf(text(), 1, true), "Which agents have it: names or patterns."),
            must(
                    "when",
                    EXPRESSION,
                    "As long as this is true, for everything that an action touches; what forbids or limits by the role counts as soon as it is true for something, or cannot be evaluated."));

    private static final Shape.Struct GRANTABLE = struct(
            may("role", text("the name of a role", NAME.pattern()), "Whose permissions are given."),
            may(
                    "permissions",
                    new Shape.ListOf(PERMISSION, 1, false),
                    "What is given, where that is no role. Either this or `role`."),
            must("to", new Shape.ListOf(text(), 1, true), "To which agents: names or patterns."),
            may(
                    "by",
                    ApprovalTerms.BY,
                    "Who may give it: `owner`, `user:NAME`, `group:NAME`, `role:admin`. Every administrator, if it is not there."),
            ApprovalTerms.UP_TO,
            may("quorum", new Shape.Whole(1, AskTerms.MOST_PEOPLE), "1", "How many different people must agree."));

    private static final String TIME_OF_DAY = "([01][0-9]|2[0-3]):[0-5][0-9]";

    private static final Shape.Struct HOURS = struct(
            must("zone", text("a zone as Europe/Berlin", "[A-Za-z0-9_+/-]{1,64}"), "By whose clock."),
            must("from", text("a time as 08:00", TIME_OF_DAY), "Included."),
            must("to", text("a time as 18:00", TIME_OF_DAY), "Excluded. Before `from`: over midnight."),
            may(
                    "days",
                    new Shape.ListOf(text("a day or days, as mon or mon-fri", GuardrailReader.DAYS), 1, true),
                    "mon-sun",
                    "The days on which they begin."));

    private static final Shape.Struct GUARDRAIL = struct(
                    may(
                            "name",
                            text("letters, digits, `_`, `.` and `-`", NAME.pattern()),
                            "What records call it. File and line if it is not there."),
                    may(
                            "find",
                            new Shape.ListOf(text(), 1, true),
                            "What is looked for: `personal`, `secrets`, `injection`, or kinds of docs/reference/content-kinds.md."),
                    may("in", choice("arguments", "result", "both"), "both", "With `find`: where."),
                    may(
                            "do",
                            choice("deny", "redact", "hold", "warn"),
                            "With `find`: what follows. `redact` puts placeholders such as `[card]` in its place."),
                    may(
                            "as",
                            choice("placeholders", "tokens"),
                            "placeholders",
                            "With `do: redact`: whether what is taken out of results can be turned back, by people and for tools that may have it (`restore` of the catalogue)."),
                    may(
                            "for",
                            text("a time from 1m to 30d, as 8h", Units.TIME.pattern()),
                            "24h",
                            "With `as: tokens`: how long they can be turned back."),
                    may(
                            "by",
                            new Shape.ListOf(text(), 1, true),
                            "With `do: hold`: who may approve. With `as: tokens`: who may turn them back; nobody if it is not there."),
                    may(
                            "data",
                            new Shape.ListOf(text(), 1, true),
                            "Data that may not go everywhere: tags of the catalogue, kinds, `pii`, `secret`, `injection`."),
                    may(
                            "may_go_to",
                            new Shape.ListOf(text(), 0, true),
                            "With `data`: the only resources that take arguments once such data was read, or that take arguments with such data."),
                    may(
                            "may_be_kept_by",
                            new Shape.ListOf(text(), 0, true),
                            "With `data`: the only resources that may be written or worked on then; others may still be read."),
                    may("prohibit", TARGET, "What is never done, whatever rules say."),
                    may("hours", HOURS, "When the actions of `on` may be done; never at other times."),
                    may("on", TARGET, "What it is about. Everything if it is not there."),
                    may("reason", text(), "Why, for operators, and for the agent where `tell` says so."),
                    may("tell", choice("agent"), "Lets the agent read the reason. Otherwise it gets its class only."))
            .others(Map.of(
                    "mode", "a guardrail is always in force",
                    "until", "a guardrail is always in force",
                    "when", "a guardrail has no condition; write a rule"));

    static final Shape.Struct AGENT_ENTRY = struct(
                    may("roles", new Shape.ListOf(text("the name of a role", NAME.pattern()), 0, false), "Its roles."),
                    may("owner", text(), "The person who answers for it."))
            .later("instances", "expires", "keys", "acts_for", "segment")
            .rest(new Shape.MapOf("an attribute", ATTRIBUTE, text()));

    private static final Shape.ListOf PATTERNS = new Shape.ListOf(text(), 0, true);

    static final Shape.Struct ENFORCEMENT_POINT = struct(
                    may("agents", PATTERNS, "Agents that it may ask about. `*` stands for any part of a name."),
                    may(
                            "roles",
                            new Shape.ListOf(text("the name of a role", NAME.pattern()), 0, true),
                            "It may ask about every agent that has one of these roles."),
                    may(
                            "users",
                            either(
                                    PATTERNS,
                                    new Shape.MapOf(
                                            "the name of a user",
                                            Pattern.compile("[^\\s\\p{Cntrl}*]{1,256}"),
                                            new Shape.MapOf("an attribute", ATTRIBUTE, text()))),
                            "Users for whom it may ask: names or patterns; or each with attributes that conditions see as `principal.NAME`."),
                    may(
                            "reasons",
                            choice("told", "all"),
                            "told",
                            "`told`: of a denial it sees what an agent would be told. `all`: what operators see, rules and their places included."),
                    may(
                            "peers",
                            new Shape.MapOf(
                                    "an identity as spiffe://example.com/cart",
                                    Pattern.compile("[^\\s\\p{Cntrl}]{1,512}"),
                                    text("the name of an agent", AGENT.pattern())),
                            "Clients that the proxy has verified by certificate, each with the agent that it is. For ext_authz."),
                    may(
                            "scheme",
                            choice("https", "http"),
                            "https",
                            "Of the URLs that the proxy asks about. What it tells of it is its client's word. For ext_authz."))
            .later("tenants");

    static final Shape.Struct ROOT = struct(
                    ReeveShape.VERSION,
                    may(
                            "agent_roles",
                            new Shape.MapOf(
                                    "the name of a role",
                                    NAME,
                                    struct(
                                            must(
                                                    "permissions",
                                                    new Shape.ListOf(PERMISSION, 0, false),
                                                    "What it may do."),
                                            IGNORE)),
                            "What agents may do, by role."),
                    may(
                            "conditions",
                            new Shape.MapOf(
                                    "the name of a condition",
                                    Pattern.compile(WORD),
                                    either(
                                            EXPRESSION,
                                            struct(
                                                    must(
                                                            "rows",
                                                            EXPRESSION,
                                                            "An expression over `row`. Rows of the result for which it is false are left out.")))),
                            "Conditions by name: an expression, or `rows:` with one."),
                    may(
                            "rules",
                            new Shape.ListOf(RULE, 0, false),
                            "Rules beside the roles. Deny wins, then require_approval, then allow."),
                    may(
                            "mode",
                            choice("enforce", "shadow"),
                            "enforce",
                            "Of a file of rules alone: `shadow` is the mode of each of its rules that names none."),
                    may("until", MOMENT, "When the shadow of the file ends, as that of a rule does."),
                    may(
                            "agents",
                            new Shape.MapOf("the name of an agent", AGENT, AGENT_ENTRY),
                            "Agents that are written in files. Their keys are made by `reeve key create`."),
                    may(
                            "assign",
                            new Shape.ListOf(ASSIGN, 0, false),
                            "Roles that agents have beside their own as long as something is so."),
                    may(
                            "grantable",
                            new Shape.MapOf("the name of what may be given", NAME, GRANTABLE),
                            "What people may give agents for a time, by `reeve grants give`."),
                    may(
                            "enforcement_points",
                            new Shape.MapOf("the name of an agent", AGENT, ENFORCEMENT_POINT),
                            "Agents that guard something themselves and ask here (AuthZEN, ext_authz), and whom each may ask about."),
                    may(
                            "guardrails",
                            new Shape.ListOf(GUARDRAIL, 0, false),
                            "What holds whatever roles and rules allow: personal data and secrets in what goes through, where data may go, prohibitions, hours."),
                    may(
                            "record",
                            new Shape.ListOf(RECORD, 0, false),
                            "How actions are written down where that is not as usual. `full` wins over `less`."),
                    may(
                            "soft_guardrails",
                            new Shape.ListOf(SOFT, 0, false),
                            "Judges that are heard before something is done: high holds it for a person, medium warns, low lets it pass."),
                    may(
                            "limits",
                            new Shape.ListOf(LIMIT, 0, false),
                            "What may be used up, by whom, over how long. All that are about an action hold."),
                    may(
                            "never",
                            new Shape.ListOf(NEVER, 0, false),
                            "What must not be possible, whatever the rules say. Decides nothing; `reeve check` fails if it is possible."))
            .later("user_roles", "approvals", "segments", "users")
            .others(Map.of(
                    "resources", "what systems are stands in a file of the folder `catalog`",
                    "tools", "what tools act on stands in a file of the folder `catalog`",
                    "upstreams", "servers stand in `reeve.yaml`",
                    "obligations",
                            "they stand with what they are of: `columns`, `redact`, `limit`, `warn` of a permission",
                    "grants", "did you mean \"grantable\"?",
                    "roles", "did you mean \"agent_roles\"?"));

    private PolicyShape() {}
}
