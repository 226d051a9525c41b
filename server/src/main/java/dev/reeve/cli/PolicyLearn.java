package dev.reeve.cli;

import dev.reeve.audit.EventFilter;
import dev.reeve.audit.EventText;
import dev.reeve.config.PolicySet;
import dev.reeve.json.Json;
import dev.reeve.record.Event.Stored;
import dev.reeve.workbench.Learning;
import dev.reeve.workbench.Proposal;
import dev.reeve.workbench.ReplayReport;
import dev.reeve.workbench.UnknownException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reeve policy learn}: what the record says that a policy needs. Proposals only. */
@Command(
        name = "learn",
        mixinStandardHelpOptions = true,
        description = {
            "Proposes roles as narrow as what was recorded, and marks permissions that nothing needed; or, with --denial, the narrow",
            "rules that would have allowed one denied action. Prints a proposal and changes nothing."
        },
        footer = {
            "",
            "What is proposed is within what is permitted now, and is tried on the same records: the comment at its head says with what",
            "result. A person reads it, puts it into policies/, and tries it again with `reeve policy replay`.",
            "",
            "Exit codes: 0 a proposal, 1 none can be made, 4 it would decide recorded actions otherwise than they were.",
            "",
            "Example:  reeve policy learn --last 30d > narrow-roles.yaml",
            "          reeve policy learn --denial rv_f0yqzm6k"
        })
final class PolicyLearn implements Checked {
    @Mixin
    private HomeOptions home = new HomeOptions();

    @Mixin
    private LedgerCopyOption copy = new LedgerCopyOption();

    @Mixin
    private RecordRange range = new RecordRange();

    @Option(names = "--denial", paramLabel = "RECORD", description = "the ticket or number of a denied action")
    private @Nullable String denial;

    @Option(names = "--out", paramLabel = "FILE", description = "a new file to write it to")
    private @Nullable Path out;

    @Option(names = "--json", description = "one object: proposal, counts, and what it would decide otherwise")
    private boolean json;

    @Spec
    @Nullable
    private CommandSpec spec;

    @Override
    public int run() throws CommandException, IOException {
        PolicySet set = PolicyArchive.standing(home.read());
        EventFilter filter = range.filter(Instant.now());
        try {
            return denial == null ? learned(set, filter) : proposed(set, filter, denial);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCodes.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private Path ledger() throws CommandException {
        return copy.given().isPresent() ? copy.given().get() : AuditCommand.ledger(home.read());
    }

    private int learned(PolicySet set, EventFilter filter) throws CommandException, IOException {
        RecordReader.declare(home, copy.given(), "replay", "learn");
        try (ProgressBar bar = ProgressBar.onTerminal(!json)) {
            Learning.Learned learned = Learning.of(
                    ledger(), filter, set.source(), CandidateFiles.tools(home), PolicyReplay.threads(), bar);
            ReplayReport tried = learned.tried();
            boolean otherwise = tried.wider() + tried.tighter() > 0;
            print(
                    learned.text(),
                    Json.object()
                            .put("proposal", learned.text())
                            .put("allowed", learned.allowed())
                            .put("unknown", learned.unknown())
                            .put("unused", learned.unused())
                            .put("tried", tried.json())
                            .build());
            if (otherwise) {
                System.err.println("reeve: it would decide recorded actions otherwise: " + tried.summary());
            }
            return otherwise ? ExitCodes.CHANGED : ExitCodes.OK;
        }
    }

    private int proposed(PolicySet set, EventFilter filter, String ticket) throws CommandException, IOException {
        Stored record;
        try (RecordReader reader = RecordReader.open(home, copy.given())) {
            record = reader.find(ticket).record();
        }
        RecordReader.declare(home, copy.given(), "replay", "learn");
        try (ProgressBar bar = ProgressBar.onTerminal(!json)) {
            Proposal.Proposed proposed = new Proposal(set.source(), CandidateFiles.tools(home))
                    .of(record, ledger(), filter, PolicyReplay.threads(), bar);
            if (proposed.text().isEmpty()) {
                throw new CommandException(ExitCodes.FAILED, "there is nothing to propose: " + proposed.why());
            }
            Json.Builder object = Json.object().put("proposal", proposed.text()).put("why", proposed.why());
            proposed.others().ifPresent(others -> object.put("tried", others.json()));
            print(proposed.text().get(), object.build());
            return ExitCodes.OK;
        } catch (UnknownException e) {
            throw new CommandException(
                    ExitCodes.FAILED, "the record does not say enough of it; missing: " + e.getMessage());
        }
    }

    private void print(String text, Json.Obj object) throws IOException {
        if (out != null) {
            Files.writeString(out, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            System.err.println("reeve: written to " + Screen.escape(out.toString()));
            if (!json) {
                return;
            }
        }
        PrintWriter writer = Objects.requireNonNull(spec).commandLine().getOut();
        if (json) {
            writer.println(EventText.json(object));
        } else {
            writer.print(text);
        }
        writer.flush();
    }
}
