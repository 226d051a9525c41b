package dev.reeve.packages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reeve.child.ChildLimits;
import dev.reeve.child.Command;
import dev.reeve.child.Confinement;
import dev.reeve.gate.UnrecordableException;
import dev.reeve.identity.Principal;
import dev.reeve.upstream.LaunchRefusedException;
import dev.reeve.upstream.UpstreamLimits;
import dev.reeve.upstream.UpstreamSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackagesTest {
    @TempDir
    Path folder;

    private final List<String> acts = new ArrayList<>();
    private Path modules = Path.of("/");

    @BeforeEach
    void aPackageIsInstalled() throws IOException {
        modules = Files.createDirectories(folder.toRealPath().resolve("app/node_modules"));
        write(
                "@acme/mail/package.json",
                "{\"name\":\"@acme/mail\",\"version\":\"1.0.0\",\"bin\":{\"mail-server\":\"x.js\"}}");
        write("@acme/mail/x.js", "serve()");
        write("left-pad/index.js", "pad()");
    }

    private void write(String name, String text) throws IOException {
        Path file = modules.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Packages packages() {
        return new Packages(
                folder.resolve("data"),
                folder.resolve("keys"),
                folder.resolve("home"),
                (person, act, upstream, difference) -> acts.add(person + " " + act + " " + upstream + " "
                        + difference.string("version").orElse("?")),
                System.getenv());
    }

    private static UpstreamSettings.Stdio starts(boolean confined, String... argv) {
        return new UpstreamSettings.Stdio(
                "mail",
                Principal.DEFAULT_TENANT,
                false,
                UpstreamLimits.USUAL,
                Optional.empty(),
                List.of(argv),
                Path.of("/"),
                Map.of(),
                confined ? Optional.of(new Confinement(List.of(), List.of(), ChildLimits.USUAL)) : Optional.empty());
    }

    private UpstreamSettings.Stdio node() {
        return starts(true, "node", modules.resolve("@acme/mail/x.js").toString());
    }

    private static String refused(Packages packages, UpstreamSettings.Stdio settings) {
        return String.valueOf(assertThrows(LaunchRefusedException.class, () -> packages.of(settings))
                .getMessage());
    }

    @Test
    void thePackageIsPinnedAtItsFirstStartAndThenStartsAsLongAsItIsTheSame() throws IOException {
        Command command = packages().of(node());
        assertEquals(node().argv(), command.argv());
        assertEquals(List.of("reeve package_pinned mail 1.0.0"), acts);
        packages().of(node());
        assertEquals(1, acts.size());
    }

    @Test
    void aChangedFileOfADependencyHoldsItUntilExactlyThatIsApproved() throws IOException {
        Packages packages = packages();
        packages.of(node());
        write("left-pad/index.js", "steal()");
        write("left-pad/new.js", "");
        String held = refused(packages, node());
        assertTrue(
                held.contains(
                        "`@acme/mail` 1.0.0, the same version with other files: 1 files changed, 1 added, 0 removed"),
                held);
        assertTrue(held.contains("`reeve upstreams approve mail`"), held);
        PackageDrift drift = packages.waiting().getFirst();
        assertEquals(List.of("~ left-pad/index.js", "+ left-pad/new.js"), drift.lines());

        write("left-pad/new.js", "worse()");
        assertFalse(
                packages.approve(node(), drift.digest(), "ana", Optional.empty()), "it is not what was seen any more");
        refused(packages, node());
        assertTrue(packages.approve(node(), packages.waiting().getFirst().digest(), "ana", Optional.empty()));
        assertEquals("ana package_approved mail 1.0.0", acts.getLast());
        assertEquals(List.of(), packages.waiting());
        packages.of(node());
        packages().of(node());
    }

    @Test
    void aNewVersionIsShownAsOne() throws IOException {
        Packages packages = packages();
        packages.of(node());
        write("@acme/mail/package.json", "{\"version\":\"1.1.0\"}");
        assertTrue(refused(packages, node()).contains("`@acme/mail` 1.0.0 -> 1.1.0: 1 files changed"));
    }

    @Test
    void lookingFindsADifferenceBeforeTheNextStartAndPinsNothing() throws IOException {
        Packages packages = packages();
        packages.look(node());
        assertEquals(List.of(), acts);
        packages.of(node());
        write("left-pad/index.js", "steal()");
        packages.look(node());
        assertEquals(
                List.of("~ left-pad/index.js"), packages.waiting().getFirst().lines());
    }

    @Test
    void whatIsPutBackStartsAgain() throws IOException {
        Packages packages = packages();
        packages.of(node());
        write("left-pad/index.js", "steal()");
        refused(packages, node());
        write("left-pad/index.js", "pad()");
        packages.of(node());
        assertEquals(List.of(), packages.waiting());
    }

    @Test
    void aPinThatWasAlteredStartsNothing() throws IOException {
        packages().of(node());
        Path pin;
        try (var all = Files.walk(folder.resolve("keys"))) {
            pin = all.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        Files.writeString(pin, Files.readString(pin).replace("left-pad/index.js", "left-pad/other.js"));
        IOException refused = assertThrows(IOException.class, () -> packages().of(node()));
        assertTrue(String.valueOf(refused.getMessage()).contains("was altered"), refused.getMessage());
    }

    @Test
    void whatCannotBeRecordedIsNotPinned() {
        Packages packages = new Packages(
                folder.resolve("data"),
                folder.resolve("keys"),
                folder.resolve("home"),
                (person, act, upstream, difference) -> {
                    throw new UnrecordableException("disk full");
                },
                System.getenv());
        assertTrue(refused(packages, node()).contains("cannot be recorded: disk full"));
        assertFalse(Files.exists(folder.resolve("keys")));
    }

    @Test
    void whatNpxWouldFetchRunsFromWhereItWasInstalledOrNotAtAll() throws IOException {
        UpstreamSettings.Stdio npx = starts(true, "npx", "-y", "@acme/mail@^1", "--verbose");
        assertTrue(refused(packages(), npx).contains("install it with `reeve upstreams install mail`"));
        Path servers = Files.createDirectories(folder.toRealPath().resolve("data/servers"));
        Files.move(modules.getParent(), servers.resolve("mail"));
        Path bin = Files.createDirectories(servers.resolve("mail/node_modules/.bin"));
        Files.createSymbolicLink(bin.resolve("mail-server"), Path.of("../@acme/mail/x.js"));
        Command command = packages().of(npx);
        Path script = servers.resolve("mail/node_modules/@acme/mail/x.js");
        assertEquals(List.of("node", script.toString(), "--verbose"), command.argv());
        assertEquals(
                List.of(new Confinement.Folder(servers.resolve("mail"), false)),
                command.confinement().orElseThrow().folders());
        assertEquals(List.of("reeve package_pinned mail 1.0.0"), acts);
    }

    @Test
    void anUnconfinedNpxFetchesWhatItLikesAsTheOperatorWrote() throws IOException {
        UpstreamSettings.Stdio npx = starts(false, "npx", "-y", "@acme/mail");
        assertEquals(npx.argv(), packages().of(npx).argv());
        assertEquals(List.of(), acts);
    }

    @Test
    void whatPythonWouldSkipInAFolderOfNpmIsPinnedToo() throws IOException {
        write("left-pad/__pycache__/x.js", "pad()");
        write("left-pad/__pycache__/x.pyc", "pad()");
        Packages packages = packages();
        packages.of(node());
        write("left-pad/__pycache__/x.js", "steal()");
        write("left-pad/__pycache__/x.pyc", "steal()");
        refused(packages, node());
        assertEquals(
                List.of("~ left-pad/__pycache__/x.js", "~ left-pad/__pycache__/x.pyc"),
                packages.waiting().getFirst().lines());
    }

    @Test
    void aFolderThatIsItselfALinkIsPinnedByItsFiles() throws IOException {
        Path app = Files.createDirectories(folder.toRealPath().resolve("other"));
        Files.createSymbolicLink(app.resolve("node_modules"), modules);
        UpstreamSettings.Stdio linked =
                starts(true, "node", app.resolve("node_modules/@acme/mail/x.js").toString());
        Packages packages = packages();
        packages.of(linked);
        write("left-pad/index.js", "steal()");
        assertTrue(refused(packages, linked).contains("1 files changed"));
    }

    /** As `npm link` makes them: the code behind could change, and the pin would not. */
    @Test
    void aLinkThatLeavesTheFolderStartsNothing() throws IOException {
        Path elsewhere = Files.createDirectories(folder.toRealPath().resolve("elsewhere"));
        Path link = modules.resolve("linked");
        for (Path target : List.of(elsewhere, Path.of("../../elsewhere"), Path.of("../../not-there-yet"))) {
            Files.createSymbolicLink(link, target);
            String refused = refused(packages(), node());
            assertTrue(refused.contains("`linked` in `" + modules + "` is a link to `"), refused);
            assertTrue(refused.contains("npm install --install-links"), refused);
            Files.delete(link);
        }
        Files.createSymbolicLink(link, Path.of("left-pad"));
        Files.createSymbolicLink(modules.resolve("to-come"), Path.of("left-pad/to-come.js"));
        packages().of(node());
        assertEquals(List.of("reeve package_pinned mail 1.0.0"), acts);
    }

    @Test
    void aPythonEnvironmentIsPinnedWithoutItsCaches() throws IOException {
        Path venv = Files.createDirectories(folder.toRealPath().resolve("venv"));
        Path library = Files.createDirectories(venv.resolve("lib/python3.12/site-packages"));
        Files.createDirectories(library.resolve("mail_server-2.0.dist-info"));
        Files.createDirectories(library.resolve("mail_server/__pycache__"));
        Files.writeString(library.resolve("mail_server/__init__.py"), "pass");
        Files.writeString(venv.resolve("pyvenv.cfg"), "home = /usr/bin");
        Path python = Files.createDirectories(venv.resolve("bin")).resolve("python");
        Files.createSymbolicLink(python, Path.of("/bin/sh"));
        UpstreamSettings.Stdio module = starts(true, python.toString(), "-m", "mail_server");
        Packages packages = packages();
        assertTrue(packages.of(module).environment().containsKey("PYTHONPYCACHEPREFIX"));
        assertEquals(List.of("reeve package_pinned mail 2.0"), acts);
        Files.writeString(library.resolve("mail_server/__pycache__/x.pyc"), "cached");
        packages.of(module);
        Files.writeString(library.resolve("mail_server/__pycache__/x.py"), "not compiled");
        Files.writeString(library.resolve("mail_server/__init__.py"), "import os");
        assertTrue(refused(packages, module).contains("1 files changed, 1 added"), refused(packages, module));
        Path mine = Files.createSymbolicLink(library.resolve("mine.py"), folder.resolve("mine.py"));
        assertTrue(refused(packages, module).contains("`lib/python3.12/site-packages/mine.py`"));
        Files.delete(mine);
        Files.createSymbolicLink(venv.resolve("bin/mail-server"), Path.of("/bin/sh"));
        assertTrue(refused(packages, module).contains("`bin/mail-server`"));
    }

    @Test
    void commandLinesThatFetchAreReadLikeNpxAndUvxReadThem() {
        Packaged npx = Packaged.of(List.of("/usr/bin/npx", "--yes", "--package=@a/b@1.2", "run", "-x"))
                .orElseThrow();
        assertEquals(new Packaged(Packaged.Kind.NPM, "@a/b@1.2", Optional.of("run"), List.of("-x")), npx);
        assertEquals("@a/b", npx.name());
        Packaged uvx =
                Packaged.of(List.of("uvx", "mcp-server[extra]==1.0", "--a")).orElseThrow();
        assertEquals(new Packaged(Packaged.Kind.PYPI, "mcp-server[extra]==1.0", Optional.empty(), List.of("--a")), uvx);
        assertEquals("mcp-server", uvx.name());
        assertEquals(
                Optional.of("run"),
                Packaged.of(List.of("uv", "tool", "run", "--from", "x", "run")).flatMap(Packaged::command));
        for (List<String> other : List.of(
                List.of("node", "x.js"),
                List.of("npx", "--call", "x"),
                List.of("npx", "-y"),
                List.of("uv", "run", "x"))) {
            assertEquals(Optional.empty(), Packaged.of(other), other.toString());
        }
    }

    @Test
    void installingSaysItsCommandsAndRunsNoScripts() {
        PackageInstall npm = PackageInstall.of(folder, "mail", List.of("npx", "-y", "@acme/mail@1"));
        assertTrue(npm.commands().getFirst().containsAll(List.of("npm", "--ignore-scripts", "--", "@acme/mail@1")));
        PackageInstall pip = PackageInstall.of(folder, "mail", List.of("uvx", "mail"));
        assertTrue(pip.commands().getLast().containsAll(List.of("--only-binary", ":all:", "mail")));
        IllegalArgumentException nothing = assertThrows(
                IllegalArgumentException.class, () -> PackageInstall.of(folder, "mail", List.of("node", "x.js")));
        assertTrue(String.valueOf(nothing.getMessage()).contains("fetches nothing"));
    }
}
