package dev.reeve.cli;

import dev.reeve.json.Json;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code reeve policy versions}: what was in force, since when, and by whom (R27). */
@Command(
        name = "versions",
        mixinStandardHelpOptions = true,
        description =
                "Lists the policies that were in force: since when, whose edit, who agreed, and which record has the files.",
        footer = {"", "Example:  reeve policy versions"})
final class PolicyHistory extends ControlCommand {
    @Override
    int run(Control control, Screen screen) throws CommandException {
        PolicyArchive archive = PolicyArchive.open(home, control);
        if (json) {
            return printed(Json.object()
                    .put("versions", new Json.Arr(List.copyOf(archive.versions())))
                    .build());
        }
        if (archive.versions().isEmpty()) {
            note("no policy was in force yet");
            return ExitCodes.OK;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "version", "since", "person", "seconded by", "record"));
        for (Json.Obj version : archive.versions()) {
            rows.add(List.of(
                    "#" + PolicyArchive.text(version, "number"),
                    PolicyArchive.brief(version),
                    PolicyArchive.text(version, "since"),
                    PolicyArchive.text(version, "person"),
                    text(version, "seconded_by"),
                    PolicyArchive.text(version, "record")));
        }
        screen.table(rows);
        return ExitCodes.OK;
    }
}
