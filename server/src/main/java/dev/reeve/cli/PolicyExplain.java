package dev.reeve.cli;

import dev.reeve.action.Operation;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventText;
import dev.reeve.config.Loaded;
import dev.reeve.config.PolicyCase.Given;
import dev.reeve.config.PolicyFiles;
import dev.reeve.config.PolicySet;
import dev.reeve.config.ReeveFile;
import dev.reeve.json.Json;
import dev.reeve.policy.Problem;
import dev.reeve.strict.JsonLimits;
import dev.reeve.strict.JsonRefusedException;
import dev.reeve.strict.StrictJson;
import dev.reeve.workbench.Explaining;
import dev.reeve.workbench.Explanation;
import dev.reeve.workbench.Replay;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reeve policy explain}: why something was decided as it was, or would be. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Says which stage and rule decided a recorded action, and what would have been needed; or, with --tool, how the files",
            "as they stand would decide a hypothetical one: every rule that names what it touches, and each condition with its parts.",
            "While `reeve serve` runs, what people have granted the agent for a time counts; of limits, only what --used says."
        },
        footer = {
            "",
            "Example:  reeve policy explain rv_f0yqzm6k",
            "          reeve policy explain 24 --now",
            "          reeve policy explain --agent clerk --tool pay.out --args '{\"amount\": 900}'"
        })
final class PolicyExplain implements Checked {
    @Mixin
    private HomeOptions home = new HomeOptions();

    @Mixin
    private LedgerCopyOption copy = new LedgerCopyOption();

    @Option(names = "--json", description = "the whole record, or the explanation, as JSON")
    private boolean json;

    @Parameters(
            paramLabel = "RECORD",
            arity = "0..1",
            description = "the ticket that the agent was given, its beginning, or the number of a record")
    private @Nullable String record;

    @Option(names = "--now", description = "of a record: also what the files as they stand would make of it")
    private boolean now;

    @Option(names = "--policy", paramLabel = "DIR", description = "another folder with catalog and policies")
    private @Nullable Path folder;

    @Option(names = "--agent", paramLabel = "NAME", description = "who would act")
    private @Nullable String agent;

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "a role of the agent, instead of those in the files; may be repeated")
    private @Nullable List<String> roles;

    @Option(names = "--tool", paramLabel = "TOOL", description = "what would be called, as upstream.tool")
    private @Nullable String tool;

    @Option(names = "--args", paramLabel = "JSON", description = "its arguments, one JSON object (default: none)")
    private String arguments = "{}";

    @Option(
            names = "--used",
            paramLabel = "LIMIT=AMOUNT",
            description = "what was used up of a limit just before, by its name; may be repeated")
    private Map<String, String> used = Map.of();

    @Option(
            names = "--result",
            paramLabel = "JSON",
            description = "what the server would answer, one JSON object as a result of MCP: what becomes of it")
    private @Nullable String result;

    @Option(names = "--user", paramLabel = "NAME", description = "on whose behalf")
    private @Nullable String user;

    @Option(names = "--at", paramLabel = "TIME", description = "when, like 2026-11-24T10:00:00Z (default: now)")
    private @Nullable String at;

    @Option(
            names = "--session-read",
            paramLabel = "TAG",
            description = "a tag of what the agent's key has received so far; may be repeated")
    private List<String> sessionRead = List.of();

    @Spec
    @Nullable
    private CommandSpec spec;

    @Override
    public int run() throws CommandException, IOException {
        if ((record == null) == (tool == null)) {
            throw new CommandException(ExitCodes.USAGE, "name a record, or a hypothetical call with --tool");
        }
        return record == null ? hypothetical() : recorded(record);
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private int recorded(String wanted) throws CommandException, IOException {
        PrintWriter out = out();
        try (RecordReader reader = RecordReader.open(home, copy.given())) {
            Happened happened = reader.find(wanted);
            Optional<Replay.Now> under = now && happened.isAction()
                    ? Optional.of(Replay.now(happened.record(), CandidateFiles.read(home, Optional.ofNullable(folder))))
                    : Optional.empty();
            if (json) {
                Json.Obj whole = happened.json();
                out.println(EventText.json(under.map(it -> whole.with(
                                "now",
                                Json.object()
                                        .put("verdict", it.verdict())
                                        .put("why", it.why())
                                        .build()))
                        .orElse(whole)));
            } else {
                EventText.whole(happened).forEach(out::println);
                under.ifPresent(
                        it -> out.println(EventText.escape("%-18s %s by %s".formatted("now", it.verdict(), it.why()))));
            }
            out.flush();
        }
        return ExitCodes.OK;
    }

    private int hypothetical() throws CommandException {
        Loaded<PolicySet> set =
                PolicyFiles.read(CandidateFiles.folder(home, Optional.ofNullable(folder)), PolicyRoom::schema);
        Explaining.Opened opened = set.value().isPresent()
                ? Explaining.open(set.value().get(), CandidateFiles.tools(home))
                : new Explaining.Opened(Optional.empty(), set.problems());
        Explaining explaining =
                opened.explaining().orElseThrow(() -> new CommandException(ExitCodes.USAGE, errors(opened.problems())));
        List<String> wrong = explaining.wrong(given());
        if (!wrong.isEmpty()) {
            throw new CommandException(ExitCodes.USAGE, "--used: " + String.join("; ", wrong));
        }
        Explanation explanation = explaining
                .of(given(), operation(Objects.requireNonNull(tool)), answer())
                .orElseThrow(() -> new CommandException(
                        ExitCodes.USAGE, "`" + agent + "` stands in no file; name its roles with --role"));
        PrintWriter out = out();
        if (json) {
            out.println(EventText.json(explanation.json()));
        } else {
            explanation.lines().forEach(out::println);
        }
        out.flush();
        return ExitCodes.OK;
    }

    private static String errors(List<Problem> problems) {
        return problems.stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .map(Problem::toString)
                .collect(Collectors.joining("\n"));
    }

    private Given given() throws CommandException {
        if (agent == null && roles == null) {
            throw new CommandException(ExitCodes.USAGE, "say who acts: --agent NAME, or --role ROLE");
        }
        return new Given(
                        agent == null ? "somebody" : agent,
                        Optional.ofNullable(roles),
                        Optional.empty(),
                        Map.of(),
                        Optional.ofNullable(user),
                        Set.copyOf(sessionRead),
                        time(),
                        false,
                        KnownGrants.of(ReeveFile.read(home.existing()).value())
                                .facts(agent == null ? "somebody" : agent, Optional.ofNullable(user)))
                .using(used);
    }

    private Optional<Json.Obj> answer() throws CommandException {
        return result == null ? Optional.empty() : Optional.of(object("--result", result));
    }

    private static Json.Obj object(String option, String text) throws CommandException {
        try {
            return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8), JsonLimits.REQUEST);
        } catch (JsonRefusedException e) {
            throw new CommandException(ExitCodes.USAGE, option + " is not one JSON object: " + e.getMessage());
        }
    }

    private Instant time() throws CommandException {
        try {
            return at == null ? Instant.now() : Instant.parse(at);
        } catch (DateTimeException e) {
            throw new CommandException(ExitCodes.USAGE, "--at is a time like 2026-11-24T10:00:00Z");
        }
    }

    private Operation operation(String name) throws CommandException {
        int dot = name.indexOf('.');
        if (dot < 1 || dot == name.length() - 1) {
            throw new CommandException(ExitCodes.USAGE, "--tool is written as upstream.tool");
        }
        return new Operation.ToolCall(name.substring(0, dot), name.substring(dot + 1), object("--args", arguments));
    }
}
