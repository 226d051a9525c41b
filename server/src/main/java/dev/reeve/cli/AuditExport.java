package dev.reeve.cli;

import dev.reeve.audit.EventText;
import dev.reeve.json.Json;
import dev.reeve.ledger.TileExport;
import dev.reeve.ledger.TileExport.Exported;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve audit export}: the record as files that other people's tools read. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Writes the signed record as static files (C2SP tlog-tiles) that other people's tools verify.",
        footer = {
            "",
            "DIR is new, empty, or an earlier export of the same record: then only what is new is added. The process may",
            "run meanwhile. Hidden values (arguments, reasons) are not in DIR, only their commitments; --disclosures writes",
            "those that were not erased into a file of their own.",
            "",
            "Example:  reeve audit export /mnt/auditor/record"
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

    @Option(names = "--json", description = "one object")
    private boolean json;

    @Override
    public int run() throws CommandException, IOException {
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
        Exported exported;
        try (ProgressBar bar = ProgressBar.onTerminal(!json)) {
            exported = TileExport.run(source.folder(), source.key(), to, bar);
        }
        long opened = disclosures == null
                ? 0
                : DisclosureFile.write(source.folder(), exported.checkpoint().size(), disclosures);
        System.out.println(json ? EventText.json(object(exported, opened)) : Screen.escape(text(exported, opened)));
        return ExitCodes.OK;
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
