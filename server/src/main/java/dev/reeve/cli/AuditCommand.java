package dev.reeve.cli;

import dev.reeve.audit.AuditReader;
import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.audit.EventFilter;
import dev.reeve.audit.EventText;
import dev.reeve.config.ReeveConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads the record. Works with and without a running process: the ledger's files are read as they are. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = "Reads, searches, verifies, proves and exports the record.",
        footer = {"", "Example:  reeve audit tail"},
        subcommands = {
            AuditCommand.Tail.class,
            AuditCommand.Search.class,
            AuditCommand.Show.class,
            AuditVerify.class,
            AuditExport.class,
            AuditProve.class,
            AuditCheckProof.class,
            AuditCheckpoint.class,
            AuditKey.class
        })
final class AuditCommand {
    private static final long POLL_NANOS = 300_000_000;
    private static final int MOST = 100_000;
    private static final long BEGUN_BEFORE = 10_000;
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,18}");
    private static final int SHORTEST = 8;
    private static final String NONE =
            "no record has this ticket; of an agent with very many denials some are only counted,"
                    + " and their ticket is that of the summary, which is written each minute: `reeve audit search --kind summary`";

    /** What the reading commands share. */
    abstract static class Reading implements Checked {
        @Mixin
        HomeOptions home = new HomeOptions();

        @Option(names = "--json", description = "one JSON object a line")
        boolean json;

        AuditReader reader() throws CommandException {
            return new AuditReader(ledger(home.read()));
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
            AuditReader reader = reader();
            long end = reader.size();
            reader.last(count, EventFilter.ALL, end).forEach(this::print);
            if (follow) {
                // What began a while ago may end from now on.
                AuditReader.Following following = reader.follow(Math.max(0, end - BEGUN_BEFORE), happened -> {
                    if (happened.finished() >= end) {
                        print(happened);
                    }
                    return true;
                });
                while (true) {
                    following.advance();
                    LockSupport.parkNanos(POLL_NANOS);
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
                        "success, tool_error, upstream_error, denied, held, withheld, not_sent, outcome_unknown, pending")
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

        @Option(names = "--text", paramLabel = "TEXT", description = "that hold this text anywhere, arguments included")
        private @Nullable String text;

        @Option(
                names = "--limit",
                paramLabel = "COUNT",
                description = "the newest so many, 0 for all (default: ${DEFAULT-VALUE})")
        private int limit = 100;

        @Override
        public int run() throws CommandException, IOException {
            if (status != null && !EventText.STATUSES.contains(status)) {
                throw new CommandException(
                        ExitCodes.USAGE,
                        "there is no status `" + status + "`; there are " + String.join(", ", EventText.STATUSES));
            }
            EventFilter filter = EventFilter.of(agent, tool, upstream, status, rule, since, until, text)
                    .orElseThrow(() -> new CommandException(ExitCodes.USAGE, "a time looks like 2026-11-24T10:00:00Z"))
                    .of(kind, person);
            bounded("--limit", limit);
            AuditReader reader = reader();
            boolean[] any = new boolean[1];
            if (limit > 0) {
                reader.last(limit, filter, reader.size()).forEach(happened -> {
                    any[0] = true;
                    print(happened);
                });
            } else {
                reader.read(0, happened -> {
                    if (filter.matches(happened)) {
                        any[0] = true;
                        print(happened);
                    }
                    return true;
                });
            }
            if (!any[0]) {
                System.err.println("reeve: nothing in the record matches");
            }
            return ExitCodes.OK;
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
            Happened happened = find(reader(), record);
            if (json) {
                System.out.println(EventText.json(happened.json()));
            } else {
                whole(System.out, happened);
            }
            return ExitCodes.OK;
        }
    }

    /**
     * By number, ticket, or the beginning of a ticket as {@code audit tail} shows it.
     *
     * @throws CommandException if there is none, or more than one
     */
    static Happened find(AuditReader reader, String record) throws CommandException, IOException {
        if (INDEX.matcher(record).matches()) {
            Optional<Happened> at = reader.at(Long.parseLong(record));
            return at.orElseThrow(() -> new CommandException(ExitCodes.FAILED, noIndex(reader, record)));
        }
        if (record.length() < SHORTEST) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "name a record by its number or at least " + SHORTEST + " characters of its ticket");
        }
        List<Happened> found = reader.find(record);
        if (found.size() > 1) {
            throw new CommandException(
                    ExitCodes.FAILED, "more than one ticket begins so; write more of it: " + ids(found));
        }
        if (found.isEmpty()) {
            throw new CommandException(ExitCodes.FAILED, NONE);
        }
        return found.getFirst();
    }

    private static String ids(List<Happened> found) {
        return found.stream().map(happened -> happened.record().id()).collect(Collectors.joining(", "));
    }

    private static String noIndex(AuditReader reader, String record) {
        try {
            long size = reader.size();
            return "there is no record " + record
                    + (size == 0 ? ": nothing was recorded yet" : "; the newest is " + (size - 1));
        } catch (IOException e) {
            return "there is no record " + record;
        }
    }

    static void whole(PrintStream out, Happened happened) {
        List<String> lines = EventText.whole(happened);
        lines.forEach(out::println);
    }
}
