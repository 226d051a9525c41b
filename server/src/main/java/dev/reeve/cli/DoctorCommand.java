package dev.reeve.cli;

import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code reeve doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Looks at the installation: files, folders, permissions, the process. Changes nothing.",
        footer = {"", "Example:  reeve doctor --home my-company"})
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private HomeOptions home = new HomeOptions();

    @Option(names = "--json", description = "print what was found as JSON")
    private boolean json;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() {
        List<Examination.Finding> findings = Examination.of(home.home());
        boolean failed = findings.stream().anyMatch(finding -> finding.grade() == Examination.Grade.FAIL);
        if (spec == null) {
            throw new IllegalStateException("picocli did not set the command up");
        }
        if (json) {
            spec.commandLine().getOut().println(JsonWriter.text(json(findings, !failed)));
            spec.commandLine().getOut().flush();
        } else {
            Screen screen = Screen.on(spec.commandLine().getOut());
            findings.forEach(finding -> print(screen, finding));
        }
        return failed ? ExitCodes.FAILED : ExitCodes.OK;
    }

    private static void print(Screen screen, Examination.Finding finding) {
        String line = finding.what() + ": " + finding.found();
        switch (finding.grade()) {
            case OK -> screen.good("ok    " + line);
            case WARN -> screen.warning("warn  " + line);
            case FAIL -> screen.bad("FAIL  " + line);
        }
        if (!finding.fix().isEmpty()) {
            screen.line("      " + finding.fix());
        }
    }

    private static Json.Obj json(List<Examination.Finding> findings, boolean healthy) {
        List<Json> items = findings.stream()
                .<Json>map(finding -> Json.object()
                        .put("what", finding.what())
                        .put("grade", finding.grade().name().toLowerCase(Locale.ROOT))
                        .put("found", finding.found())
                        .put("fix", finding.fix())
                        .build())
                .toList();
        return Json.object()
                .put("healthy", healthy)
                .put("findings", new Json.Arr(items))
                .build();
    }
}
