package dev.reeve.cli;

import dev.reeve.audit.AuditReader.Happened;
import dev.reeve.json.JsonWriter;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve policy}: why something was decided as it was. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description = "Explains decisions, shows what changed, and puts older policies back.",
        footer = {"", "Example:  reeve policy explain rv_f0yqzm6k8c2n4t7w1x3v5b9d0h"},
        subcommands = {
            PolicyCommand.Explain.class,
            PolicyHistory.class,
            PolicyDiff.class,
            PolicyApprove.class,
            PolicyRollback.class
        })
final class PolicyCommand {
    @Command(
            name = "explain",
            mixinStandardHelpOptions = true,
            description = "Says which stage and rule decided a recorded action, and what would have been needed.",
            footer = {"", "Example:  reeve policy explain rv_f0yqzm6k", "          reeve policy explain 24"})
    static final class Explain implements Checked {
        @Mixin
        private HomeOptions home = new HomeOptions();

        @Option(names = "--json", description = "the whole record as JSON")
        private boolean json;

        @Parameters(
                paramLabel = "RECORD",
                description = "the ticket that the agent was given, its beginning, or the number of a record")
        private String record = "";

        @Override
        public int run() throws CommandException, IOException {
            try (RecordReader reader = RecordReader.open(home, Optional.empty())) {
                Happened happened = reader.find(record);
                if (json) {
                    System.out.println(JsonWriter.text(happened.json()));
                } else {
                    AuditCommand.whole(System.out, happened);
                }
            }
            return ExitCodes.OK;
        }
    }
}
