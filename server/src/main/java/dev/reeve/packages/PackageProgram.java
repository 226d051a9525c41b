package dev.reeve.packages;

import dev.reeve.json.Json;
import dev.reeve.upstream.LaunchRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Which program of an installed package is meant: the rules of npx and uvx. */
final class PackageProgram {
    private PackageProgram() {}

    /**
     * @param folder where it is installed, links resolved
     * @throws IOException if there is no such program in it
     */
    static List<String> of(Packaged packaged, Path folder) throws IOException {
        return switch (packaged.kind()) {
            case NPM ->
                List.of("node", npm(packaged, folder.resolve("node_modules")).toString());
            case PYPI -> pypi(packaged, folder.resolve("venv/bin"));
        };
    }

    private static Path npm(Packaged packaged, Path modules) throws IOException {
        String name = packaged.command().orElseGet(() -> usualCommand(packaged.name(), modules));
        return there(modules.resolve(".bin").resolve(name), packaged).toRealPath();
    }

    /** The only one, or the one that is called as the package is. */
    private static String usualCommand(String name, Path modules) {
        String own = name.substring(name.indexOf('/') + 1);
        Map<String, Json> commands = Installed.description(modules.resolve(name))
                .object("bin")
                .orElse(Json.Obj.EMPTY)
                .members();
        return commands.size() == 1 ? commands.keySet().iterator().next() : own;
    }

    private static List<String> pypi(Packaged packaged, Path bin) throws IOException {
        Path program = there(bin.resolve(packaged.command().orElse(packaged.name())), packaged);
        return List.of(bin.resolve("python").toString(), program.toString());
    }

    private static Path there(Path program, Packaged packaged) throws IOException {
        if (!Files.exists(program)) {
            throw new LaunchRefusedException("the package `" + packaged.spec() + "` has no program `"
                    + program.getFileName() + "`; name the one that is meant, with `-p` (npx) or `--from` (uvx)");
        }
        return program;
    }
}
