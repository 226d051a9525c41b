package dev.reeve.cli;

import dev.reeve.audit.EventText;
import dev.reeve.audit.RecordCheck;
import dev.reeve.cli.WitnessOptions.Proven;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.ledger.Checkpoint;
import dev.reeve.ledger.LeafCheck;
import dev.reeve.ledger.LedgerVerifier;
import dev.reeve.ledger.Progress;
import dev.reeve.ledger.TilesVerifier;
import dev.reeve.ledger.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reeve audit verify}: exit code 0 only if all of it holds. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = "Checks every record against the signed tree, offline; names the first bad one.",
        footer = {
            "",
            "The keys are yours to know: --key wins; without it, KEYS/ledger.pub of this installation is taken. A checkpoint",
            "is signed with Ed25519 and ML-DSA-44; what you give must all have signed.",
            "With --witness, the cosignatures of these witnesses are checked too; the first line says what they prove.",
            "Ends with 0 only if all of it holds.",
            "",
            "Example:  reeve audit verify --ledger /mnt/copy/ledger --key ledger.pub"
        })
final class AuditVerify implements Checked {
    private static final int MOST_CHECKPOINT_BYTES = 64 << 10;

    @Mixin
    private HomeOptions home = new HomeOptions();

    @Mixin
    private LedgerCopyOption copy = new LedgerCopyOption();

    @Option(
            names = "--exported",
            paramLabel = "DIR",
            description = "a folder that `reeve audit export` wrote, or any other log in tlog-tiles of this key")
    private @Nullable Path exported;

    @Option(
            names = "--kept",
            paramLabel = "FILE",
            description = "with --exported: a checkpoint that you kept; the record must still hold what it covers")
    private @Nullable Path kept;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description = {
                "a checkpoint that you kept of a ledger that you verified then: only what is newer is read, and it is proven",
                "that it goes on from there. `reeve audit checkpoint > FILE` keeps one"
            })
    private @Nullable Path from;

    @Option(
            names = "--resume",
            paramLabel = "FILE",
            description = {
                "keeps in FILE how far it got, and goes on from there if FILE is there: for long ones that may be interrupted.",
                "Deleted when all of it holds. Only this user's, for this folder and these keys, while its files stay as they are"
            })
    private @Nullable Path resume;

    @Mixin
    private LedgerKeyOption key = new LedgerKeyOption();

    @Mixin
    private WitnessOptions witnesses = new WitnessOptions();

    @Option(names = "--json", description = "one object")
    private boolean json;

    @Override
    public int run() throws CommandException, IOException {
        if ((exported != null && copy.given().isPresent())
                || (exported == null && kept != null)
                || (exported != null && from != null)
                || (resume != null && from != null)) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--ledger and --exported exclude each other, --kept goes with --exported, --from with a ledger and"
                            + " without --resume");
        }
        // An exported folder needs no installation either, if the key is given.
        LedgerSource source = LedgerSource.of(home, exported == null ? copy.given() : Optional.of(exported), key);
        Optional<Checkpoint> before = kept == null ? Optional.empty() : Optional.of(kept(kept, source));
        Proven proven = WitnessOptions.proven(
                witnesses.given(),
                exported == null
                        ? LedgerVerifier.cosigned(source.folder(), source.key())
                        : TilesVerifier.checkpoint(exported, source.key()));
        if (!json) {
            System.out.println(Screen.escape(proven.line()));
        }
        Optional<ResumeFile> state = resume == null
                ? Optional.empty()
                : Optional.of(ResumeFile.open(resume, home.home().keysOfUser(), source, exported != null));
        RecordCheck records = from != null
                ? RecordCheck.fromWithin()
                : state.map(ResumeFile::records).orElseGet(RecordCheck::new);
        Verification found;
        try (ProgressBar bar = ProgressBar.onTerminal(!json)) {
            found = state.isPresent() ? state.get().verify(source, before, bar) : verify(source, before, records, bar);
        }
        return tell(found, records.open(), proven);
    }

    private Verification verify(LedgerSource source, Optional<Checkpoint> before, LeafCheck check, Progress progress)
            throws CommandException, IOException {
        if (exported != null) {
            return TilesVerifier.verify(exported, source.key(), before, check, progress);
        }
        return from == null
                ? LedgerVerifier.verify(source.folder(), source.key(), check, progress)
                : LedgerVerifier.verifyFrom(source.folder(), source.key(), note(from), check, progress);
    }

    private static String note(Path file) throws CommandException, IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > MOST_CHECKPOINT_BYTES) {
            throw new CommandException(ExitCodes.USAGE, "there is no checkpoint `" + file + "`");
        }
        return Files.readString(file);
    }

    private static Checkpoint kept(Path file, LedgerSource source) throws CommandException, IOException {
        return Checkpoint.open(note(file), source.key(), source.folder())
                .orElseThrow(() -> new CommandException(
                        ExitCodes.USAGE,
                        "`" + file + "` is no checkpoint that " + source.key().algorithms() + " of `"
                                + source.key().name() + "` signed"));
    }

    private int tell(Verification found, int open, Proven proven) {
        return switch (found) {
            case Verification.Holds ignored
            when !proven.enough() ->
                broken(new Verification.Broken(-1, "the entries hold, but " + proven.line(), "checkpoint"));
            case Verification.Holds holds -> holds(holds, open, proven.line());
            case Verification.Broken broken -> broken(broken);
        };
    }

    /** @param proven what stands in place of that no witness has signed */
    private int holds(Verification.Holds holds, int open, String proven) {
        List<String> warnings = holds.warnings().stream()
                .filter(warning -> !warning.equals(LedgerVerifier.UNWITNESSED))
                .toList();
        if (json) {
            System.out.println(JsonWriter.text(Json.object()
                    .put("holds", true)
                    .put("records", holds.entries())
                    .put("signed", holds.size())
                    .put("root", holds.root())
                    .put("signatures", Json.Arr.ofStrings(holds.signatures()))
                    .put("intents_without_outcome", open)
                    .put(
                            "warnings",
                            Json.Arr.ofStrings(Stream.concat(Stream.of(proven), warnings.stream())
                                    .toList()))
                    .build()));
        } else {
            System.out.println(
                    "holds: " + holds.entries() + " records, " + holds.size() + " signed, root " + holds.root());
            System.out.println("signatures checked: " + String.join(", ", holds.signatures()));
            warnings.forEach(warning -> System.out.println("warning: " + warning));
            if (open > 0) {
                System.out.println("warning: " + open
                        + " intents have no outcome: they run now, or the process was killed and not started again");
            }
        }
        return ExitCodes.OK;
    }

    private int broken(Verification.Broken broken) {
        if (json) {
            System.out.println(EventText.json(Json.object()
                    .put("holds", false)
                    .put("record", broken.index())
                    .put("problem", broken.what())
                    .put("where", broken.where())
                    .build()));
        } else {
            // What was found may be quoted, and somebody else may have written it.
            System.out.println(Screen.escape("DOES NOT HOLD: "
                    + (broken.index() < 0 ? "" : "record " + broken.index() + ": ") + broken.what() + " ("
                    + broken.where() + ")"));
        }
        return ExitCodes.FAILED;
    }
}
