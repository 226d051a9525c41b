package dev.reeve.child;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a user's home a confined child sees its program, and the folder around it only where that is an interpreter's. */
final class ProgramFoldersTest {
    @TempDir
    private Path folder;

    private Path home = Path.of("/");

    @BeforeEach
    void aHome() throws IOException {
        home = Files.createDirectories(folder.toRealPath().resolve("home/ana"));
    }

    private Path program(String name) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "\0ELF");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private Set<Path> shown(Path program) throws IOException {
        return shown(program, home);
    }

    private static Set<Path> shown(Path program, Path user) throws IOException {
        return ProgramFolders.of(
                program.toString(), Path.of("/"), Map.of("HOME", user.toString(), "PATH", "/usr/bin"), List.of());
    }

    @Test
    void ofAHomeOnlyTheProgramItself() throws IOException {
        for (String name : List.of(
                "Downloads/server",
                "Documents/x.sh",
                ".ssh/run",
                "work/app/bin/srv",
                ".local/bin/srv",
                "bin/srv",
                "go/bin/srv",
                "srv")) {
            Path program = program(name);
            assertEquals(Set.of(program), shown(program), name);
        }
    }

    /** A library of its own makes no interpreter of it. */
    @Test
    void aProjectWithALibraryIsAProject() throws IOException {
        Path program = program("work/app/bin/srv");
        Files.createDirectories(home.resolve("work/app/lib/app"));
        Files.writeString(home.resolve("work/app/.env"), "KEY=1");
        assertEquals(Set.of(program), shown(program));
    }

    @Test
    void ofAnInterpreterAllThatItNeeds() throws IOException {
        Map<String, List<String>> layouts = Map.of(
                ".nvm/versions/node/v22.1.0/bin/node",
                List.of(".nvm/versions/node/v22.1.0", "lib/node_modules/"),
                ".local/share/uv/python/cpython-3.12/bin/python3",
                List.of(".local/share/uv/python/cpython-3.12", "lib/python3.12/"),
                "work/app/.venv/bin/mcp-server",
                List.of("work/app/.venv", "pyvenv.cfg"),
                ".sdkman/candidates/java/25/bin/java",
                List.of(".sdkman/candidates/java/25", "lib/modules"),
                "miniconda3/bin/python",
                List.of("miniconda3", "conda-meta/"),
                ".pyenv/shims/python",
                List.of(".pyenv", "versions/"),
                "work/app/node_modules/.bin/server",
                List.of("work/app/node_modules", "pkg/"));
        for (Map.Entry<String, List<String>> layout : layouts.entrySet()) {
            Path program = program(layout.getKey());
            Path whole = home.resolve(layout.getValue().getFirst());
            String mark = layout.getValue().getLast();
            if (mark.endsWith("/")) {
                Files.createDirectories(whole.resolve(mark));
            } else {
                Files.createDirectories(whole.resolve(mark).getParent());
                Files.writeString(whole.resolve(mark), "");
            }
            assertEquals(Set.of(whole), shown(program), layout.getKey());
        }
    }

    @Test
    void aProjectThatIsItsOwnEnvironmentOrHasModulesIsAProject() throws IOException {
        Path server = program("proj/bin/server");
        Files.writeString(home.resolve("proj/pyvenv.cfg"), "");
        Files.writeString(home.resolve("proj/.env"), "KEY=1");
        assertEquals(Set.of(server), shown(server));
        Path other = program("app/bin/server");
        Files.createDirectories(home.resolve("app/lib/modules"));
        assertEquals(Set.of(other), shown(other));
    }

    @Test
    void ofAPackageThePackagesAroundIt() throws IOException {
        Path script = program(".npm-global/lib/node_modules/pkg/dist/cli.js");
        Path link = Files.createDirectories(home.resolve(".npm-global/bin")).resolve("server");
        Files.createSymbolicLink(link, Path.of("../lib/node_modules/pkg/dist/cli.js"));
        assertEquals(Set.of(link, home.resolve(".npm-global/lib/node_modules")), shown(link));
        assertEquals(Set.of(home.resolve(".npm-global/lib/node_modules")), shown(script));
    }

    /** What a home is reached by does not matter. */
    @Test
    void aHomeBehindALinkIsAHome() throws IOException {
        Path program = program("Downloads/server");
        Path link = Files.createSymbolicLink(folder.resolve("link"), home);
        assertEquals(Set.of(program), shown(program, link));
        assertEquals(Set.of(program, link.resolve("Downloads/server")), shown(link.resolve("Downloads/server"), link));
    }

    @Test
    void elsewhereAProgramsFolderIsItsOwn() throws IOException {
        Path program = program("../../opt/app/bin/srv").normalize();
        assertEquals(Set.of(folder.toRealPath().resolve("opt/app")), shown(program));
    }
}
