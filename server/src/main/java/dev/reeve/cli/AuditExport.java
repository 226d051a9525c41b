package dev.reeve.cli;

import dev.reeve.audit.EventText;
import dev.reeve.export.Format;
import dev.reeve.json.Json;
import dev.reeve.ledger.TileExport;
import dev.reeve.ledger.TileExport.Exported;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve audit export}: the record as files that other people's tools read. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the signed record as static files (C2SP tlog-tiles) that other people's tools verify, or, with --format,",
            "events as other systems read them."
        },
        footer = {
            "",
            "DIR is new, empty, or an earlier export of the same record: then only what is new is added. The process may",
            "run meanwhile. Hidden values (arguments, reasons) are not in DIR, only their commitments; --disclosures writes",
            "those that were not erased into a file of their own. Where witnesses have cosigned, what they have cosigned is",
            "exported, with their signatures.",
            "",
            "Example:  reeve audit export /mnt/auditor/record",
            "          reeve audit export events.csv --format csv --position events.position"
        })
final class AuditExport implements Checked {
    @Mixin
    private HomeOptions home = new HomeOptions();

    @Mixin
    private LedgerKeyOption key = new LedgerKeyOption();

    @Parameters(paramLabel = "DIR", description = "the folder to write")
    private Path to = Path.of("");

    @Mixin
    private LedgerCopyOption copy = new LedgerCopyOption();

    @Option(
            names = "--disclosures",
            paramLabel = "FILE",
            description = "also writes the hidden values, for those who may see them")
    private @Nullable Path disclosures;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "instead of signed files: events as jsonl, csv, ocsf, cef or otel, into the file DIR, or - for standard output")
    private @Nullable String format;

    @Option(
            names = "--position",
            paramLabel = "FILE",
            description =
                    "with --format: go on from the number in this file, and write the next one when all is written")
    private @Nullable Path position;

    @Option(
            names = "--values",
            description =
                    "with --format: also hidden values (arguments, reasons, resources), for those who may see them")
    private boolean values;

    @Option(
            names = "--unwitnessed",
            description = "everything that is signed, also what no witnesses have cosigned yet, where there are some")
    private boolean unwitnessed;

    @Option(names = "--json", description = "one object")
    private boolean json;

    @Override
    public int run() throws CommandException, IOException {
        if (format != null) {
            return new FormattedExport(home, copy.given(), format(format), values)
                    .run(to, Optional.ofNullable(position));
        }
        if (position != null || values) {
            throw new CommandException(ExitCodes.USAGE, "--position and --values go with --format");
        }
        LedgerSource source = LedgerSource.of(home, copy.given(), key);
        if (disclosures != null
                && disclosures
                        .toAbsolutePath()
                        .normalize()
                        .startsWith(to.toAbsolutePath().normalize())) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "the hidden values do not go into DIR, which others may get: name a file elsewhere");
        }
        RecordReader.declare(home, copy.given(), "export", to.toString());
        TileExport.Upto upto = unwitnessed ? TileExport.Upto.SIGNED : TileExport.Upto.COSIGNED;
        Exported exported;
        try (ProgressBar bar = ProgressBar.onTerminal(!json)) {
            exported = TileExport.run(source.folder(), source.key(), to, upto, bar);
        }
        long opened = disclosures == null
                ? 0
                : DisclosureFile.write(source.folder(), exported.checkpoint().size(), disclosures);
        System.out.println(json ? EventText.json(object(exported, opened)) : Screen.escape(text(exported, opened)));
        return ExitCodes.OK;
    }

    private static Format format(String name) throws CommandException {
        return Format.find(name)
                .orElseThrow(() -> new CommandException(
                        ExitCodes.USAGE, "there is no format `" + name + "`; there are jsonl, csv, ocsf, cef, otel"));
    }

    private Json.Obj object(Exported exported, long opened) {
        Json.Builder object = Json.object()
                .put("folder", to.toString())
                .put("origin", exported.checkpoint().origin())
                .put("signed", exported.checkpoint().size())
                .put("root", exported.checkpoint().root())
                .put("new", exported.checkpoint().size() - exported.from())
                .put("files", exported.files());
        return disclosures == null
                ? object.build()
                : object.put("disclosures", opened).build();
    }

    private String text(Exported exported, long opened) {
        String text = "exported: " + exported.checkpoint().size() + " records, "
                + (exported.checkpoint().size() - exported.from()) + " of them new, root "
                + exported.checkpoint().root();
        return disclosures == null ? text : text + "; " + opened + " hidden values in " + disclosures;
    }
}
