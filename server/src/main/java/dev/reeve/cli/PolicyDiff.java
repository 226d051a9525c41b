package dev.reeve.cli;

import dev.reeve.config.PolicySet;
import dev.reeve.connect.UnifiedDiff;
import dev.reeve.json.Json;
import dev.reeve.policy.Widening;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reeve policy diff}: what an edit changes, and by what of it more may be allowed (R27). */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = "Shows what changes between two policies, and which of it may allow more.",
        footer = {
            "",
            "Named are versions by their first characters, or by number (#3). Without names: from what is in force to the files as",
            "they stand. What is not plainly narrower counts as wider.",
            "Ends with 0, or with 1 if --fail-on-wider is given and something is.",
            "",
            "Example:  reeve policy diff",
            "          reeve policy diff #3 #4"
        })
final class PolicyDiff extends ControlCommand {
    @Parameters(arity = "0..1", index = "0", paramLabel = "FROM", description = "default: what is in force")
    private @Nullable String from;

    @Parameters(arity = "0..1", index = "1", paramLabel = "TO", description = "default: the files as they stand")
    private @Nullable String to;

    @Option(names = "--fail-on-wider", description = "end with 1 if more may be allowed")
    private boolean failOnWider;

    @Override
    int run(Control control, Screen screen) throws CommandException {
        PolicyArchive archive = PolicyArchive.open(home, control);
        try {
            PolicySet before = before(archive);
            PolicySet after = to == null ? PolicyArchive.standing(home.read()) : archive.set(archive.find(to));
            List<Widening> wider = after.widerThan(before);
            if (json) {
                printed(object(before, after, wider));
            } else {
                show(before, after, wider, screen);
            }
            return failOnWider && !wider.isEmpty() ? ExitCodes.FAILED : ExitCodes.OK;
        } catch (IOException e) {
            throw new CommandException(ExitCodes.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private PolicySet before(PolicyArchive archive) throws CommandException, IOException {
        if (from != null) {
            return archive.set(archive.find(from));
        }
        Optional<Json.Obj> last = archive.last();
        return last.isPresent() ? archive.set(last.get()) : PolicySet.EMPTY;
    }

    private void show(PolicySet before, PolicySet after, List<Widening> wider, Screen screen) {
        List<String> differences = differences(before, after);
        if (differences.isEmpty()) {
            note("no difference");
            return;
        }
        differences.forEach(difference -> line().getOut().print(difference));
        if (wider.isEmpty()) {
            screen.good("nothing more is allowed");
        } else {
            screen.warning("may allow more:");
            wider.forEach(one -> screen.line("  " + one));
        }
    }

    /** One a file. What is foreign in it is escaped. */
    static List<String> differences(PolicySet before, PolicySet after) {
        TreeSet<String> names = new TreeSet<>(before.files().keySet());
        names.addAll(after.files().keySet());
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            String was = before.files().getOrDefault(name, "");
            String is = after.files().getOrDefault(name, "");
            if (!was.equals(is)
                    || before.files().containsKey(name) != after.files().containsKey(name)) {
                differences.add(UnifiedDiff.of(name, before.files().containsKey(name), was, is));
            }
        }
        return differences;
    }

    private static Json.Obj object(PolicySet before, PolicySet after, List<Widening> wider) {
        List<Json> listed = new ArrayList<>();
        wider.forEach(one -> listed.add(Json.object()
                .put("file", one.place().file())
                .put("line", one.place().line())
                .put("field", one.field())
                .put("what", one.what())
                .build()));
        return Json.object()
                .put("from", before.version())
                .put("to", after.version())
                .put("differences", Json.Arr.ofStrings(differences(before, after)))
                .put("wider", new Json.Arr(listed))
                .build();
    }
}
