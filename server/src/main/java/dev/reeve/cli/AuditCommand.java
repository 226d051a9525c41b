package dev.reeve.cli;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventQuery;
import dev.reeve.audit.EventQuery.BadQueryException;
import dev.reeve.audit.EventQuery.Part;
import dev.reeve.audit.EventText;
import dev.reeve.config.ReeveConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads the record: through the running process, or, where none runs, from the ledger's files. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Reads, searches, reviews, verifies, proves and exports the record.",
        footer = {"", "Example:  reeve audit tail"},
        subcommands = {
            AuditCommand.Tail.class,
            AuditCommand.Search.class,
            AuditCommand.Show.class,
            AuditVerify.class,
            AuditReview.class,
            AuditExport.class,
            AuditProve.class,
            AuditCheckProof.class,
            AuditCheckpoint.class,
            AuditKey.class
        })
final class AuditCommand {
    private static final int MOST = 100_000;

    /** What the reading commands share. */
    abstract static class Reading implements Checked {
        @Mixin
        HomeOptions home = new HomeOptions();

        @Option(names = "--json", description = "one JSON object a line")
        boolean json;

        @Mixin
        LedgerCopyOption copy = new LedgerCopyOption();

        RecordReader reader() throws CommandException {
            return RecordReader.open(home, copy.given());
        }

        static void bounded(String option, int count) throws CommandException {
            if (count < 0 || count > MOST) {
                throw new CommandException(ExitCodes.USAGE, option + " is from 0 to " + MOST);
            }
        }

        void print(Happened happened) {
            System.out.println(json ? EventText.json(happened.json()) : EventText.line(happened));
        }
    }

    static Path ledger(ReeveConfig config) throws CommandException {
        Path ledger = config.data().resolve("ledger");
        if (!Files.isDirectory(ledger)) {
            throw new CommandException(ExitCodes.FAILED, "nothing was recorded yet: there is no " + ledger);
        }
        return ledger;
    }

    @Command(
            name = "tail",
            mixinStandardHelpOptions = true,
            description = "Shows the newest events, oldest first.",
            footer = {"", "Example:  reeve audit tail -n 50 -f"})
    static final class Tail extends Reading {
        @Option(names = "-n", paramLabel = "COUNT", description = "how many (default: ${DEFAULT-VALUE})")
        private int count = 20;

        @Option(
                names = {"-f", "--follow"},
                description = "goes on with new ones until it is stopped")
        private boolean follow;

        @Override
        public int run() throws CommandException, IOException {
            bounded("-n", count);
            try (RecordReader reader = reader()) {
                reader.newest(EventQuery.ALL, count).forEach(this::print);
                if (follow) {
                    System.out.flush();
                    reader.follow(EventQuery.ALL, this::print);
                }
            }
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "search",
            mixinStandardHelpOptions = true,
            description = "Finds events; all conditions must hold.",
            footer = {"", "Example:  reeve audit search --agent clerk --status denied --since 2026-11-24T10:00:00Z"})
    static final class Search extends Reading {
        @Option(names = "--agent", paramLabel = "NAME", description = "of this agent")
        private @Nullable String agent;

        @Option(names = "--user", paramLabel = "NAME", description = "on whose behalf the agent acted")
        private @Nullable String user;

        @Option(names = "--session", paramLabel = "ID", description = "of this session")
        private @Nullable String session;

        @Option(
                names = "--resource",
                paramLabel = "NAME",
                description = "that touched this; * at the end stands for anything")
        private @Nullable String resource;

        @Option(
                names = "--tool",
                paramLabel = "TOOL",
                description = "of this tool, with or without its upstream; * stands for anything")
        private @Nullable String tool;

        @Option(names = "--upstream", paramLabel = "NAME", description = "of this server")
        private @Nullable String upstream;

        @Option(
                names = "--status",
                paramLabel = "STATUS",
                description =
                        "success, tool_error, upstream_error, denied, held, withheld, released, not_sent, outcome_unknown, pending")
        private @Nullable String status;

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                description = "action, control (what operators did) or summary (what was counted)")
        private @Nullable String kind;

        @Option(names = "--person", paramLabel = "PERSON", description = "what this person did, such as local:ana")
        private @Nullable String person;

        @Option(names = "--rule", paramLabel = "NAME", description = "that this rule or role decided")
        private @Nullable String rule;

        @Option(names = "--since", paramLabel = "TIME", description = "at or after, like 2026-11-24T10:00:00Z")
        private @Nullable String since;

        @Option(names = "--until", paramLabel = "TIME", description = "before")
        private @Nullable String until;

        @Option(
                names = "--text",
                paramLabel = "TEXT",
                description =
                        "that hold these words in a row, arguments included; the last one may be the beginning of a word")
        private @Nullable String text;

        @Option(
                names = "--limit",
                paramLabel = "COUNT",
                description = "the newest so many, 0 for all (default: ${DEFAULT-VALUE})")
        private int limit = 100;

        @Override
        public int run() throws CommandException, IOException {
            EventQuery query = query();
            bounded("--limit", limit);
            boolean[] any = new boolean[1];
            Consumer<Happened> shown = happened -> {
                any[0] = true;
                print(happened);
            };
            try (RecordReader reader = reader()) {
                if (limit > 0) {
                    reader.newest(query, limit).forEach(shown);
                } else {
                    reader.all(query, shown);
                }
            }
            if (!any[0]) {
                System.err.println("reeve: nothing in the record matches");
            }
            return ExitCodes.OK;
        }

        private EventQuery query() throws CommandException {
            Map<Part, String> asked = new EnumMap<>(Part.class);
            part(asked, Part.AGENT, agent);
            part(asked, Part.USER, user);
            part(asked, Part.SESSION, session);
            part(asked, Part.TOOL, tool);
            part(asked, Part.UPSTREAM, upstream);
            part(asked, Part.RESOURCE, resource);
            part(asked, Part.STATUS, status);
            part(asked, Part.KIND, kind);
            part(asked, Part.PERSON, person);
            part(asked, Part.RULE, rule);
            part(asked, Part.SINCE, since);
            part(asked, Part.UNTIL, until);
            part(asked, Part.TEXT, text);
            try {
                return EventQuery.of(asked);
            } catch (BadQueryException e) {
                throw new CommandException(ExitCodes.USAGE, String.valueOf(e.getMessage()));
            }
        }

        private static void part(Map<Part, String> asked, Part part, @Nullable String value) {
            if (value != null) {
                asked.put(part, value);
            }
        }
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one event whole.",
            footer = {"", "Example:  reeve audit show 24", "          reeve audit show rv_f0yqzm6k --json"})
    static final class Show extends Reading {
        @Parameters(
                paramLabel = "RECORD",
                description = "the ticket that the agent was given, its beginning, or the number of a record")
        private String record = "";

        @Override
        public int run() throws CommandException, IOException {
            try (RecordReader reader = reader()) {
                Happened happened = reader.find(record);
                if (json) {
                    System.out.println(EventText.json(happened.json()));
                } else {
                    whole(System.out, happened);
                }
            }
            return ExitCodes.OK;
        }
    }

    static void whole(PrintStream out, Happened happened) {
        List<String> lines = EventText.whole(happened);
        lines.forEach(out::println);
    }
}
