package dev.reeve.cli;

import dev.reeve.config.ReeveConfig;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import dev.reeve.policy.ToolSchemas;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code reeve check}: reads all files as {@code serve} would, and tells everything that is wrong with them at once. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Reads reeve.yaml, catalog/ and policies/, and tells all mistakes with file, line and fix.")
final class CheckCommand implements Checked {
    @Mixin
    private HomeOptions home = new HomeOptions();

    @Option(names = "--json", description = "one object with errors and warnings")
    private boolean json;

    @Override
    public int run() throws CommandException {
        ReeveConfig config = home.read();
        Set<String> names = config.upstreams().stream().map(one -> one.name()).collect(Collectors.toSet());
        PolicyRoom.Checked checked = PolicyRoom.check(config.home(), new Unseen(names));
        if (json) {
            System.out.println(JsonWriter.text(Json.object()
                    .put("ok", checked.errors().isEmpty())
                    .put("errors", Json.Arr.ofStrings(checked.errors()))
                    .put("warnings", Json.Arr.ofStrings(checked.warnings()))
                    .build()));
        } else {
            checked.errors().forEach(System.out::println);
            checked.warnings().forEach(System.out::println);
            System.out.println(
                    checked.errors().isEmpty()
                            ? "ok: " + checked.warnings().size() + " warnings"
                            : checked.errors().size() + " errors, "
                                    + checked.warnings().size() + " warnings");
        }
        return checked.errors().isEmpty() ? ExitCodes.OK : ExitCodes.FAILED;
    }

    /** Without the pins: arguments have no types here, which {@code serve} checks when it knows the tools. */
    private record Unseen(Set<String> upstreams) implements ToolSchemas {
        @Override
        public Optional<Json.Obj> inputSchema(String upstream, String tool) {
            return Optional.empty();
        }

        @Override
        public List<String> tools(String upstream) {
            return List.of();
        }
    }
}
