package dev.reeve.cli;

import dev.reeve.config.Schemas;
import dev.reeve.json.Json;
import dev.reeve.json.JsonWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code reeve schema}: the JSON Schemas by which editors complete and check the files. */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = "Prints the JSON Schema of a kind of file; without a name, the names.",
        footer = {"", "Example:  reeve schema policies > policies.schema.json"})
final class SchemaCommand implements Checked {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "which")
    private @Nullable String name;

    @Override
    public int run() throws CommandException {
        if (name == null) {
            Schemas.names().forEach(System.out::println);
            return ExitCodes.OK;
        }
        Json.Obj schema = Schemas.of(name)
                .orElseThrow(() -> new CommandException(
                        ExitCodes.USAGE, "there is no such schema; there are " + String.join(", ", Schemas.names())));
        System.out.println(JsonWriter.text(schema));
        return ExitCodes.OK;
    }
}
